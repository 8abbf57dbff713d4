"""What the money did: MRR movements of finished nights, contracts begun and cancelled."""

import datetime as dt
from typing import Any

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.formats import day as day_words
from core.formats import money
from customers.models import Contract
from metrics.models import CustomerDay
from workspace.timeline.source import Entry, Group, Row, Source, Words

REVENUE = Group("revenue", gettext_lazy("MRR and contracts"))

MOVEMENTS: dict[str, tuple[str, Words]] = {
    "new": ("green", pgettext_lazy("MRR movement", "New")),
    "expansion": ("green", pgettext_lazy("MRR movement", "Expansion")),
    "contraction": ("yellow", pgettext_lazy("MRR movement", "Contraction")),
    "churn": ("red", pgettext_lazy("MRR movement", "Churn")),
    "reactivation": ("green", pgettext_lazy("MRR movement", "Reactivation")),
}
MOVED = Q()
for _name in MOVEMENTS:
    MOVED |= Q(**{f"mrr_{_name}_cents__gt": 0})
MOVEMENT = Case(
    *(When(**{f"mrr_{name}_cents__gt": 0}, then=Value(name)) for name in MOVEMENTS), default=Value("")
)


def _movements(customer_id: int) -> QuerySet[Any]:
    return CustomerDay.objects.filter(MOVED, customer_id=customer_id)


def _tell_movement(row: Row) -> Entry:
    tone, tag = MOVEMENTS[row.what]
    opening, closing = row.a or 0, row.b or 0
    up = closing > opening
    change = money(abs(closing - opening))
    return Entry(
        icon="coin",
        title=(_("MRR up %(amount)s") if up else _("MRR down %(amount)s")) % {"amount": change},
        text=_("From %(before)s to %(after)s a month.") % {"before": money(opening), "after": money(closing)},
        tag=tag,
        tone=tone,
    )


def _contracts(customer_id: int) -> QuerySet[Any]:
    return Contract.objects.filter(customer_id=customer_id)


def _cancelled(customer_id: int) -> QuerySet[Any]:
    return _contracts(customer_id).filter(cancelled_on__isnull=False)


def _tell_contract(row: Row) -> Entry:
    until = day_words(dt.date.fromisoformat(row.what))
    title = _("Contract renewed until %(day)s") if row.old else _("Contract begins, until %(day)s")
    value = "" if row.a is None else _("Worth %(amount)s over the term.") % {"amount": money(row.a)}
    return Entry(icon="file-text", title=title % {"day": until}, text=value, edit="contract_edit")


def _tell_cancelled(row: Row) -> Entry:
    until = day_words(dt.date.fromisoformat(row.what))
    title = _("Contract cancelled, ends on %(day)s") % {"day": until}
    return Entry(icon="file-text", title=title, tone="red", edit="contract_edit")


GROUPS = (REVENUE,)
_CONTRACT = {"what": Cast(F("ends_on"), TextField()), "old": F("renews_external_id"), "a": F("value_cents")}
SOURCES = (
    Source(
        key="movement",
        group=REVENUE.key,
        facts=_movements,
        moment="day",
        timed=False,
        tell=_tell_movement,
        show={"what": MOVEMENT, "a": F("opening_mrr_cents"), "b": F("mrr_cents")},
    ),
    Source(
        key="contract",
        group=REVENUE.key,
        facts=_contracts,
        moment="starts_on",
        timed=False,
        tell=_tell_contract,
        show=_CONTRACT,
    ),
    Source(
        key="contract_cancelled",
        group=REVENUE.key,
        facts=_cancelled,
        moment="cancelled_on",
        timed=False,
        tell=_tell_cancelled,
        show=_CONTRACT,
    ),
)
