"""How a hand-kept row about a customer is written: checked, locked, with what changed in the audit trail."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import models

from accounts import audit
from accounts.principals import Principal
from core import time

Row = TypeVar("Row", bound=models.Model)
Check = Callable[[Any], None]


def values_of(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as plain values, without its keys and its bookkeeping."""
    left_out = {"id", "customer_id", "recorded_at", "author_id"}
    return {
        field.attname: audit.plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    }


def record_create(*, actor: Principal | None, row: Row, check: Check, action: str) -> Row:
    """Write a new row; call it inside a transaction. Raises ValidationError as `check` does."""
    check(row)
    row.save()
    changes = {name: (None, value) for name, value in values_of(row).items() if value not in ("", None)}
    record_note(actor, row, action, changes)
    return row


def record_update(
    *, actor: Principal | None, row: Row, changes: Mapping[str, Any], check: Check, action: str
) -> Row:
    """Change a row while it is locked; what stays the same leaves no trace. Raises ValidationError as `check` does."""
    locked: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    before = values_of(locked)
    for name, value in changes.items():
        setattr(locked, name, value)
    check(locked)
    changed = audit.field_changes(before, values_of(locked))
    if changed:
        if hasattr(locked, "recorded_at"):
            locked.recorded_at = time.now()
        locked.save()
        record_note(actor, locked, action, changed)
    return locked


def record_note(
    actor: Principal | None, row: models.Model, action: str, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    """Write the audit entry of a row."""
    audit.record(
        actor=actor,
        action=action,
        subject=row,
        changes=changes,
        customer_id=getattr(row, "customer_id", None),
        label=str(getattr(row, "customer", row)),
    )
