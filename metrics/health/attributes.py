"""Attributes that are factors, as they were: customers hold only what they are now, so each night keeps the changes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from core import time
from customers.models import Customer
from metrics import sql
from metrics.health.curve import FARTHEST
from metrics.health.facts import NONE
from metrics.models import AttributeValue
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np


def keep(keys: Iterable[str], scope: Scope, day: dt.date) -> int:
    """Write down attributes that differ from what is known of them, from `day` on; return how many did.

    Only for the newest day: what they were before it is not known.
    """
    news = []
    for key in keys:
        held = _held(key, scope)
        for pk, attributes in _customers(scope):
            value = thousandths_of(attributes.get(key))
            if held.get(pk, NONE) != (NONE if value is None else value):
                news.append(AttributeValue(customer_id=pk, key=key, valid_from=day, value=value))
    AttributeValue.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["key", "customer", "valid_from"],
        update_fields=["value"],
        batch_size=1000,
    )
    return len(news)


def thousandths_of(value: Any) -> int | None:
    """Return a stored attribute as thousandths: numbers as they are, yes 1 and no 0; None for anything else."""
    if isinstance(value, bool):
        return 1000 * value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) * 1000 > FARTHEST:
        return None
    return int((number * 1000).to_integral_value())


def read(
    key: str,
    days: Sequence[dt.date],
    scope: Scope,
    places: "np.ndarray[Any, Any]",
    customers: "np.ndarray[Any, Any]",
) -> "np.ndarray[Any, Any]":
    """Return the attribute of rows given by the place of their day and their customer; `NONE` where not known."""
    import numpy as np

    found = np.full(len(customers), NONE, dtype=np.int64)
    spans = sql.rows(
        f"""
        SELECT a.customer_id, a.valid_from, a.value,
               LEAD(a.valid_from) OVER (PARTITION BY a.customer_id ORDER BY a.valid_from) AS until
        FROM metrics_attributevalue a
        WHERE a.key = %(key)s AND {scope.of("a.customer_id")} AND a.valid_from <= %(last)s""",
        {"key": key, "last": sql.date(days[-1])},
    )
    by_day = np.array([day.toordinal() for day in days])[places] if len(places) else places
    for span in spans:
        if span["value"] is None:
            continue
        mine = (customers == span["customer_id"]) & (by_day >= _ordinal(span["valid_from"]))
        if span["until"] is not None:
            mine &= by_day < _ordinal(span["until"])
        found[mine] = span["value"]
    return found


def _held(key: str, scope: Scope) -> dict[int, int]:
    rows = sql.rows(
        f"""
        SELECT a.customer_id, COALESCE(a.value, {NONE}) AS value FROM metrics_attributevalue a
        WHERE a.key = %(key)s AND {scope.of("a.customer_id")} AND NOT EXISTS (
            SELECT 1 FROM metrics_attributevalue b
            WHERE b.key = a.key AND b.customer_id = a.customer_id AND b.valid_from > a.valid_from
        )""",
        {"key": key},
    )
    return {row["customer_id"]: row["value"] for row in rows}


def _customers(scope: Scope) -> Iterable[tuple[int, dict[str, Any]]]:
    rows = Customer.objects.filter(pk__range=(scope.low, scope.high))
    if scope.ids:
        rows = rows.filter(pk__in=scope.ids)
    return rows.order_by("pk").values_list("pk", "attributes")


def _ordinal(value: Any) -> int:
    return sql.as_day(value).toordinal()


def is_newest(day: dt.date) -> bool:
    """Tell whether a day is the last closed one, or today."""
    return day >= time.today() - dt.timedelta(days=1)
