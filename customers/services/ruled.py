"""Applying the segment and stage rules to all customers, as each night does: a fixed number of statements.

What the rules move is valid from the day they are applied for. The night applies them for its own day
before it fills that day's rows, so no finished day goes stale and no event is emitted; for the same reason
they are applied for the latest day only, never for one that later nights have passed.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least

from accounts import audit
from accounts.principals import Principal
from core import time
from core.insert_select import insert_select
from customers.models import Customer, CustomerHistory, SegmentRule, Stage, StageRule
from customers.models.customer import Decided
from customers.segment_query import ruled, stored_rules, with_ruled_segment
from customers.stage_query import stored_moves, with_ruled_stage, with_start

Field = CustomerHistory.Field
PIECE = 2000


@transaction.atomic
def segments_apply(*, day: dt.date, actor: Principal | None = None) -> int:
    """Put every customer into the segment the rules say by the facts of a day; return how many moved.

    Customers decided on by hand or by a file stay; so do archived ones and ones whose segment was recorded
    for a later day already. Run twice it changes nothing more.
    """
    at = time.now()
    judged = _not_later(ruled(Customer.objects.order_by(), day), Field.SEGMENT, day)
    moving = with_ruled_segment(judged, stored_rules(), day).exclude(segment=F("ruled_segment"))
    moved = _record(moving, field=Field.SEGMENT, then="ruled_segment", day=day, at=at, actor=actor)
    if moved:
        told = _told(Field.SEGMENT, day, at)
        Customer.objects.filter(pk__in=told.values("customer")).update(
            segment=Subquery(told.filter(customer=OuterRef("pk")).values("value")[:1]),
            version=F("version") + 1,
            updated_at=at,
        )
        audit.record(
            actor=actor,
            action="segments.applied",
            subject=(SegmentRule._meta.label_lower, "all"),
            changes={"moved": (None, moved)},
        )
    return moved


@transaction.atomic
def stages_apply(*, day: dt.date, actor: Principal | None = None) -> int:
    """Move every customer on by the stage rules as of a day, one step at most; return how many moved.

    Customers without a stage get their first one (see `stages.py`): in onboarding since their start, in
    ongoing since a day that is not known. Run twice for a day it moves on only those due for a further step.
    """
    at = time.now()
    judged = _not_later(Customer.objects.order_by(), Field.STAGE, day)
    moving = with_ruled_stage(judged, stored_moves(), day).exclude(stage=F("ruled_stage"))
    moved = _record(moving, field=Field.STAGE, then="ruled_stage", day=day, at=at, actor=actor)
    if moved:
        told = _told(Field.STAGE, day, at)
        movers = Customer.objects.filter(pk__in=told.values("customer"))
        value = Subquery(told.filter(customer=OuterRef("pk")).values("value")[:1])
        changes = {"stage": value, "stage_by": Decided.RULE, "version": F("version") + 1, "updated_at": at}
        movers.exclude(stage="").update(**{**changes, "stage_since": day})
        first = movers.filter(stage="")
        start = with_start(Customer.objects.filter(pk=OuterRef("pk"))).values("start")[:1]
        entering = told.filter(value=Stage.ONBOARDING).values("customer")
        first.filter(pk__in=entering).update(
            **{**changes, "stage_since": Coalesce(Subquery(start), Value(day, output_field=DateField()))}
        )
        first.update(**{**changes, "stage_since": None})  # those that come into ongoing
        audit.record(
            actor=actor,
            action="stages.applied",
            subject=(StageRule._meta.label_lower, "all"),
            changes={"moved": (None, moved)},
        )
    return moved


def _not_later(customers: QuerySet[Customer], field: str, day: dt.date) -> QuerySet[Customer]:
    """Leave out customers of which a later day's value is recorded."""
    later = CustomerHistory.objects.filter(
        customer=OuterRef("pk"), field=field, valid_from__gt=day, superseded_at__isnull=True
    )
    return customers.filter(~Exists(later))


def _told(field: str, day: dt.date, at: dt.datetime) -> QuerySet[CustomerHistory]:
    """The history rows this run has just written: they name who moves where, so rules are judged once."""
    return CustomerHistory.objects.filter(
        field=field, valid_from=day, recorded_at=at, decided_by=Decided.RULE, superseded_at__isnull=True
    ).order_by()


def _record(
    moving: QuerySet[Any], *, field: str, then: str, day: dt.date, at: dt.datetime, actor: Principal | None
) -> int:
    """Write the history of those who move, first what held until now where nothing was recorded.

    Who moves is judged once, of all customers; the statements that follow look at those alone.
    """
    keys = list(moving.values_list("pk", flat=True))
    return sum(
        _record_some(moving, keys[start : start + PIECE], field, then, day, at, actor)
        for start in range(0, len(keys), PIECE)
    )


def _record_some(
    moving: QuerySet[Any],
    keys: list[int],
    field: str,
    then: str,
    day: dt.date,
    at: dt.datetime,
    actor: Principal | None,
) -> int:
    person = None if actor is None else actor.person
    column = str(field)  # "segment" or "stage" is the customer's column too
    eve = Value(day - dt.timedelta(days=1), output_field=DateField())
    rows = moving.filter(pk__in=keys).annotate(
        h_field=Value(column, output_field=CharField()),
        h_eve=Least(Coalesce("started_on", eve), eve, output_field=DateField()),
        h_day=Value(day, output_field=DateField()),
        h_by=Value(Decided.RULE.value, output_field=CharField()),
        h_actor=Value(person.pk if person else None, output_field=BigIntegerField()),
        h_reason=Value("", output_field=CharField()),
        h_at=Value(at, output_field=DateTimeField()),
    )
    fields = {
        "customer": "pk",
        "field": "h_field",
        "decided_by": "h_by",
        "reason": "h_reason",
        "recorded_at": "h_at",
    }
    recorded = CustomerHistory.objects.filter(customer=OuterRef("pk"), field=column)
    unrecorded = rows.exclude(**{column: ""}).filter(~Exists(recorded))
    insert_select(CustomerHistory, unrecorded, {**fields, "valid_from": "h_eve", "value": column})
    CustomerHistory.objects.filter(
        field=column, valid_from=day, superseded_at__isnull=True, customer__in=keys
    ).update(superseded_at=at)
    return insert_select(
        CustomerHistory, rows, {**fields, "valid_from": "h_day", "value": then, "actor": "h_actor"}
    )
