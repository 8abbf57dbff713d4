"""When a customer moves from one stage to the next by date. Pure; `stage_query.py` says the same in SQL.

A customer without a stage begins in onboarding when it started fewer than 90 days ago (or as many as the
first rule that leads out of onboarding says), else in ongoing. A stage that a file gave stays until a file
or a person changes it. A person's move holds: from then on only rules that count from the day the
stage was entered move the customer, never those that count from its start or go by a fact.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

ONBOARDING, ONGOING = "onboarding", "ongoing"
ONBOARDING_DAYS = 90
DATED = ("entered", "started")  # the bases that are dates; the others are facts


@dataclass(frozen=True)
class StageMove:
    """From a stage to another: `days` after it was entered or the customer started, or by a fact of so many days."""

    from_stage: str
    to_stage: str
    basis: str
    days: int


def onboarding_days(moves: Iterable[StageMove]) -> int:
    """Return how long onboarding lasts for a customer that comes without a stage."""
    dated = (move for move in moves if move.from_stage == ONBOARDING and move.basis in DATED)
    return next((move.days for move in dated), ONBOARDING_DAYS)


def initial_stage(*, started_on: dt.date | None, day: dt.date, lasts: int) -> tuple[str, dt.date | None]:
    """Return the stage of a customer that comes without one, and since when (None: not known).

    A customer whose start is not known counts as starting on `day`.
    """
    if started_on is None or started_on > day - dt.timedelta(days=lasts):
        return ONBOARDING, min(started_on or day, day)
    return ONGOING, None


def next_stage(
    *,
    stage: str,
    decided_by: str,
    since: dt.date | None,
    started_on: dt.date | None,
    moves: Iterable[StageMove],
    day: dt.date,
    facts: Collection[tuple[str, int]] = (),
) -> str:
    """Return the stage the first fitting rule moves a customer to on a day, or the one it is in.

    `facts` are the bases, with their days, that hold for the customer.
    """
    if decided_by == "file":
        return stage
    for move in moves:
        if move.from_stage != stage or (move.basis != "entered" and decided_by == "hand"):
            continue
        if move.basis not in DATED:
            if (move.basis, move.days) in facts:
                return move.to_stage
            continue
        base = started_on if move.basis == "started" else since or started_on
        if base is not None and base <= day - dt.timedelta(days=move.days):
            return move.to_stage
    return stage
