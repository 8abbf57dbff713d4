"""The pipeline for one reader: what the address asks for, opportunities by stage, what was won and whether it came."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.text import Contains, Fold, tokens
from customers.services.owners import assignable_people
from playbooks.models import Opportunity
from playbooks.opportunities.querysets import PATIENCE, OpportunityQuerySet
from workspace.work.files import money
from workspace.work.picks import pick

PER_PAGE = 40
ON_BOARD = 60  # of a stage
DECIDED_DAYS = 365
SHOWS = {
    "open": pgettext_lazy("opportunities", "Open"),
    "decided": pgettext_lazy("opportunities", "Won and lost"),
}
TONES = {
    "spotted": "",
    "qualified": "",
    "proposed": "accent",
    "sales": "yellow",
    "won": "green",
    "lost": "outline",
}
OPEN_STAGES = ("spotted", "qualified", "proposed", "sales")
MINE = "mine"
HEADER = (
    "customer_external_id", "customer", "kind", "title", "mrr", "stage", "expected_on", "owner_email", "sales_email",
    "decided_on", "lost_why", "movement_on", "movement", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Lane:
    """A stage of the pipeline: its opportunities, how many there are and what they would bring, in cents."""

    key: str
    name: str
    rows: list[Any]
    count: int
    mrr: int

    @property
    def tone(self) -> str:
        """The tone of the stage."""
        return TONES[self.key]


class Board:
    """What is asked for, and the answer; what the address says wrongly is as if it were not there."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user, self.today = user, time.today()
        self.show = query.get("show", "") if query.get("show") in SHOWS else "open"
        self.as_lanes = query.get("as") == "board" and self.show == "open"
        self.text = query.get("q", "")[:120].strip()
        self.number = query.get("page", "1")
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)
        people = [(MINE, _("My opportunities")), *((p.pk, p.name or p.email) for p in assignable_people())]
        is_open = self.show == "open"
        stages = [one for one in Opportunity.Stage.choices if (one[0] in OPEN_STAGES) == is_open]
        self.stage = pick(query, "stage", _("Stage"), stages)
        self.kind = pick(query, "kind", _("Kind"), Opportunity.Kind.choices)
        self.owner = pick(query, "owner", _("Owner"), people)
        self.came = pick(query, "came", _("In the MRR"), [("no", _("Won, but nothing came"))])
        self.picks = [self.stage, self.kind, self.owner, *([self.came] if self.show == "decided" else [])]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search keeps of the address."""
        return [("show", self.show), *([("as", "board")] if self.as_lanes else [])]

    @property
    def shows(self) -> list[tuple[str, Any, bool]]:
        """Open opportunities, or decided ones."""
        return [(key, name, key == self.show) for key, name in SHOWS.items()]

    @property
    def _since(self) -> dt.date:
        return self.today - dt.timedelta(days=DECIDED_DAYS)

    @property
    def _visible(self) -> OpportunityQuerySet:
        rows: OpportunityQuerySet = Opportunity.objects.visible_to(self.user)
        return rows

    @property
    def _decided(self) -> OpportunityQuerySet:
        return self._visible.decided(self._since, self.today)

    @property
    def rows(self) -> QuerySet[Any]:
        """Those that match: open ones the next expected first, decided ones the last first."""
        rows = self._visible.open() if self.show == "open" else self._decided
        if self.came.chosen and self.show == "decided":
            rows = rows.without_movement(self.today)
        for one, column in ((self.stage, "stage"), (self.kind, "kind")):
            if one.chosen:
                rows = rows.filter(**{column: one.chosen})
        if self.owner.chosen:
            rows = rows.filter(owner=self.user.pk if self.owner.chosen == MINE else self.owner.chosen)
        for word in tokens(self.text):
            rows = rows.filter(
                Q(Contains(Fold(F("customer__name")), word)) | Q(Contains(Fold(F("title")), word))
            )
        order: tuple[Any, ...] = (F("expected_on").asc(nulls_last=True), "-mrr_cents", "pk")
        told: QuerySet[Any] = rows.select_related("customer", "owner").order_by(
            *(order if self.show == "open" else ("-decided_on", "-pk"))
        )
        return told

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for."""
        return Paginator(self.rows, PER_PAGE).get_page(self.number)

    @property
    def lines(self) -> list[tuple[Any, str, bool]]:
        """The opportunities of the page with their tone, and whether a win has waited too long for its movement."""
        return [(row, TONES[row.stage], missing(row, self.today)) for row in self.page.object_list]

    @cached_property
    def lanes(self) -> list[Lane]:
        """The open ones by stage."""
        rows = list(self.rows[: ON_BOARD * len(OPEN_STAGES)])
        sums = {
            row["stage"]: row
            for row in self.rows.order_by().values("stage").annotate(n=Count("pk"), mrr=Sum("mrr_cents"))
        }
        return [
            Lane(
                key,
                str(Opportunity.Stage(key).label),
                [row for row in rows if row.stage == key][:ON_BOARD],
                sums.get(key, {}).get("n", 0),
                sums.get(key, {}).get("mrr", 0),
            )
            for key in OPEN_STAGES
        ]

    @cached_property
    def sums(self) -> dict[str, Any]:
        """What is open, with sales, won and lost in twelve months, and what of the wins came; money in cents."""
        won = Q(stage="won")
        found: dict[str, Any] = self._visible.open().aggregate(
            n=Count("pk"), total=Sum("mrr_cents"), sales=Count("pk", filter=Q(stage="sales"))
        )
        found |= self._decided.aggregate(
            won=Count("pk", filter=won),
            won_mrr=Sum("mrr_cents", filter=won),
            lost=Count("pk", filter=Q(stage="lost")),
            missing=Count("pk", filter=won & Q(movement_on=None, decided_on__lt=self.today - PATIENCE)),
        )
        came = self._decided.filter(stage="won", movement_on__isnull=False).order_by()
        found["came"] = sum(
            row[2] for row in came.values_list("customer", "movement_on", "movement_cents").distinct()
        )
        decided = found["won"] + found["lost"]
        return found | {"rate": found["won"] / decided if decided else None}

    def file(self) -> Iterator[list[str]]:
        """Yield the rows that match as the file has them."""
        for row in self.rows.iterator(chunk_size=500):
            yield [
                row.customer.external_id,
                row.customer.name,
                row.kind,
                row.title,
                money(row.mrr_cents),
                row.stage,
                row.expected_on.isoformat() if row.expected_on else "",
                row.owner.email if row.owner else "",
                row.sales_email,
                row.decided_on.isoformat() if row.decided_on else "",
                row.lost_why,
                row.movement_on.isoformat() if row.movement_on else "",
                money(row.movement_cents),
                row.note,
            ]


def missing(row: Opportunity, today: dt.date) -> bool:
    """Tell whether a win has waited too long for its movement of the MRR."""
    decided = row.decided_on
    return (
        row.stage == "won" and row.movement_on is None and decided is not None and decided < today - PATIENCE
    )


def of_customer(customer_id: int, today: dt.date) -> list[tuple[Opportunity, str, bool]]:
    """Return a customer's opportunities, the open ones first."""
    order = (F("decided_on").desc(nulls_first=True), "-pk")
    rows = Opportunity.objects.filter(customer=customer_id).order_by(*order)[:8]
    return [(row, TONES[row.stage], missing(row, today)) for row in rows]
