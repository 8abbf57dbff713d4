"""The register for one reader: what the address asks for, the losses and saves, and what they add up to by reason."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.text import Contains, Fold, tokens
from playbooks.losses.querysets import LossQuerySet
from playbooks.models import Loss, LossReason
from workspace.work.files import money
from workspace.work.picks import pick

PER_PAGE = 40
PERIODS = {"90": _("90 days"), "365": _("12 months"), "730": _("24 months")}
NO_REASON = "none"
TONES = {"notice": "yellow", "lost": "red", "saved": "green"}
HEADER = (
    "customer_external_id", "customer", "whole", "state", "noticed_on", "lost_on", "saved_on", "returned_on", "mrr",
    "reason", "tried", "competitor", "comes_back", "note",
)  # fmt: skip


@dataclass(frozen=True)
class ByReason:
    """What a reason cost in the period: lost MRR in cents, its share of all that was lost, saves, returns."""

    name: str
    key: str
    lost: int
    mrr: int
    share: float | None
    saved: int
    returned: int


class Register:
    """What is asked for, and the answer; what the address says wrongly is as if it were not there."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user = user
        self.today = time.today()
        self.period = query.get("period", "") if query.get("period") in PERIODS else "365"
        self.text = query.get("q", "")[:120].strip()
        self.number = query.get("page", "1")
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)
        reasons = [(str(row.pk), str(row)) for row in self.reasons]
        whole = [("whole", _("Whole customer")), ("part", _("Part of it"))]
        self.state = pick(query, "state", _("State"), Loss.State.choices)
        self.size = pick(query, "size", _("Whole or part"), whole)
        self.reason = pick(query, "reason", _("Reason"), [*reasons, (NO_REASON, _("No reason yet"))])
        self.picks = [self.state, self.size, self.reason]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search keeps of the address."""
        return [("period", self.period)]

    @property
    def periods(self) -> list[tuple[str, Any, bool]]:
        """The spans to choose from."""
        return [(key, name, key == self.period) for key, name in PERIODS.items()]

    @cached_property
    def reasons(self) -> list[LossReason]:
        """All reasons, also those put aside."""
        return list(LossReason.objects.all())

    @property
    def since(self) -> dt.date:
        """The first day looked at."""
        return self.today - dt.timedelta(days=int(self.period) - 1)

    @property
    def period_rows(self) -> LossQuerySet:
        """Losses and saves of the period, and every open notice."""
        return Loss.objects.visible_to(self.user).within(self.since, self.today)

    @property
    def rows(self) -> QuerySet[Loss]:
        """Those that match, newest first."""
        rows = self.period_rows
        if self.state.chosen:
            rows = rows.filter(state=self.state.chosen)
        if self.size.chosen:
            rows = rows.filter(whole=self.size.chosen == "whole")
        if self.reason.chosen:
            wanted = None if self.reason.chosen == NO_REASON else int(self.reason.chosen)
            rows = rows.filter(reason=wanted) if wanted else rows.filter(reason__isnull=True)
        for word in tokens(self.text):
            rows = rows.filter(Contains(Fold(F("customer__name")), word))
        return rows.newest_first().select_related("customer", "reason")

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for."""
        return Paginator(self.rows, PER_PAGE).get_page(self.number)

    @property
    def lines(self) -> list[tuple[Loss, str]]:
        """The losses of the page, each with its tone."""
        return [(row, TONES[row.state]) for row in self.page.object_list]

    @cached_property
    def sums(self) -> dict[str, Any]:
        """What the period cost and kept; money in cents. The save rate is None where nobody gave notice."""
        lost, saved, notice = Q(state="lost"), Q(state="saved"), Q(state="notice")
        found: dict[str, Any] = self.period_rows.aggregate(
            firms=Count("pk", filter=lost & Q(whole=True)),
            parts=Count("pk", filter=lost & Q(whole=False)),
            mrr=Sum("mrr_cents", filter=lost),
            saved=Count("pk", filter=saved),
            saved_mrr=Sum("mrr_cents", filter=saved),
            notices=Count("pk", filter=notice),
            at_stake=Sum("mrr_cents", filter=notice),
            announced=Count("pk", filter=lost & Q(noticed_on__isnull=False)),
            unexplained=Count("pk", filter=lost & Q(reason__isnull=True)),
            returned=Count("pk", filter=lost & Q(returned_on__isnull=False)),
        )
        decided = found["saved"] + found["announced"]
        return found | {"decided": decided, "rate": found["saved"] / decided if decided else None}

    @cached_property
    def by_reason(self) -> list[ByReason]:
        """What each reason cost, the dearest first; those without a reason last."""
        lost = Q(state="lost")
        rows = (
            self.period_rows.order_by()
            .values("reason")
            .annotate(
                lost=Count("pk", filter=lost),
                mrr=Sum("mrr_cents", filter=lost),
                saved=Count("pk", filter=Q(state="saved")),
                returned=Count("pk", filter=lost & Q(returned_on__isnull=False)),
            )
        )
        names = {row.pk: str(row) for row in self.reasons}
        total = sum(row["mrr"] or 0 for row in rows)
        told = [
            ByReason(
                name=names.get(row["reason"], str(_("No reason yet"))),
                key=str(row["reason"] or NO_REASON),
                lost=row["lost"],
                mrr=row["mrr"] or 0,
                share=(row["mrr"] or 0) / total if total else None,
                saved=row["saved"],
                returned=row["returned"],
            )
            for row in rows
            if row["lost"] or row["saved"]
        ]
        return sorted(told, key=lambda one: (one.key == NO_REASON, -one.mrr, one.name))

    def file(self) -> Iterator[list[str]]:
        """Yield the rows that match as the file has them."""
        for row in self.rows.iterator(chunk_size=500):
            days = (row.noticed_on, row.lost_on, row.saved_on, row.returned_on)
            yield [
                row.customer.external_id,
                row.customer.name,
                "yes" if row.whole else "no",
                row.state,
                *("" if day is None else day.isoformat() for day in days),
                money(row.mrr_cents),
                "" if row.reason is None else str(row.reason),
                row.tried,
                row.competitor,
                row.comes_back,
                row.note,
            ]


def of_customer(customer_id: int) -> list[tuple[Loss, str]]:
    """Return a customer's losses and saves, newest first, each with its tone."""
    rows = Loss.objects.filter(customer=customer_id).newest_first().select_related("reason")
    return [(row, TONES[row.state]) for row in rows[:10]]
