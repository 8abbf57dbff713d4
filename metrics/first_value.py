"""First value: which events and milestones mark it, and when a customer reached it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Min

from accounts.audit import record
from accounts.models import User
from customers.models import Customer, Milestone, Product
from metrics.models import FirstValueSign, UsageDay

SEEN_WITHIN_DAYS = 30


def signs() -> set[tuple[str, str]]:
    """Return what counts as first value: (kind, name) with kind `event` or `milestone`."""
    return set(FirstValueSign.objects.values_list("kind", "name"))


def candidates(today: dt.date) -> list[tuple[str, str]]:
    """Return the events and milestones one may choose from: those sold, seen lately, or chosen already."""
    since = today - dt.timedelta(days=SEEN_WITHIN_DAYS)
    events = set(Product.objects.exclude(event="").values_list("event", flat=True))
    events |= set(UsageDay.objects.filter(day__gte=since).values_list("feature", flat=True).distinct())
    milestones = set(Milestone.objects.values_list("milestone", flat=True).distinct())
    found = {("event", name) for name in events} | {("milestone", name) for name in milestones}
    return sorted(found | signs(), key=lambda sign: (sign[0] != "milestone", sign[1].casefold()))


@transaction.atomic
def first_value_set(*, actor: User, chosen: Iterable[tuple[str, str]]) -> None:
    """Replace what counts as first value; one audit row says what it was and is."""
    before, after = signs(), set(chosen)
    if before == after:
        return
    for kind, name in before - after:
        FirstValueSign.objects.filter(kind=kind, name=name).delete()
    FirstValueSign.objects.bulk_create(
        FirstValueSign(kind=kind, name=name) for kind, name in sorted(after - before)
    )
    record(
        actor=actor,
        action="first_value.changed",
        subject=("first_value", "all"),
        changes={"signs": (_readable(before), _readable(after))},
    )


def reached_on(customer: Customer, start: dt.date, until: dt.date) -> dt.date | None:
    """Return the first day from `start` to `until` on which the customer showed a first-value sign, None: not yet.

    The definition is METRICS.md's `ttfv`, for one customer.
    """
    chosen = signs()
    events = [name for kind, name in chosen if kind == "event"]
    milestones = [name for kind, name in chosen if kind == "milestone"]
    used = UsageDay.objects.filter(customer=customer, feature__in=events, day__range=(start, until))
    reached = Milestone.objects.filter(
        customer=customer, milestone__in=milestones, reached_on__range=(start, until)
    )
    days = [used.aggregate(first=Min("day"))["first"], reached.aggregate(first=Min("reached_on"))["first"]]
    return min((day for day in days if day is not None), default=None)


def _readable(chosen: set[tuple[str, str]]) -> list[str]:
    return [f"{kind}: {name}" for kind, name in sorted(chosen)]
