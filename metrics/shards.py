"""Work on a night: a shard is one cell of customers on one day; a worker takes days of a cell in a row together."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db.models import QuerySet

from core import time
from core.models import WorkState
from metrics.models import Night, NightShard
from metrics.nights import close_finished
from metrics.scope import Scope
from metrics.stages import StageFailed, compute

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=10)
AT_ONCE = 64
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


def due() -> bool:
    """Tell whether a shard waits for a worker."""
    return NightShard.objects.claimable(time.now()).exists()


def work(among: QuerySet[NightShard] | None = None) -> int:
    """Claim the newest days of one cell that are free, compute them, close the nights that are thereby done.

    Returns how many shards were done or failed; 0: nothing was free. A failure stays on the shard and its night, with
    the step's name, and is tried again after a pause that grows.
    """
    shards = claim(NightShard.objects.all() if among is None else among)
    if not shards:
        return 0
    _compute(shards)
    close_finished()
    return len(shards)


def claim(among: QuerySet[NightShard]) -> list[NightShard]:
    """Take up to `AT_ONCE` free shards of one cell, those of the newest nights; two workers never take the same."""
    at = time.now()
    free = among.filter(pk__in=NightShard.objects.claimable(at).values("pk")).order_by("-night__day", "low")
    newest = free.first()
    if newest is None:
        return []
    keys = list(free.filter(low=newest.low).values_list("pk", flat=True)[:AT_ONCE])
    won = NightShard.objects.all().take(keys, lease=LEASE, at=at)
    return list(NightShard.objects.filter(pk__in=won).select_related("night").order_by("night__day"))


def _compute(shards: Sequence[NightShard]) -> None:
    scope = Scope(shards[0].low, shards[0].high)
    try:
        compute([shard.night.day for shard in shards], scope)
    except StageFailed as failure:
        if len(shards) > 1:  # one bad day must not hold up the others
            for shard in shards:
                _compute([shard])
        else:
            _failed(shards[0], failure)
        return
    NightShard.objects.filter(pk__in=[shard.pk for shard in shards]).update(
        state=WorkState.DONE, finished_at=time.now(), leased_until=None, error=""
    )


def _failed(shard: NightShard, failure: StageFailed) -> None:
    log.error("Step %s failed in the %s", failure.name, shard, exc_info=failure)
    pause = PAUSES[min(shard.attempts, len(PAUSES)) - 1]
    NightShard.objects.filter(pk=shard.pk).update(
        state=WorkState.WAITING, due_at=time.now() + pause, leased_until=None, error=failure.reason
    )
    Night.objects.filter(pk=shard.night_id).update(failed_step=failure.name, error=failure.reason)
