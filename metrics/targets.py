"""What figures should be: of a figure's targets for a slice the one in force is the first due on or after a day."""

from collections.abc import Sequence
from fractions import Fraction

from metrics.models import Target
from metrics.periods import Period
from metrics.registry import FIGURES, Unit


class Targets:
    """The targets of some periods, read once."""

    def __init__(self, periods: Sequence[Period]) -> None:
        earliest = min((period.last for period in periods), default=None)
        self._latest_first = (
            list(Target.objects.filter(due_on__gte=earliest).order_by("-due_on")) if earliest else []
        )

    def in_force(self, slice_: str, period: Period) -> dict[str, Fraction]:
        """Return by figure what it should be: the first target due on the last day of the period or after it.

        `slice_` is written as in `Target.slice`; money is in cents.
        """
        found: dict[str, Fraction] = {}
        for target in self._latest_first:
            if target.slice == slice_ and target.due_on >= period.last and target.key in FIGURES:
                inside = 100 if FIGURES[target.key].unit is Unit.MONEY else 1
                found[target.key] = Fraction(target.value) * inside
        return found
