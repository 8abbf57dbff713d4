"""When a change of a figure is sudden: pure calculation of METRICS.md's rule. It imports no model.

A change counts as sudden when it lies beyond three robust deviations of at least sixty earlier changes of its own, is
larger than its margin of error, and is worth at least one per cent of the MRR or five customers. Figures that never
moved have no deviation, and so nothing to be sudden against.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

LEAST_HISTORY = 60
BEYOND = 3.0
NORMAL = 1.4826  # makes the median absolute deviation of a normal distribution its standard deviation
LEAST_SHARE_OF_MRR = 0.01
LEAST_CUSTOMERS = 5.0


class WorthOf(StrEnum):
    """What a change is measured by: a share of the MRR, or customers (of answers and tickets: cases)."""

    MRR = "mrr"
    CUSTOMERS = "customers"


@dataclass(frozen=True)
class Worth:
    """What a change stands for."""

    of: WorthOf
    amount: float

    @property
    def enough(self) -> bool:
        """Whether it is worth telling somebody."""
        return self.amount >= self._least

    @property
    def weight(self) -> float:
        """How many times it is what is worth telling, so that both kinds can be compared."""
        return self.amount / self._least

    @property
    def _least(self) -> float:
        return LEAST_SHARE_OF_MRR if self.of is WorthOf.MRR else LEAST_CUSTOMERS


@dataclass(frozen=True)
class Sudden:
    """A sudden change: what is usual of the figure, and how many robust deviations it lies beyond that."""

    centre: float
    deviation: float
    beyond: float


def deviation(changes: Sequence[float]) -> tuple[float, float]:
    """Return the median of changes and their robust deviation, 1.4826 × the median absolute deviation."""
    centre = median(changes)
    return centre, NORMAL * median(abs(change - centre) for change in changes)


def sudden(
    change: float, history: Sequence[float], *, margin: float | None, worth: Worth | None
) -> Sudden | None:
    """Return how sudden a change is against earlier changes of the same figure, None when it is not.

    `margin` is half the margin of error of the change, None where it has none; `worth` None: it cannot be said.
    """
    if len(history) < LEAST_HISTORY or worth is None or not worth.enough:
        return None
    centre, usual = deviation(history)
    if usual <= 0 or (margin is not None and abs(change) <= margin):
        return None
    beyond = abs(change - centre) / usual
    return Sudden(centre, usual, beyond) if beyond > BEYOND else None
