"""Taking a person out of every text of every table, whatever wrote it: found in SQL, rewritten row by row.

The rows that tell of the person by structure are `erase.py`'s matter; this finds the rest: a note that names them, an
import's rejected row, an event waiting to be heard. Nothing here is counted by any figure.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from accounts.models import AuditEntry, AuditValue, User
from customers.models import Contact
from metrics.models import UsageDay, UsageEvent
from workspace.privacy.person import Person

OURS = ("core", "accounts", "customers", "surveys", "metrics", "playbooks", "ingest")
# Contacts and usage are emptied by structure, the team's people are others, the audit trail has its own way.
LEFT_OUT: tuple[type[models.Model], ...] = (Contact, UsageEvent, UsageDay, User, AuditEntry, AuditValue)
TEXT = (models.CharField, models.TextField)


def sweep(person: Person) -> int:
    """Take the person out of all texts; return how many rows were changed. A second time finds none."""
    return sum(_sweep(model, person) for model in _tables()) + _sweep_audit(person)


def _tables() -> Iterator[type[models.Model]]:
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            if model not in LEFT_OUT and model._meta.managed:
                yield model


def _fields(model: type[models.Model]) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (*TEXT, models.JSONField))
        and not isinstance(field, models.FileField)
        and not field.choices
        and not field.unique
        and not getattr(field, "generated", False)
    ]


def _sweep(model: type[models.Model], person: Person) -> int:
    fields = _fields(model)
    if not fields or not person.texts:
        return 0
    anywhere = Q()
    for field in fields:
        for text in person.texts:
            for written in {text, _in_json(text)} if isinstance(field, models.JSONField) else {text}:
                anywhere |= Q(**{f"{field.name}__icontains": written})
    changed = 0
    for row in (
        model._default_manager.filter(anywhere).only("pk", *(field.name for field in fields)).iterator(500)
    ):
        values = {}
        for field in fields:
            before = getattr(row, field.attname)
            after = _without(before, person)
            if after != before:
                values[field.attname] = after[: field.max_length] if isinstance(after, str) else after
        if values:
            model._default_manager.filter(pk=row.pk).update(**values)
            changed += 1
    return changed


def _in_json(text: str) -> str:
    """Return a text as it stands inside JSON with escapes, as SQLite keeps it."""
    return json.dumps(text)[1:-1]


def _without(value: Any, person: Person) -> Any:
    if isinstance(value, str):
        return person.without(value)
    if isinstance(value, list):
        return [_without(one, person) for one in value]
    if isinstance(value, dict):
        return {person.without(str(key)): _without(one, person) for key, one in value.items()}
    return value


def _sweep_audit(person: Person) -> int:
    """Empty the values that name the person: the trail lets a value go, never change."""
    of_contact = Q(
        entry__object_type=Contact._meta.label_lower, entry__object_id__in=[str(key) for key in person.keys]
    )
    named = Q()
    for text in person.texts:
        for column in ("before", "after", "label"):
            named |= Q(**{f"{column}__icontains": text})
            if column != "label":
                named |= Q(**{f"{column}__icontains": _in_json(text)})
    rows = (
        AuditValue.objects.filter(of_contact | named)
        if person.texts
        else AuditValue.objects.filter(of_contact)
    )
    with transaction.atomic():
        return rows.exclude(before=None, after=None, label="").update(before=None, after=None, label="")
