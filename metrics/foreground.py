"""A night by hand: the same steps that the workers do, here and now, until the asked days are done."""

import time as clock
from collections.abc import Callable
from datetime import date, timedelta

from core import time
from core.models import WorkState
from metrics import nights, refill, shards, stages
from metrics.models import Night, NightShard
from metrics.rollup import ROLL_UP, roll_up
from metrics.scope import cell

Progress = Callable[[int, int], None]
WAIT_SECONDS = 0.5  # until asking again whether another worker is through


def run_days(first: date, last: date, progress: Progress) -> None:
    """Run the nights of `[first, last]`, both included and closed; those that are done are computed again in place.

    `progress` is told how many of how many nights are done. Raises StageFailed naming the step.
    """
    days = time.days(first, last + timedelta(days=1))
    span = {"day__gte": first, "day__lte": last}
    again = list(
        Night.objects.filter(**span, state=WorkState.DONE).order_by("day").values_list("day", flat=True)
    )
    nights.open_nights(days)
    _finish_shards(first, last, progress)
    if nights.last_closed_day() in again:
        stages.apply_rules(nights.last_closed_day())
    for low in nights.cells() if again else []:
        with stages.step(ROLL_UP):
            roll_up(again, cell(low))
        refill.recompute(again, cell(low))
    progress(len(days), len(days))


def _finish_shards(first: date, last: date, progress: Progress) -> None:
    """Work on the shards of these days, also on those that somebody holds: he may be dead.

    If he is not, a day is computed twice, one after the other, with the same result.
    """
    asked = NightShard.objects.filter(night__day__gte=first, night__day__lte=last)
    nights_asked = Night.objects.filter(day__gte=first, day__lte=last)
    total = nights_asked.count()
    asked.exclude(state=WorkState.DONE).update(state=WorkState.WAITING, due_at=time.now(), leased_until=None)
    nights_asked.exclude(state=WorkState.DONE).update(failed_step="", error="")
    while (unfinished := nights_asked.exclude(state=WorkState.DONE).count()) or asked.exclude(
        state=WorkState.DONE
    ).exists():
        progress(total - unfinished, total)
        worked = shards.work(asked)
        failed = nights_asked.exclude(failed_step="").first()
        if failed is not None:
            raise stages.StageFailed(failed.failed_step, failed.error)
        if not worked and not nights.close_finished():  # somebody else took some in the meantime
            clock.sleep(WAIT_SECONDS)
