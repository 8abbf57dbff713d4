"""What a contact budget does: how many mails of the last weeks it would have held back, and how many wait now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from surveys.budget import Limit
from surveys.limits import held_by_words
from surveys.models import ContactMail

LOOKED_BACK = dt.timedelta(days=90)


@dataclass(frozen=True)
class Effect:
    """One limit: of how many mails in 90 days it would have held back how many."""

    key: str
    says: str
    mails: int
    held: int


def effects(limits: Sequence[Limit], at: dt.datetime) -> list[Effect]:
    """Return what each limit would have done to the mails that left in the 90 days before; one query a limit."""
    return [_effect(limit, at) for limit in limits]


def _effect(limit: Limit, at: dt.datetime) -> Effect:
    covered = ContactMail.objects.filter(
        kind__in=limit.kinds, reminder=limit.reminders, counted_at__isnull=False
    )
    same = (
        Q(customer=OuterRef("customer"))
        if limit.per == "customer"
        else Q(address_hash=OuterRef("address_hash"))
    )
    before = (
        covered.filter(same, counted_at__lt=OuterRef("counted_at"), counted_at__gt=OuterRef("span_begins"))
        .order_by()
        .annotate(one=Value(1))
        .values("one")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = covered.filter(counted_at__gt=at - LOOKED_BACK, counted_at__lte=at)
    rows = rows.annotate(span_begins=F("counted_at") - Value(limit.length))
    found = rows.annotate(n_before=Coalesce(Subquery(before), 0)).aggregate(
        mails=Count("pk"), held=Count("pk", filter=Q(n_before__gte=limit.most))
    )
    return Effect(limit.key, held_by_words(limit.key), found["mails"], found["held"])
