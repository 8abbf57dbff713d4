"""Late facts: a fact dated before the last night makes the days it touches stale, to be refilled."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, DateTimeField, Max, Min, QuerySet, Value

from core import bells, time
from core.insert_select import insert_select
from core.models import Event, WorkState
from customers.models import Customer, Subscription
from metrics.models import Night, StaleSpan, UsageRolled
from metrics.scope import cell_of

USAGE_REACH = dt.timedelta(days=59)  # a day's usage counts in the usage trend of this many later days


@dataclass(frozen=True)
class Late:
    """The days of one customer that a late fact touches: `first` to `last`, both included.

    `last` None: every day from `first` on (a fact that lasts: a subscription, an owner, a payment).
    """

    customer_id: int
    first: dt.date
    last: dt.date | None = None


def mark_stale(late: Iterable[Late], *, reason: str) -> int:
    """Mark days as stale, inside the transaction that writes the late facts; return how many spans that made.

    Set-based: one read and one bulk insert for any number of customers. Days whose night was not opened yet
    need no mark and are left out, so it may be called for every fact, late or not. `reason` is a short word for
    the log such as `subscription`. For raw usage call `mark_usage_stale`, which also knows how far it reaches.
    """
    newest = Night.objects.aggregate(newest=Max("day"))["newest"]
    if newest is None:
        return 0
    spans = [
        StaleSpan(customer_id=row.customer_id, first=row.first, last=row.last, reason=reason[:60])
        for row in late
        if row.first <= newest
    ]
    if not spans:
        return 0
    StaleSpan.objects.bulk_create(spans, batch_size=1000)
    bells.ring("stale days")
    return len(spans)


def mark_usage_stale(late: Iterable[Late]) -> int:
    """Mark days to which raw usage was added late (or from which it was taken); `first … last` are the usage's days.

    One `Late` per customer with its first and last day is enough. Takes the roll-up marks of those days away too.
    """
    rows = list(late)
    if not rows:
        return 0
    by_cell: dict[int, list[Late]] = {}
    for row in rows:
        by_cell.setdefault(cell_of(row.customer_id), []).append(row)
    for cell, of_cell in by_cell.items():
        UsageRolled.objects.filter(
            cell=cell,
            day__gte=min(row.first for row in of_cell),
            day__lte=max(row.last or dt.date.max for row in of_cell),
        ).delete()
    return mark_stale(
        (Late(row.customer_id, row.first, row.last + USAGE_REACH if row.last else None) for row in rows),
        reason="usage",
    )


def mark_ends_stale(*, reason: str) -> int:
    """Mark every customer's days from the first end of a subscription on; return how many customers have one.

    For a change of how long a subscription counts after its end: no day before depends on it. Two statements,
    inside the transaction of the change.
    """
    newest = Night.objects.aggregate(newest=Max("day"))["newest"]
    if newest is None:
        return 0
    rows = (
        Subscription.objects.filter(ends_on__lte=newest)
        .values("customer_id")
        .annotate(from_day=Min("ends_on"))
    )
    return _insert(rows, customer="customer_id", reason=reason)


def mark_all_stale(*, first: dt.date, reason: str) -> int:
    """Mark every customer's days from `first` on; return how many customers there are. Two statements."""
    newest = Night.objects.aggregate(newest=Max("day"))["newest"]
    if newest is None or first > newest:
        return 0
    rows = Customer.objects.order_by().values("pk").annotate(from_day=Value(first, DateField()))
    return _insert(rows, customer="pk", reason=reason)


def _insert(rows: QuerySet[Any, Any], *, customer: str, reason: str) -> int:
    """Write a span for each row, from its `from_day` on, of the customer in its column `customer`; ring."""
    now = Value(time.now(), DateTimeField())
    same = {
        "reason": Value(reason),
        "state": Value(WorkState.WAITING),
        "attempts": Value(0),
        "error": Value(""),
    }
    fields = {"customer": customer, "first": "from_day", "due_at": "due", "created_at": "created"}
    waiting = rows.annotate(**same, due=now, created=now)
    marked = insert_select(StaleSpan, waiting, fields | {name: name for name in same})
    bells.ring("stale days")
    return marked


def hear_workspace_changed(events: list[Event]) -> None:
    """Restate history where a setting changed that it was computed with: the grace days."""
    if any("grace_days" in event.payload["fields"] for event in events):
        mark_ends_stale(reason="grace days")


def hear_facts_changed(events: list[Event]) -> None:
    """Mark what events of the kind `fact.changed` say: `customer_id` and, in the payload, `first` and `last`."""
    late = [
        Late(
            event.customer_id,
            dt.date.fromisoformat(event.payload["first"]),
            dt.date.fromisoformat(event.payload["last"]) if event.payload.get("last") else None,
        )
        for event in events
        if event.customer_id is not None
    ]
    mark_stale(late, reason=str(events[0].payload.get("what", "fact")) if events else "fact")
