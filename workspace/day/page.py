"""My day as a page: for a person's own customers, or for all it may see (`?scope=team`)."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext

from accounts.models import User
from accounts.permissions import Perm
from core import time
from customers.models import Customer
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay
from metrics.nights import last_finished_day
from playbooks.models import Task
from playbooks.services.notices import wish_of
from workspace.day.attention import Attention, attention
from workspace.renewals.board import of_keys
from workspace.tasks.desk import ORDER, with_counts

TASKS = 8
RENEWALS = 12
MOVERS = 3
WEEK = dt.timedelta(days=7)
AHEAD = dt.timedelta(days=90)
SCOPES = ("mine", "team")


class MyDay:
    """What the page shows; a fixed number of queries, however many customers there are."""

    def __init__(self, user: User, params: Mapping[str, Any]) -> None:
        self.user = user
        self.today = time.today()
        self.night = last_finished_day()
        self.scope = scope_of(user, params)
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)
        self.is_manager = user.may(Perm.CUSTOMERS_MANAGE)

    @property
    def greeting(self) -> str:
        """Say good morning, afternoon or evening by the workspace's clock."""
        hour = time.now().astimezone(time.workspace_zone()).hour
        name = (self.user.name or self.user.email).split(" ")[0]
        if hour < 12:
            return gettext("Good morning, %(name)s") % {"name": name}
        if hour < 18:
            return gettext("Good afternoon, %(name)s") % {"name": name}
        return gettext("Good evening, %(name)s") % {"name": name}

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """Whose customers can be looked at."""
        return [("mine", gettext("My customers")), ("team", gettext("Team"))]

    @cached_property
    def customers(self) -> QuerySet[Customer]:
        """The customers the page is about."""
        seen = Customer.objects.visible_to(self.user).present()
        return seen.owned_by(self.user) if self.scope == "mine" else seen

    @cached_property
    def _attention(self) -> tuple[list[Attention], int, int]:
        if self.night is None:
            return [], 0, 0
        return attention(self.customers, self.night, self.today, most=wish_of(self.user).capacity)

    @property
    def attention(self) -> list[Attention]:
        """The customers that need attention, cut to what can be done today."""
        return self._attention[0]

    @property
    def waiting(self) -> int:
        """How many customers have an alert."""
        return self._attention[1]

    @property
    def waiting_mrr(self) -> int:
        """Their MRR in cents."""
        return self._attention[2]

    @cached_property
    def _rows(self) -> QuerySet[Any]:
        night = self.night or self.today  # of today there are no rows yet
        health = HealthDay.objects.filter(day=night, customer=OuterRef("customer"))
        rows: QuerySet[Any] = CustomerDay.objects.filter(day=night, customer__in=self.customers)
        told: QuerySet[Any] = rows.annotate(
            score=Subquery(health.values("score")[:1]), band=Subquery(health.values("band")[:1])
        )
        return told

    @cached_property
    def mix(self) -> list[dict[str, Any]]:
        """Paying customers and their MRR by band, the healthy first."""
        rows = self._rows.filter(mrr_cents__gt=0).values("band").order_by("band")
        found = {Band(row["band"] or 0): row for row in rows.annotate(n=Count("pk"), mrr=Sum("mrr_cents"))}
        order = (Band.GREEN, Band.YELLOW, Band.RED, Band.UNKNOWN)
        return [
            {"band": band.key, "n": found[band]["n"], "mrr": found[band]["mrr"]}
            for band in order
            if band in found
        ]

    @property
    def mrr(self) -> int:
        """The MRR of the page's customers, in cents."""
        return sum(part["mrr"] for part in self.mix)

    @property
    def paying(self) -> int:
        """How many of them pay."""
        return sum(part["n"] for part in self.mix)

    @property
    def at_risk(self) -> int:
        """The MRR of those in red, in cents."""
        return sum(part["mrr"] for part in self.mix if part["band"] == "red")

    @cached_property
    def renewals(self) -> list[dict[str, Any]]:
        """The renewals of the next 90 days, the earliest first."""
        due = self._due.select_related("customer").order_by("renewal_on", "customer_id")
        rows = list(due[:RENEWALS])
        said = of_keys([(row.customer_id, row.renewal_on) for row in rows])
        return [
            {
                "row": row,
                "score": _points(row.score),
                "band": Band(row.band or 0).key,
                "said": said.get((row.customer_id, row.renewal_on)),
            }
            for row in rows
        ]

    @cached_property
    def renewals_sum(self) -> dict[str, Any]:
        """How many renewals there are in 90 days, and their value and that of those in red, in cents."""
        return self._due.aggregate(
            n=Count("pk"),
            value=Sum("renewal_value_cents"),
            red=Count("pk", filter=Q(band=Band.RED)),
            red_value=Sum("renewal_value_cents", filter=Q(band=Band.RED)),
        )

    @property
    def _due(self) -> QuerySet[Any]:
        return self._rows.filter(renewal_on__gte=self.today, renewal_on__lte=self.today + AHEAD)

    @cached_property
    def movers(self) -> list[dict[str, Any]]:
        """Those whose score fell and rose most in a week, at most three each."""
        if self.night is None:
            return []
        before = HealthDay.objects.filter(day=self.night - WEEK, customer=OuterRef("customer"))
        rows = (
            HealthDay.objects.filter(day=self.night, customer__in=self.customers, score__isnull=False)
            .annotate(moved=F("score") - Subquery(before.values("score")[:1]))
            .select_related("customer")
        )
        down = rows.filter(moved__lte=-100).order_by("moved", "customer_id")[:MOVERS]
        up = rows.filter(moved__gte=100).order_by("-moved", "customer_id")[:MOVERS]
        groups = (("arrow-down", gettext("Down"), down), ("arrow-up", gettext("Up"), up))
        found = [
            {
                "icon": icon,
                "name": name,
                "rows": [
                    {
                        "customer": row.customer,
                        "score": _points(row.score),
                        "band": row.band_key,
                        "moved": row.moved / 100,
                    }
                    for row in some
                ],
            }
            for icon, name, some in groups
        ]
        return [group for group in found if group["rows"]]

    @cached_property
    def tasks(self) -> list[Task]:
        """The reader's tasks that are due by today, the oldest first."""
        return list(with_counts(self._tasks_due.order_by(*ORDER))[:TASKS])

    @cached_property
    def tasks_count(self) -> int:
        """How many there are."""
        return self._tasks_due.count()

    @property
    def _tasks_due(self) -> QuerySet[Task]:
        return Task.objects.on_desk_of(self.user, self.today).filter(due_on__lte=self.today)

    @cached_property
    def load(self) -> list[dict[str, Any]]:
        """What each person carries, for managers looking at the team; the fullest desk first."""
        if self.scope != "team" or not self.is_manager or self.night is None:
            return []
        tasks = (
            Task.objects.open()
            .filter(owner=OuterRef("owner_id"))
            .order_by()
            .values("owner")
            .annotate(n=Count("pk"))
        )
        name = User.objects.filter(pk=OuterRef("owner_id"))
        rows = (
            self._rows.filter(mrr_cents__gt=0)
            .values("owner_id")
            .annotate(
                name=Subquery(name.values("name")[:1]),
                customers=Count("pk"),
                mrr=Sum("mrr_cents"),
                red=Sum("mrr_cents", filter=Q(band=Band.RED)),
                tasks=Subquery(tasks.values("n")[:1]),
            )
            .order_by("-mrr")
        )
        found: list[dict[str, Any]] = list(rows)
        return found


def scope_of(user: User, params: Mapping[str, Any]) -> str:
    """Return whose customers are asked for; unasked a manager who looks after none sees the team's."""
    if params.get("scope") in SCOPES:
        return str(params["scope"])
    of_team = user.may(Perm.CUSTOMERS_MANAGE) and not Customer.objects.present().owned_by(user).exists()
    return "team" if of_team else "mine"


def _points(score: int | None) -> float | None:
    return None if score is None else score / 100
