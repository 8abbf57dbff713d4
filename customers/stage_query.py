"""The stage rules said in SQL, so that all customers are judged in one statement."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from customers.models import Customer, Stage, StageRule, Subscription
from customers.models.customer import Decided
from customers.stage_facts import fact_holds
from customers.stages import StageMove, onboarding_days


def stored_moves() -> list[StageMove]:
    """Return the rules in force, in their order."""
    rows = StageRule.objects.filter(active=True).values_list("from_stage", "to_stage", "basis", "days")
    return [StageMove(*row) for row in rows]


def with_start(customers: QuerySet[Customer]) -> QuerySet[Any]:
    """Add `start`: `started_on`, else the first subscription's day; null where neither is known."""
    first = (
        Subscription.objects.filter(customer=OuterRef("pk"))
        .order_by()
        .values("customer")
        .annotate(first=Min("starts_on"))
        .values("first")
    )
    return customers.annotate(start=Coalesce("started_on", Subquery(first[:1]), output_field=DateField()))


def with_ruled_stage(
    customers: QuerySet[Customer], moves: Iterable[StageMove], day: dt.date
) -> QuerySet[Any]:
    """Add `ruled_stage`: where the first fitting rule puts each customer on a day, else where it is.

    Only customers that have started by the day and whose stage no file gave are judged (`stages.py`).
    """
    moves = list(moves)
    begun = day - dt.timedelta(days=onboarding_days(moves))
    branches = [
        When(Q(stage="") & (Q(start__isnull=True) | Q(start__gt=begun)), then=Value(Stage.ONBOARDING)),
        When(stage="", then=Value(Stage.ONGOING)),
    ]
    for move in moves:
        limit = day - dt.timedelta(days=move.days)
        if move.basis == StageRule.Basis.STARTED:
            fits = Q(start__lte=limit) & ~Q(stage_by=Decided.HAND)
        elif move.basis == StageRule.Basis.ENTERED:
            fits = Q(entered__lte=limit)
        else:
            fits = fact_holds(move.basis, day, move.days) & ~Q(stage_by=Decided.HAND)
        branches.append(When(Q(stage=move.from_stage) & fits, then=Value(move.to_stage)))
    judged = with_start(customers).annotate(
        entered=Coalesce("stage_since", "start", output_field=DateField())
    )
    told: QuerySet[Any] = (
        judged.filter(Q(start__isnull=True) | Q(start__lte=day), archived_at__isnull=True)
        .exclude(stage_by=Decided.FILE)
        .annotate(ruled_stage=Case(*branches, default=F("stage"), output_field=CharField()))
    )
    return told


def stage_moves(moves: Iterable[StageMove], day: dt.date) -> list[tuple[str, str, int]]:
    """Return what rules would move: (stage now, stage then, number of customers), most first."""
    moving = with_ruled_stage(Customer.objects.order_by(), moves, day).exclude(stage=F("ruled_stage"))
    counted = moving.values_list("stage", "ruled_stage").annotate(n=Count("pk"))
    return [(now, then, n) for now, then, n in counted.order_by("-n", "stage", "ruled_stage")]
