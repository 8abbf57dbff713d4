"""Which table each kind fills, and how its rows are found again. `customers` and `usage` have their own modules."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from core import time
from customers.models import (
    AcquisitionCost,
    Contact,
    Contract,
    Milestone,
    Objective,
    Payment,
    Product,
    Subscription,
    Ticket,
    Touchpoint,
)
from metrics.models import Target
from surveys.models import Response

Fields = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A kind's table. `key` are the attributes that make a row the same row, `narrow` those it is looked up by.

    `versioned`: a corrected row keeps its earlier version. `days` names the attributes whose earliest day
    is the first that a change of the row touches in the figures.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    narrow: tuple[str, ...]
    versioned: bool = False
    days: tuple[str, ...] = ()
    fold: frozenset[str] = frozenset()  # key attributes compared without regard to case

    def key_of(self, fields: Fields) -> tuple[Any, ...]:
        """Return a row's key from its attributes."""
        return tuple(str(fields[name]).casefold() if name in self.fold else fields[name] for name in self.key)

    def existing(self, wanted: Iterable[Fields]) -> dict[tuple[Any, ...], models.Model]:
        """Return the rows that are there already, by key, in one read."""
        rows = list(wanted)
        if not rows:
            return {}
        narrow = Q()
        for name in self.narrow:
            narrow &= Q(**{f"{name}__in": {fields[name] for fields in rows}})
        found = self.model._default_manager.filter(narrow).order_by()
        return {self.key_of(snapshot(row)): row for row in found}

    def first_day(self, *states: Fields | None) -> dt.date | None:
        """Return the earliest day that a change between these states touches."""
        days = [
            time.local_day(value) if isinstance(value, dt.datetime) else value
            for state in states
            if state
            for value in (state[name] for name in self.days)
            if value is not None
        ]
        return min(days) if days else None


def snapshot(row: models.Model) -> Fields:
    """Return a row's columns but its id, as plain attributes."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.generated
    }


TABLES: dict[str, Table] = {
    "contacts": Table(Contact, ("customer_id", "email"), ("customer_id",), fold=frozenset({"email"})),
    "products": Table(Product, ("product", "plan", "feature"), ("product",)),
    "subscriptions": Table(
        Subscription, ("external_id", "starts_on"), ("external_id",), versioned=True, days=("starts_on",)
    ),
    "contracts": Table(
        Contract, ("external_id",), ("external_id",), versioned=True, days=("starts_on", "signed_on")
    ),
    "payments": Table(Payment, ("external_id",), ("external_id",), days=("paid_on", "due_on")),
    "costs": Table(AcquisitionCost, ("month", "category"), ("month",)),
    "milestones": Table(Milestone, ("customer_id", "milestone"), ("customer_id",), days=("reached_on",)),
    "tickets": Table(
        Ticket, ("external_id",), ("external_id",), versioned=True, days=("opened_at", "solved_at")
    ),
    "responses": Table(Response, ("external_id",), ("external_id",), days=("answered_at",)),
    "touchpoints": Table(Touchpoint, ("external_id",), ("external_id",), days=("happened_at",)),
    "objectives": Table(Objective, ("customer_id", "name"), ("customer_id",), days=("starts_on",)),
    "targets": Table(Target, ("key", "slice", "due_on"), ("key",)),
}
