"""The executive view: what is open with the money behind it, the gravest first, and what was closed and learned."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.text import Contains, Fold, tokens
from metrics.models import CustomerDay
from metrics.nights import last_finished_day
from playbooks.models import Escalation
from workspace.work.picks import pick

PER_PAGE = 40
CLOSED_DAYS = 365
SHOWS = {"open": pgettext_lazy("escalations", "Open"), "closed": pgettext_lazy("escalations", "Closed")}
TONES = {1: "", 2: "yellow", 3: "red", 4: "red"}


class Board:
    """What is asked for, and the answer; what the address says wrongly is as if it were not there."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user, self.today, self.night = user, time.today(), last_finished_day()
        self.show = query.get("show", "") if query.get("show") in SHOWS else "open"
        self.text = query.get("q", "")[:120].strip()
        self.number = query.get("page", "1")
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)
        self.severity = pick(query, "severity", _("Severity"), Escalation.Severity.choices)
        self.cause = pick(query, "cause", _("Cause"), Escalation.Cause.choices)
        self.picks = [self.severity, self.cause]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search keeps of the address."""
        return [("show", self.show)]

    @property
    def shows(self) -> list[tuple[str, Any, bool]]:
        """Open escalations, or closed ones."""
        return [(key, name, key == self.show) for key, name in SHOWS.items()]

    @property
    def _visible(self) -> QuerySet[Any]:
        night = self.night or self.today  # of today there are no rows yet
        days = CustomerDay.objects.filter(day=night, customer=OuterRef("customer"))
        rows: QuerySet[Any] = Escalation.objects.visible_to(self.user)
        told: QuerySet[Any] = rows.annotate(mrr=Subquery(days.values("mrr_cents")[:1]))
        return told

    @property
    def rows(self) -> QuerySet[Any]:
        """Those that match: open ones the gravest first, closed ones the last first."""
        rows = self._visible
        since = self.today - dt.timedelta(days=CLOSED_DAYS)
        rows = rows.filter(closed_on=None) if self.show == "open" else rows.filter(closed_on__gte=since)
        for one, column in ((self.severity, "severity"), (self.cause, "cause")):
            if one.chosen:
                rows = rows.filter(**{column: one.chosen})
        for word in tokens(self.text):
            rows = rows.filter(
                Q(Contains(Fold(F("customer__name")), word)) | Q(Contains(Fold(F("title")), word))
            )
        order = ("-severity", "opened_on", "pk") if self.show == "open" else ("-closed_on", "-pk")
        return rows.select_related("customer", "owner").order_by(*order)

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for."""
        return Paginator(self.rows, PER_PAGE).get_page(self.number)

    @property
    def lines(self) -> list[tuple[Any, str, int]]:
        """The escalations of the page with their tone and how many days they are, or were, open."""
        return [
            (row, TONES[row.severity], ((row.closed_on or self.today) - row.opened_on).days)
            for row in self.page.object_list
        ]

    @cached_property
    def sums(self) -> dict[str, Any]:
        """How many are open, grave and late, and the MRR of their customers, each counted once."""
        rows = Escalation.objects.visible_to(self.user).open()
        found: dict[str, Any] = rows.aggregate(
            n=Count("pk"),
            grave=Count("pk", filter=Q(severity__gte=Escalation.Severity.HIGH)),
            late=Count("pk", filter=Q(due_on__lt=self.today)),
        )
        days = CustomerDay.objects.filter(day=self.night or self.today, customer__in=rows.values("customer"))
        return found | {"mrr": days.aggregate(mrr=Sum("mrr_cents"))["mrr"] or 0}
