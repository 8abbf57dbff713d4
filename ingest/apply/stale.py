"""Tell the figures which days of which customers a chunk touched."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models

from ingest.apply.context import Run
from ingest.apply.tables import Fields, Table, snapshot
from metrics.staleness import Late, mark_stale


def mark_facts(run: Run, table: Table, touched: Iterable[tuple[models.Model, dict[str, Any] | None]]) -> None:
    """Mark from the first touched day on, once per customer, inside the transaction that writes the facts."""
    if not table.days:
        return
    first: dict[int, dt.date] = {}
    for row, before in touched:
        after = snapshot(row)
        earlier: Fields | None = None if before is None else {**after, **before}
        day = table.first_day(after, earlier)
        if day is None:
            continue
        for customer in {state["customer_id"] for state in (after, earlier) if state}:
            first[customer] = min(first.get(customer, day), day)
    mark_first_days(first, reason=run.kind)


def mark_first_days(first: dict[int, dt.date], *, reason: str) -> None:
    """Mark every finished day of these customers stale from their first touched day on."""
    mark_stale((Late(customer, day) for customer, day in sorted(first.items())), reason=reason)
