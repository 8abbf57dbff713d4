"""Turns audit entries into lines people can read, in their language, in a constant number of queries."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, AuditValue, User
from core import formats
from customers.models import Customer
from workspace.audit import words


@dataclass(frozen=True)
class Change:
    """One field, in words: what it was and what it became."""

    name: str
    before: str
    after: str


@dataclass
class Line:
    """One entry of the trail, in words."""

    entry: AuditEntry
    who: str
    did: str
    kind: str
    subject: str
    customer: Customer | None
    changes: list[Change] = field(default_factory=list)


def lines(entries: Sequence[AuditEntry], customers: models.QuerySet[Customer]) -> list[Line]:
    """Return the entries in words; `customers` are those the reader may see, others stay unnamed."""
    values: dict[int, list[AuditValue]] = {}
    for value in AuditValue.objects.filter(entry__in=entries).order_by("pk"):
        values.setdefault(value.entry_id, []).append(value)
    people = _people(entries, values)
    named = customers.only("pk", "name").in_bulk(
        {entry.customer_id for entry in entries if entry.customer_id is not None}
    )
    return [
        _line(entry, values.get(entry.pk, []), people, named.get(entry.customer_id or 0)) for entry in entries
    ]


def _people(entries: Sequence[AuditEntry], values: dict[int, list[AuditValue]]) -> dict[str, str]:
    """Return the names of everybody who acted or is named in a value, by their key as text."""
    wanted: set[int] = {entry.actor_id for entry in entries if entry.actor_id is not None}
    for entry in entries:
        for value in values.get(entry.pk, []):
            if _related(entry, value.field) is User:
                keys = (str(value.before), str(value.after))
                wanted |= {int(key) for key in keys if key.isdigit()}
        if entry.object_type == "accounts.user" and entry.object_id.isdigit():
            wanted.add(int(entry.object_id))
    return {str(person.pk): str(person) for person in User.objects.filter(pk__in=wanted)}


def _line(
    entry: AuditEntry, values: Iterable[AuditValue], people: dict[str, str], customer: Customer | None
) -> Line:
    label, changes = "", []
    for value in values:
        if value.field == "":
            label = value.label
            continue
        changes.append(
            Change(
                str(words.FIELDS.get(value.field) or value.field.replace("_", " ")),
                _worded(entry, value.field, value.before, people),
                _worded(entry, value.field, value.after, people),
            )
        )
    if entry.object_type == "accounts.user":
        label = people.get(entry.object_id, label)
    who = people.get(str(entry.actor_id), "") or entry.actor_label
    return Line(
        entry=entry,
        who=who,
        did=words.did(entry.action),
        kind=str(words.KINDS.get(entry.object_type, entry.object_type)),
        subject=label or (customer.name if customer else ""),
        customer=customer,
        changes=changes,
    )


def _model_field(entry: AuditEntry, name: str) -> "models.Field[Any, Any] | None":
    try:
        found = apps.get_model(entry.object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if isinstance(found, models.Field) else None


def _related(entry: AuditEntry, name: str) -> type[models.Model] | None:
    found = _model_field(entry, name)
    target = found.related_model if found is not None else None
    return target if isinstance(target, type) else None


def _worded(entry: AuditEntry, name: str, value: Any, people: dict[str, str]) -> str:
    """Return one value as the reader would say it; "—" for nothing, also after an erasure."""
    if value is None or value in ("", [], {}):
        return formats.UNKNOWN
    if isinstance(value, bool | list | dict):
        return _plain(value)
    if name.endswith("_cents") and isinstance(value, int):
        return formats.money(value)
    if _related(entry, name) is User:
        return people.get(str(value), str(value))
    found = _model_field(entry, name)
    known = dict(found.flatchoices) if found is not None and found.choices else words.VALUES
    return str(known[value]) if value in known else _dated(found, value)


def _plain(value: bool | list[Any] | dict[str, Any]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return ", ".join(str(item) for item in value)


def _dated(found: "models.Field[Any, Any] | None", value: Any) -> str:
    try:
        if isinstance(found, models.DateTimeField):
            return formats.moment(dt.datetime.fromisoformat(value))
        if isinstance(found, models.DateField):
            return formats.day(dt.date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)
    return str(value)
