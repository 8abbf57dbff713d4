"""Industry, parent company and attributes of customers as they were: each change is recorded from the day it was made.

Of a customer whose details never changed nothing is recorded: today's hold. The first change also records what
held before it, for all the time before (see `history_record`), although since when changes are recorded
(`Workspace.details_since`) is all that is known for sure; pages say so.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, JSONField, OuterRef, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from accounts.models import Workspace
from core import time
from customers.models import Customer, CustomerHistory

Field = CustomerHistory.Field
RECORDED: dict[str, str] = {  # column → the field of its history
    "industry": Field.INDUSTRY,
    "parent_id": Field.PARENT,
    "attributes": Field.ATTRIBUTES,
}


@dataclass(frozen=True)
class Details:
    """What a customer's recorded details are on a day."""

    industry: str = ""
    parent_id: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


def recorded_text(column: str, value: Any) -> str:
    """Write a detail as its history keeps it."""
    if column == "attributes":
        return json.dumps(value or {}, sort_keys=True, ensure_ascii=False)
    return "" if value is None else str(value)


def details_now(customer: Customer) -> Details:
    """Return a customer's details of today."""
    return Details(customer.industry, customer.parent_id, customer.attributes)


def details_as_of(customers: Sequence[Customer], day: dt.date) -> dict[int, Details]:
    """Return the details of customers on a day, by key: one query, however many there are.

    Before the first recorded value that value holds; where none was ever recorded, today's.
    """
    held: dict[int, dict[str, str]] = defaultdict(dict)
    rows = CustomerHistory.objects.filter(
        customer_id__in=[one.pk for one in customers],
        field__in=RECORDED.values(),
        superseded_at__isnull=True,
    )
    for key, name, since, value in rows.order_by("valid_from").values_list(
        "customer_id", "field", "valid_from", "value"
    ):
        if since <= day or name not in held[key]:
            held[key][name] = value
    return {one.pk: _details(one, held[one.pk]) for one in customers}


def _details(customer: Customer, held: Mapping[str, str]) -> Details:
    now = details_now(customer)
    parent, attributes = held.get(Field.PARENT), held.get(Field.ATTRIBUTES)
    return Details(
        industry=held.get(Field.INDUSTRY, now.industry),
        parent_id=now.parent_id if parent is None else int(parent) if parent else None,
        attributes=now.attributes if attributes is None else json.loads(attributes),
    )


def detail_as_of(column: str, day: dt.date) -> Combinable:
    """Return the expression of a detail (a column of `RECORDED`) on a day; the parent's key as text, "" for none."""
    rows = CustomerHistory.objects.filter(
        customer=OuterRef("pk"), field=RECORDED[column], superseded_at__isnull=True
    )
    then = rows.filter(valid_from__lte=day).order_by("-valid_from").values("value")
    first = rows.order_by("valid_from").values("value")
    known = (Subquery(then[:1]), Subquery(first[:1]), Cast(F(column), TextField()))
    if column == "attributes":
        return Cast(Coalesce(*known, output_field=TextField()), JSONField())
    return Coalesce(*known, Value(""), output_field=TextField())


def industries_recorded() -> Iterable[str]:
    """Return the industries customers once had."""
    rows = CustomerHistory.objects.filter(field=Field.INDUSTRY, superseded_at__isnull=True).exclude(value="")
    return rows.order_by("value").values_list("value", flat=True).distinct()


def unrecorded_until(day: dt.date, customer: Customer | None = None) -> dt.date | None:
    """Return the first day on which details are known for sure, where it comes after `day`; None where it does not.

    For one customer that is the day it was written down here, if that was later.
    """
    since = Workspace.get().details_since
    if customer is not None:
        since = max(since, time.local_day(customer.created_at))
    return since if day < since else None
