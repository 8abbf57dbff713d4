"""When the rows of a day were published, and that they changed since: marked in the transaction that changes them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Case, F, Value, When

from core.models import WorkState
from metrics.models import Night
from metrics.periods import Period

COMPARED = dt.timedelta(days=30)  # lists show changes since the day so long before


def rows_changed(days: Iterable[dt.date], *, at: dt.datetime) -> None:
    """Note that rows of these days were made or changed; call it at the end of the transaction that did so.

    A night that was done is thereby restated. In any case what is told of the day as a whole is due again, and so are
    the lists that show the day or compare with it. The rows of the nights are locked in order, and until the
    transaction ends: whoever tells a day next has seen the change.
    """
    touched = set(days)
    if not touched:
        return
    listing = touched | {day + COMPARED for day in touched}
    nights = Night.objects.filter(day__in=listing).order_by("day").select_for_update()
    found = dict(nights.values_list("pk", "day"))
    Night.objects.filter(pk__in=list(found)).update(listed_at=None, unlisted=F("unlisted") + 1)
    Night.objects.filter(pk__in=[pk for pk, day in found.items() if day in touched]).update(
        told_at=None,
        checked_at=None,
        restated_at=Case(When(state=WorkState.DONE, then=Value(at)), default=F("restated_at")),
    )


def first_told(
    periods: Sequence[Period], *, as_of: dt.date | None = None
) -> Mapping[Period, dt.datetime | None]:
    """Return when each period could first be told: when the last of its nights was finished; None: not yet.

    With `as_of` not before that day's night was finished: what its reader saw the morning after.
    """
    if not periods:
        return {}
    first, end = min(one.first for one in periods), max(one.end for one in periods)
    done = Night.objects.filter(finished_at__isnull=False)
    nights = list(done.filter(day__gte=first, day__lt=end).values_list("day", "finished_at"))
    looked = done.filter(day=as_of).values_list("finished_at", flat=True).first() if as_of else None
    found: dict[Period, dt.datetime | None] = {}
    for period in periods:
        moments = [at for day, at in nights if at and period.first <= day < period.end]
        found[period] = max([*moments, looked] if looked else moments) if moments else None
    return found


def restated(periods: Sequence[Period]) -> Mapping[Period, dt.datetime | None]:
    """Return when rows of each period last changed after it was first told; None: never."""
    if not periods:
        return {}
    told = first_told(periods)
    first, end = min(one.first for one in periods), max(one.end for one in periods)
    nights = list(
        Night.objects.filter(day__gte=first, day__lt=end, restated_at__isnull=False).values_list(
            "day", "restated_at"
        )
    )
    found: dict[Period, dt.datetime | None] = {}
    for period in periods:
        since = told[period]
        moments = [
            at for day, at in nights if at and since and period.first <= day < period.end and at > since
        ]
        found[period] = max(moments, default=None)
    return found
