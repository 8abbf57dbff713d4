"""Run nights in tests, and read what they wrote."""

import datetime as dt
from typing import Any

from metrics.foreground import run_days
from metrics.models import CustomerDay

D = dt.timedelta(days=1)


def run(first: dt.date, last: dt.date | None = None) -> None:
    """Run the nights from `first` to `last`, both included, in the foreground."""
    run_days(first, last or first, lambda done, total: None)


def snapshot() -> list[tuple[Any, ...]]:
    """Return every daily row, all columns but the surrogate id and the time of computing."""
    names = [
        field.attname
        for field in CustomerDay._meta.concrete_fields
        if field.attname not in ("id", "computed_at")
    ]
    return list(CustomerDay.objects.order_by("day", "customer_id").values_list(*names))


def moves(customer: Any) -> list[tuple[dt.date, str, int]]:
    """Return what moved: (day, movement, cents), in order."""
    kinds = ("new", "expansion", "contraction", "churn", "reactivation")
    return [
        (row.day, kind, getattr(row, f"mrr_{kind}_cents"))
        for row in CustomerDay.objects.filter(customer=customer).order_by("day")
        for kind in kinds
        if getattr(row, f"mrr_{kind}_cents")
    ]
