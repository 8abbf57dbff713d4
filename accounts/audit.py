"""The audit trail's one way in: call it inside the transaction that makes the change."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from accounts.models import AuditEntry, AuditValue
from accounts.principals import Principal
from accounts.webhooks.announce import announce_entries

SYSTEM = "Zelo"


def record(
    *,
    actor: Principal | None,
    action: str,
    subject: models.Model | tuple[str, object],
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    customer_id: int | None = None,
    label: str = "",
) -> AuditEntry:
    """Write one audit entry and its before/after values.

    `actor` None means Zelo itself did it; an integration is named by its token.
    `action` is a dotted verb such as `customer.updated`; `subject` the row that changed, or (type, id)
    where there is no one row; `changes` maps a field to (before, after); `label` is the subject's name
    then, kept in the side table because it may be personal.
    """
    if isinstance(subject, models.Model):
        kind, key = subject._meta.label_lower, str(subject.pk)
    else:
        kind, key = subject[0], str(subject[1])
    changes = changes or {}
    entry = AuditEntry.objects.create(
        actor=None if actor is None else actor.person,
        actor_label=SYSTEM if actor is None else actor.audit_label,
        action=action,
        object_type=kind,
        object_id=key,
        customer_id=customer_id,
        changed_fields=list(changes),
    )
    values = [
        AuditValue(entry=entry, field=name, before=plain(before), after=plain(after))
        for name, (before, after) in changes.items()
    ]
    if label:
        values.append(AuditValue(entry=entry, field="", label=label[:200]))
    AuditValue.objects.bulk_create(values)
    announce_entries([entry])
    return entry


def record_many(
    *,
    actor: Principal | None,
    action: str,
    model: type[models.Model],
    changes: Mapping[int, Mapping[str, tuple[Any, Any]]],
    of_customers: bool = False,
) -> None:
    """Write one audit entry per changed row of a bulk change, in a fixed number of statements.

    `changes` maps a row's key to its fields' (before, after); `of_customers` says that these keys are customers.
    """
    person = None if actor is None else actor.person
    label = SYSTEM if actor is None else actor.audit_label
    entries = AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=person,
                actor_label=label,
                action=action,
                object_type=model._meta.label_lower,
                object_id=str(key),
                customer_id=key if of_customers else None,
                changed_fields=list(fields),
            )
            for key, fields in changes.items()
        ],
        batch_size=1000,
    )
    AuditValue.objects.bulk_create(
        [
            AuditValue(entry=entry, field=name, before=plain(before), after=plain(after))
            for entry, fields in zip(entries, changes.values(), strict=True)
            for name, (before, after) in fields.items()
        ],
        batch_size=1000,
    )
    announce_entries(entries)


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose value differs, as (before, after)."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def plain(value: Any) -> Any:
    """Turn a field's value into what JSON can hold."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    return value
