"""What a chunk did to each row, kept so that a batch can be taken back, and earlier versions of facts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from customers.models import FactVersion
from ingest.apply.context import Run
from ingest.models import RowChange

PER_STATEMENT = 500


@dataclass(frozen=True)
class Change:
    """A row before and after: only the fields that changed; `before` None where the row is new."""

    row: models.Model
    before: dict[str, Any] | None
    after: dict[str, Any]


def plain(value: Any) -> Any:
    """Turn a column's value into what JSON can hold and `undo` can compare."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def plain_fields(fields: dict[str, Any] | None) -> dict[str, Any] | None:
    """Do so for all fields of a row."""
    return None if fields is None else {name: plain(value) for name, value in fields.items()}


def keep_changes(run: Run, changes: Iterable[Change]) -> None:
    """Write a `RowChange` for each changed row of the batch."""
    if run.batch is None:
        return
    RowChange.objects.bulk_create(
        [
            RowChange(
                batch=run.batch,
                table=change.row._meta.label_lower,
                row_id=change.row.pk,
                before=plain_fields(change.before),
                after=plain_fields(change.after),
                recorded_at=run.at,
            )
            for change in changes
        ],
        batch_size=PER_STATEMENT,
    )


def keep_versions(run: Run, before: Iterable[tuple[models.Model, dict[str, Any]]]) -> None:
    """Keep the earlier version of corrected facts: the whole row as it was, since when and until now."""
    FactVersion.objects.bulk_create(
        [
            FactVersion(
                table=row._meta.label_lower,
                row_id=row.pk,
                customer_id=fields["customer_id"],
                values=plain_fields(
                    {k: v for k, v in fields.items() if k not in {"recorded_at", "hand_edited"}}
                ),
                recorded_at=fields["recorded_at"],
                superseded_at=run.at,
            )
            for row, fields in before
        ],
        batch_size=PER_STATEMENT,
    )
