"""Books of closed windows, kept while none of their nights changes: boards look at the same months again and again.

A book of all customers or one segment depends on its nights' rows alone, so the state of those nights (how many are
done, when the last was finished or restated) names what was read. Cuts that read live names, and books of some
customers only, are not kept.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.cache import cache

from core.models import WorkState
from metrics.book import Books, read
from metrics.models import Night
from metrics.periods import Period
from metrics.slices import Only

KEPT_SECONDS = 3600
KEPT_CUTS = (None, "segment", "stage")


def books_of(periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Books:
    """Return the books of periods, read or as kept, in at most two statements."""
    if by not in KEPT_CUTS or only.among is not None:
        return read(periods, by, only, as_of)
    names = {_name(period, by, only, stamp): period for period, stamp in _stamps(periods)}
    kept = cache.get_many(names)
    missing = [period for name, period in names.items() if name not in kept]
    found = read(missing, by, only, as_of) if missing else {}
    fresh = {
        name: {key: book for key, book in found.items() if key[0] == period}
        for name, period in names.items()
        if name not in kept
    }
    cache.set_many(fresh, KEPT_SECONDS)
    return {key: book for books in [*kept.values(), *fresh.values()] for key, book in books.items()}


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


def _name(period: Period, by: str | None, only: Only, stamp: str) -> str:
    return f"book:{period.first}:{period.end}:{by or ''}:{only.segment or ''}:{stamp}"
