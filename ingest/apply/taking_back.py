"""Take the changes of a batch back, row by row as the ledger kept them."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import time
from customers.models import Customer, CustomerHistory
from customers.models.customer import Decided
from customers.services.history import details_record
from customers.services.tags import tag_lists
from ingest.apply.customer_history import HISTORY, record_history
from ingest.apply.customers import set_tags
from ingest.apply.stale import mark_first_days
from ingest.apply.tables import TABLES, snapshot
from ingest.models import RowChange
from metrics.models import UsageEvent
from metrics.staleness import Late, mark_usage_stale
from surveys.models import Response
from surveys.services.themes import comments_changed


def rows_of(model: type[models.Model], keys: list[int]) -> dict[int, Any]:
    """Read rows by id; customers with their tags as `tag_list`."""
    found: dict[int, Any] = model._default_manager.in_bulk(keys)
    if model is Customer:
        tags = tag_lists(found)
        for key, row in found.items():
            row.tag_list = tags[key]
    return found


def take_back(actor: User | None, model: type[models.Model], changes: list[RowChange]) -> None:
    """Take changes of one table back, last first, inside the caller's transaction."""
    rows = rows_of(model, [change.row_id for change in changes])
    befores = {key: {**snapshot(row), "tags": getattr(row, "tag_list", "")} for key, row in rows.items()}
    first: dict[int, dt.date] = {}
    gone: set[int] = set()
    names: set[str] = set()
    for change in changes:
        row = rows.get(change.row_id)
        if row is None:
            continue
        _touch(first, row)
        if change.before is None:
            gone.add(row.pk)
        else:
            names |= _restore(row, change.before)
            _touch(first, row)
    kept = [row for key, row in rows.items() if key not in gone]
    manager: Any = model._default_manager
    if model is Customer:
        _tell_customers(actor, kept, befores)
        CustomerHistory.objects.filter(customer_id__in=gone).delete()
    manager.filter(pk__in=gone).delete()  # before the others: two rows of one day must never both hold
    if names and kept:
        manager.bulk_update(kept, sorted(names), batch_size=100)
    if model is Response and "comment" in names:
        comments_changed(row.pk for row in kept)
    if model is UsageEvent:
        mark_usage_stale(Late(row.customer_id, row.day, row.day) for row in kept)
    mark_first_days(first, reason="undo")


def _restore(row: Any, before: dict[str, Any]) -> set[str]:
    """Put a row's former values back in memory; return the fields to be written."""
    names = set()
    for attname, value in before.items():
        if attname == "tags":
            row.tag_list = value
            continue
        field = next(one for one in row._meta.concrete_fields if one.attname == attname)
        setattr(row, attname, field.to_python(value))
        names.add(field.name)
    return names


def _touch(first: dict[int, dt.date], row: Any) -> None:
    """Note the first day that a row touches in the figures of its customer."""
    if isinstance(row, CustomerHistory):
        day: dt.date | None = row.valid_from
    else:
        table = next((one for one in TABLES.values() if isinstance(row, one.model)), None)
        day = table.first_day(snapshot(row)) if table and table.days else None
    if day is not None:
        first[row.customer_id] = min(first.get(row.customer_id, day), day)


def _tell_customers(actor: User | None, rows: list[Customer], befores: dict[int, dict[str, Any]]) -> None:
    """Give customers their former tags back and record in history what changes today."""
    today = time.today()
    histories: dict[str, tuple[dict[int, Any], dict[int, Any]]] = {}
    entries: dict[int, dict[str, tuple[Any, Any]]] = {}
    tags: dict[int, str] = {}
    for row in rows:
        was = befores[row.pk]
        now = {**snapshot(row), "tags": row.tag_list}  # type: ignore[attr-defined]
        changed = {name: (was[name], value) for name, value in now.items() if was[name] != value}
        for name in HISTORY.keys() & changed.keys():
            values, olds = histories.setdefault(name, ({}, {}))
            olds[row.pk], values[row.pk] = changed[name]
        if "tags" in changed:
            tags[row.pk] = now["tags"]
        entries[row.pk] = {name.removesuffix("_id"): pair for name, pair in changed.items()}
    set_tags(tags, fresh=False)
    record_history(actor=actor, today=today, histories=histories)
    details_record(
        befores=befores,
        afters={row.pk: snapshot(row) for row in rows},
        decided_by=Decided.FILE,
        actor=actor,
        reason=_("Taken back"),
    )
    audit.record_many(
        actor=actor, action="customer.updated", model=Customer, changes=entries, of_customers=True
    )
    mark_first_days({row.pk: min(row.started_on or today, today) for row in rows}, reason="undo")
