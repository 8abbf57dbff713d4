"""The nights: which closed days there are, and when a day is done (`metrics/shards.py`: who works on them).

A `Night` is a row per closed local date, and the first to insert it does it; that also catches up nights that were
missed, and is right across daylight-saving changes. Everything here may be called by any number of processes.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef

from core import bells, time
from core.models import WorkState
from customers.models import Customer, Subscription
from metrics import stages
from metrics.models import Night, NightShard
from metrics.scope import CELL_SIZE, cell, cell_of

log = logging.getLogger(__name__)

LONGEST_BACK = dt.timedelta(days=5 * 366)
BATCH = 500


def last_closed_day() -> dt.date:
    """Return yesterday, in the workspace's time zone."""
    return time.today() - dt.timedelta(days=1)


def last_finished_day() -> dt.date | None:
    """Return the newest day whose night is done, None before the first; pages read that day's rows."""
    day: dt.date | None = Night.objects.filter(state=WorkState.DONE).aggregate(day=Max("day"))["day"]
    return day


def first_day() -> dt.date | None:
    """Return the day of the workspace's first fact, at most five years back; None where there is no customer."""
    customers = Customer.objects.aggregate(written=Min("created_at"), started=Min("started_on"))
    if customers["written"] is None:
        return None
    starts: list[dt.date | None] = [
        time.local_day(customers["written"]),
        customers["started"],
        Subscription.objects.aggregate(day=Min("starts_on"))["day"],
    ]
    return max(min(day for day in starts if day), last_closed_day() - LONGEST_BACK)


def missing_days(first: dt.date, end: dt.date) -> list[dt.date]:
    """Return the days of `[first, end)` without a finished night, but those before the first fact: they are empty."""
    begin = first_day()
    if begin is None:
        begin = time.today()
    done = set(
        Night.objects.filter(day__gte=first, day__lt=end, state=WorkState.DONE).values_list("day", flat=True)
    )
    return [day for day in time.days(max(first, min(begin, end)), end) if day not in done]


def open_nights(days: Sequence[dt.date] | None = None) -> int:
    """Insert the night of every closed day that has none and cut what waits into shards; return how many were new.

    Without `days`: from the first fact to yesterday. Raises StageFailed when the rules fail.
    """
    end = time.today()
    if days is None:
        first = first_day()
        days = time.days(first, end) if first else []
    days = sorted(day for day in days if day < end)
    if days:
        there = set(Night.objects.filter(day__range=(days[0], days[-1])).values_list("day", flat=True))
        days = [day for day in days if day not in there]
        Night.objects.bulk_create([Night(day=day) for day in days], ignore_conflicts=True, batch_size=BATCH)
    prepare()
    bells.ring("nights")
    return len(days)


def prepare() -> None:
    """Cut the nights that wait into shards; before the newest closed day the rules are applied, for it alone.

    Raises StageFailed when a rule fails; the nights then go on waiting.
    """
    waiting = list(Night.objects.filter(state=WorkState.WAITING).order_by("-day"))
    if not waiting:
        return
    if waiting[0].day == last_closed_day():
        _apply_rules(waiting[0])
    lows = cells()
    for start in range(0, len(waiting), BATCH):
        _cut(waiting[start : start + BATCH], lows)
    if not lows:
        close_finished()


def cells() -> list[int]:
    """Return the cells of the grid in which there are customers."""
    ends = Customer.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return []
    return list(range(cell_of(ends["low"]), ends["high"] + 1, CELL_SIZE))


def close_finished() -> int:
    """Close every running night of which no shard is left, by a conditional update; return how many."""
    unfinished = NightShard.objects.filter(night=OuterRef("pk")).exclude(state=WorkState.DONE)
    closed = Night.objects.filter(~Exists(unfinished), state=WorkState.RUNNING).update(
        state=WorkState.DONE, finished_at=time.now(), failed_step="", error=""
    )
    if closed:
        bells.ring("telling")
    return closed


def _apply_rules(night: Night) -> None:
    try:
        stages.apply_rules(night.day)
    except stages.StageFailed as failure:
        log.exception("The %s failed", night)
        Night.objects.filter(pk=night.pk).update(failed_step=failure.name, error=failure.reason)
        raise


def _cut(nights: Sequence[Night], lows: Sequence[int]) -> None:
    with transaction.atomic():
        NightShard.objects.bulk_create(
            [NightShard(night=night, low=low, high=cell(low).high) for night in nights for low in lows],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        Night.objects.filter(pk__in=[night.pk for night in nights], state=WorkState.WAITING).update(
            state=WorkState.RUNNING
        )
