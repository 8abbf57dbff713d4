"""After the nights: what follows from a finished or restated day as a whole (`config/pipeline.py`, kind `telling`)."""

from collections.abc import Callable
from dataclasses import dataclass

from metrics import chi, figure_days, listing, months, snapshots, verdicts
from metrics.health import moves


@dataclass(frozen=True)
class Step:
    """A thing to be done: `due` tells cheaply whether it is; `do` does a share and returns how much that was."""

    due: Callable[[], bool]
    do: Callable[[], int]


# In this order; the next step is begun when nothing is left of the one before.
STEPS = (
    Step(listing.due, lambda: listing.list_newest() or 1),
    Step(snapshots.due, lambda: len(snapshots.tell_days())),
    Step(moves.due, moves.find),
    Step(verdicts.due, verdicts.check_days),
    Step(figure_days.due, figure_days.tell_figures),
    Step(chi.due, chi.keep_one),
    Step(lambda: bool(months.due_months()), months.publish_due),
)


def due() -> bool:
    """Tell whether something waits to be done."""
    return any(step.due() for step in STEPS)


def work() -> int:
    """Do a share of the first step that is due; return how much was done."""
    for step in STEPS:
        if step.due():
            return step.do()
    return 0
