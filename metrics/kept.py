"""Readings of closed windows, kept while nothing they rest on changes: boards look at them again and again.

A book of all customers or one slice depends on its nights' rows alone, so the state of those nights (how many are
done, when the last was finished or restated) names what was read; cut by owner, people's e-mails do too. Other cuts
read live names, and like books of some customers only they are not kept.

What is read from facts themselves (tickets, answers, contracts) is kept until the next event: every change of facts
emits one in its own transaction. Where reading takes long, at sizes at which something changes all the time, the same
answer is given for some minutes all the same; the page tells of the last finished night anyway.
"""

import datetime as dt
import time as clock
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple
from zlib import crc32

from django.core.cache import cache
from django.db.models import Max

from accounts.models import User
from core import time
from core.models import Event, WorkState
from metrics.book import Books, read
from metrics.cohorts import cohorts
from metrics.day_books import day_books
from metrics.families import Reader, Readings
from metrics.models import Night
from metrics.periods import Period
from metrics.slices import Only

KEPT_SECONDS = 3600
DEAR_SECONDS = 0.5  # reading that takes longer is done anew at most every
DEAR_KEPT = dt.timedelta(minutes=5)
KEPT_CUTS = (None, "segment", "stage", "owner")


def books_of(periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Books:
    """Return the books of periods: of single days from what was told of them, others read or as kept."""
    if by not in KEPT_CUTS or only.among is not None:
        return read(periods, by, only, as_of)
    told = day_books(periods, by, only)
    rest = [period for period in periods if period not in told]
    people = _people() if by == "owner" else ""
    names = (
        {_name(period, by, only, f"{stamp}{people}"): period for period, stamp in _stamps(rest)}
        if rest
        else {}
    )
    kept = cache.get_many(names)
    missing = [period for name, period in names.items() if name not in kept]
    found = read(missing, by, only, as_of) if missing else {}
    fresh = {
        name: {key: book for key, book in found.items() if key[0] == period}
        for name, period in names.items()
        if name not in kept
    }
    cache.set_many(fresh, KEPT_SECONDS)
    all_of_them = [*told.values(), *kept.values(), *fresh.values()]
    return {key: book for books in all_of_them for key, book in books.items()}


def cohorts_of(first: dt.date, end: dt.date, only: Only) -> dict[str, Any]:
    """Return the cohorts of the months from `first` to `end`, read or as kept."""
    if only.among is not None:
        return cohorts(first=first, end=end, only=only)
    stamp = next(iter(_stamps([Period(first, end)])))[1]
    name = f"cohorts:{first}:{end}:{only.name}:{stamp}"
    kept: dict[str, Any] | None = cache.get(name)
    if kept is None:
        kept = cohorts(first=first, end=end, only=only)
        cache.set(name, kept, KEPT_SECONDS)
    return kept


def latest_event() -> int:
    """Return the number of the newest event, 0 before the first: the state of all facts."""
    return Event.objects.aggregate(latest=Max("pk"))["latest"] or 0


def kept_reader(family: str, read: Reader, event: int) -> Reader:
    """Return the reader of a family that rests on facts, giving what it read before while it may."""
    return partial(_facts_of, family, read, event)


def _facts_of(
    family: str,
    read: Reader,
    event: int,
    periods: Sequence[Period],
    by: str | None,
    only: Only,
    as_of: dt.date,
) -> Readings:
    if by not in (*KEPT_CUTS, "member") or only.among is not None:
        return read(periods, by, only, as_of)
    people = _people() if by == "owner" else ""
    names = {f"{family}:{one.first}:{one.end}:{by or ''}:{only.name}:{as_of}{people}": one for one in periods}
    kept = {name: entry for name, entry in cache.get_many(names).items() if _holds(entry, event)}
    missing = [period for name, period in names.items() if name not in kept]
    fresh = {}
    if missing:
        began = clock.perf_counter()
        found = read(missing, by, only, as_of)
        seconds = clock.perf_counter() - began
        fresh = {
            name: _Entry(
                event, time.now(), seconds, {key: one for key, one in found.items() if key[0] == period}
            )
            for name, period in names.items()
            if name not in kept
        }
        cache.set_many(fresh, KEPT_SECONDS)
    return {key: one for entry in [*kept.values(), *fresh.values()] for key, one in entry.readings.items()}


class _Entry(NamedTuple):
    """What was read after which event, when, and how long that took for all that was read together."""

    event: int
    at: dt.datetime
    seconds: float
    readings: Readings


def _holds(entry: _Entry, event: int) -> bool:
    return entry.event == event or (
        entry.seconds > DEAR_SECONDS and dt.timedelta(0) <= time.now() - entry.at < DEAR_KEPT
    )


def _stamps(periods: Sequence[Period]) -> Iterable[tuple[Period, str]]:
    """Yield each period with the state of its nights."""
    first, end = min(one.first for one in periods), max(one.end for one in periods)
    found = Night.objects.filter(day__gte=first, day__lt=end, state=WorkState.DONE).values_list(
        "day", "finished_at", "restated_at"
    )
    nights = [
        (day, max(finished, restated or finished))
        for day, finished, restated in found
        if finished is not None
    ]
    for period in periods:
        changed = [at for day, at in nights if period.first <= day < period.end]
        yield period, f"{len(changed)}-{max(changed).isoformat() if changed else ''}"


def _people() -> str:
    """Return a sign that changes when anybody's e-mail does."""
    told = ",".join(f"{pk}:{email}" for pk, email in User.objects.order_by("pk").values_list("pk", "email"))
    return f":{crc32(told.encode())}"


def _name(period: Period, by: str | None, only: Only, stamp: str) -> str:
    return f"book:{period.first}:{period.end}:{by or ''}:{only.name}:{stamp}"
