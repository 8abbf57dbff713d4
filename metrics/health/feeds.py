"""Since when tickets and usage are kept here at all, so that none can be told from not known."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Min

from core import time
from customers.models import Ticket
from metrics.models import HealthDay, HealthFeed, UsageEvent
from metrics.staleness import mark_all_stale

TICKETS, USAGE = HealthFeed.Kind.TICKETS, HealthFeed.Kind.USAGE
SETTLED = dt.timedelta(days=29)  # so long after the first usage a customer without any is known to have none


def since() -> Mapping[str, dt.date]:
    """Return kind → the first day of which we know, as scores are computed by it."""
    return dict(HealthFeed.objects.values_list("kind", "since"))


@transaction.atomic
def notice() -> bool:
    """Compare with the facts; where their first day is another one now, keep it and mark the scores since as stale."""
    known, found = since(), _found()
    if known == found:
        return False
    for kind in {*known, *found}:
        before, after = known.get(kind), found.get(kind)
        if before == after:
            continue
        if after is None:
            HealthFeed.objects.filter(kind=kind).delete()
        else:
            HealthFeed.objects.update_or_create(kind=kind, defaults={"since": after})
        first = min(day for day in (before, after) if day)
        if HealthDay.objects.filter(day__gte=first).exists():
            mark_all_stale(first=first, reason=f"first {kind}")
    return True


def _found() -> dict[str, dt.date]:
    ticket = Ticket.objects.aggregate(at=Min("opened_at"))["at"]
    usage = UsageEvent.objects.aggregate(day=Min("day"))["day"]
    found = {TICKETS.value: time.local_day(ticket) if ticket else None, USAGE.value: usage}
    return {kind: day for kind, day in found.items() if day is not None}
