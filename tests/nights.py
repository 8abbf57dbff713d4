"""Run nights in tests, and read what they wrote."""

import datetime as dt
from typing import Any

from metrics.foreground import run_days
from metrics.models import CustomerDay, HealthDay, HealthInput

D = dt.timedelta(days=1)


def run(first: dt.date, last: dt.date | None = None) -> None:
    """Run the nights from `first` to `last`, both included, in the foreground."""
    run_days(first, last or first, lambda done, total: None)


def snapshot() -> list[tuple[Any, ...]]:
    """Return every daily row and score, day and customer first, without surrogate ids and times of computing."""
    return [row for table in (CustomerDay, HealthDay, HealthInput) for row in _plain(table)]


def scores() -> list[tuple[Any, ...]]:
    """Return every score with what it was computed from."""
    return [row for table in (HealthDay, HealthInput) for row in _plain(table)]


def _plain(table: Any) -> list[tuple[Any, ...]]:
    left_out = ("id", "day", "customer_id", "computed_at", "first_score", "first_band")
    names = ["day", "customer_id"]
    names += [field.attname for field in table._meta.concrete_fields if field.attname not in left_out]
    return list(table.objects.order_by("day", "customer_id").values_list(*names))


def moves(customer: Any) -> list[tuple[dt.date, str, int]]:
    """Return what moved: (day, movement, cents), in order."""
    kinds = ("new", "expansion", "contraction", "churn", "reactivation")
    return [
        (row.day, kind, getattr(row, f"mrr_{kind}_cents"))
        for row in CustomerDay.objects.filter(customer=customer).order_by("day")
        for kind in kinds
        if getattr(row, f"mrr_{kind}_cents")
    ]
