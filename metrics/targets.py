"""What figures should be: of a figure's targets for a slice the one in force is the first due on or after a day."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from metrics import figures  # noqa: F401 - registers them
from metrics.aim import Aim
from metrics.models import Target
from metrics.periods import Period
from metrics.registry import FIGURES, Number, Unit

PLACES = Decimal("0.000001")


class Targets:
    """The targets of some periods, read once."""

    def __init__(self, periods: Sequence[Period]) -> None:
        earliest = min((period.last for period in periods), default=None)
        self._latest_first = (
            list(Target.objects.filter(due_on__gte=earliest).order_by("-due_on")) if earliest else []
        )

    def targets(self, slice_: str, period: Period) -> dict[str, Target]:
        """Return by figure the first target due on the last day of the period or after it, none that was ended by then.

        `slice_` is written as in `Target.slice`.
        """
        return {
            target.key: target
            for target in self._latest_first
            if target.slice == slice_
            and target.due_on >= period.last
            and (target.ended_on is None or target.ended_on > period.last)
            and target.key in FIGURES
        }

    def in_force(self, slice_: str, period: Period) -> dict[str, Fraction]:
        """Return by figure what it should be, as the figure has its values: money in cents."""
        return {key: aim_of(target).value for key, target in self.targets(slice_, period).items()}


def aim_of(target: Target) -> Aim:
    """Return a target with its line, in the unit its figure has inside."""
    return Aim(
        inside(target.key, target.value),
        target.due_on,
        None if target.baseline is None else inside(target.key, target.baseline),
        target.starts_on,
    )


def inside(key: str, value: Decimal) -> Fraction:
    """Return a value as a figure has it: money, which a target holds in whole units, in cents."""
    return Fraction(value) * (100 if FIGURES[key].unit is Unit.MONEY else 1)


def outside(key: str, value: Number) -> Decimal:
    """Return a figure's value as a target holds it, rounded half-even to six places."""
    exact = Fraction(value) / (100 if FIGURES[key].unit is Unit.MONEY else 1)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PLACES)
