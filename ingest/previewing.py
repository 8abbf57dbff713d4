"""The changed rows of a check, field by field, in words: names of fields, people and companies, money and dates."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from core import formats
from core.money import from_cents
from customers.models import AttributeDefinition, Contact, Customer
from ingest.apply.tables import TABLES
from ingest.models import Batch
from ingest.words import field_word

HIDDEN = {"hand_edited", "stage_since"}  # how we keep track, not what the row says
NAMED: dict[str, type[models.Model]] = {
    "owner_id": User,
    "contact_id": Contact,
    "customer_id": Customer,
    "parent_id": Customer,
    "referred_by_id": Customer,
}

Names = dict[tuple[type[models.Model], Any], str]


@dataclass(frozen=True)
class Shown:
    """A field's name, what it was and what it would become."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownRow:
    """A changed row: its line, what it is called, and its changes."""

    line: int
    label: str
    changes: Sequence[Shown]


def preview_rows(batch: Batch) -> list[ShownRow]:
    """Return the changed rows that a check kept, in words, in a fixed number of queries."""
    stored: list[dict[str, Any]] = batch.preview
    words = _Words(batch.kind, stored)
    rows = []
    for one in stored:
        changes = [shown for name, pair in one["changes"].items() for shown in words.of(name, pair)]
        rows.append(ShownRow(one["line"], one["label"], changes))
    return rows


class _Words:
    """Says the values of a kind; the names of what rows point to are read once."""

    def __init__(self, kind: str, stored: Iterable[dict[str, Any]]) -> None:
        self.kind = kind
        self.model = TABLES[kind].model if kind in TABLES else Customer
        wanted: dict[type[models.Model], set[Any]] = {}
        for one in stored:
            for name, pair in one["changes"].items():
                if name in NAMED:
                    wanted.setdefault(NAMED[name], set()).update(key for key in pair if key is not None)
        self.names: Names = {
            (model, row.pk): str(row)
            for model, keys in wanted.items()
            for row in model._default_manager.filter(pk__in=keys)
        }
        self.attributes = _attributes(stored)

    def of(self, name: str, pair: Sequence[Any]) -> list[Shown]:
        """Return the changes of a field; attributes are one field to us and several to a person."""
        if name in HIDDEN:
            return []
        before, after = pair
        if name == "attributes":
            old, new = before or {}, after or {}
            return [
                Shown(self.attributes.get(key, key), _plain(old.get(key)), _plain(new.get(key)))
                for key in sorted({*old, *new})
                if old.get(key) != new.get(key)
            ]
        return [Shown(field_word(self.kind, name), self._worded(name, before), self._worded(name, after))]

    def _worded(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return formats.UNKNOWN
        if name in NAMED:
            return self.names.get((NAMED[name], value), str(value))
        if name == "tags":
            return str(value).replace("|", ", ")
        if name.endswith("_cents") and isinstance(value, int):
            return _money(value)
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return _plain(value)
        choices: Mapping[Any, Any] = dict(getattr(field, "flatchoices", ()) or ())
        return str(choices[value]) if value in choices else _dated(field, value)


def _money(cents: int) -> str:
    """Write money to the cent, as a change of a few cents is a change."""
    return f"{formats.number(from_cents(cents), 2)} {settings.CURRENCY}"


def _attributes(stored: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the labels of the admin's own attributes, where any changes."""
    if not any("attributes" in one["changes"] for one in stored):
        return {}
    return dict(AttributeDefinition.objects.values_list("key", "label"))


def _dated(field: Any, value: Any) -> str:
    if isinstance(value, str) and isinstance(field, models.DateTimeField):
        return formats.moment(dt.datetime.fromisoformat(value))
    if isinstance(value, str) and isinstance(field, models.DateField):
        return formats.day(dt.date.fromisoformat(value))
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return formats.UNKNOWN
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
