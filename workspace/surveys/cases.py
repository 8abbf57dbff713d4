"""Low answers and what was done about them, in time by the calendar and by working hours."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from core import time
from customers.models import Customer
from surveys.models import LoopCase

DAYS = 90


@dataclass(frozen=True)
class InTime:
    """How many of the cases due in the last 90 days were closed in time, on both clocks."""

    due: int
    in_time: int
    due_working: int
    in_working_time: int
    helped_yes: int
    asked: int

    @property
    def share(self) -> float | None:
        """Closed in time by the calendar, None of nothing."""
        return self.in_time / self.due if self.due else None

    @property
    def working_share(self) -> float | None:
        """Closed in time by working hours, None of nothing."""
        return self.in_working_time / self.due_working if self.due_working else None


def cases_of(user: User, which: str, *, mine: bool) -> QuerySet[LoopCase]:
    """Return cases a person may see: `open` (soonest due first), `late` or `closed` ones (newest first)."""
    rows = LoopCase.objects.filter(customer__in=Customer.objects.visible_to(user).order_by().values("pk"))
    if mine:
        rows = rows.filter(owner=user)
    rows = rows.select_related("response__contact", "customer", "owner", "closed_by")
    if which == "closed":
        return rows.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    rows = rows.filter(closed_at=None)
    return rows.filter(due_at__lt=time.now()) if which == "late" else rows


def in_time(user: User, now: dt.datetime) -> InTime:
    """Return the share closed in time; a case not due yet counts once it is closed or its time is over."""
    rows = LoopCase.objects.filter(
        customer__in=Customer.objects.visible_to(user).order_by().values("pk"),
        opened_at__gte=now - dt.timedelta(days=DAYS),
    )
    over, over_working = (
        Q(closed_at__isnull=False) | Q(**{f"{field}__lt": now}) for field in ("due_at", "due_working_at")
    )
    told = rows.aggregate(
        due=Count("pk", filter=over),
        in_time=Count("pk", filter=Q(closed_at__lte=F("due_at"))),
        due_working=Count("pk", filter=over_working & Q(due_working_at__isnull=False)),
        in_working_time=Count("pk", filter=Q(closed_at__lte=F("due_working_at"))),
        helped_yes=Count("pk", filter=Q(helped=True)),
        asked=Count("pk", filter=Q(helped__isnull=False)),
    )
    return InTime(**told)
