"""What every fact about a customer shares when it is written by hand: audit, earlier versions, stale days."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, time
from customers.models import Contract, Customer, FactVersion, Subscription, Ticket

Fact = TypeVar("Fact", bound=models.Model)
DaysOf = Callable[[Any], list[dt.date | None]]
VERSIONED: tuple[type[models.Model], ...] = (Subscription, Contract, Ticket)
_KEPT_OUT = {"id", "recorded_at", "hand_edited", "customer"}


def fact_values(row: models.Model) -> dict[str, Any]:
    """Return a fact's columns as plain values, without its key and its bookkeeping."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.editable and field.name not in _KEPT_OUT
    }


def _plain(value: Any) -> Any:
    """Write a value plainly; a moment in UTC, so that one moment is written in one way."""
    return audit.plain(value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value)


def version_keep(row: models.Model, values: Mapping[str, Any]) -> None:
    """Keep what a corrected subscription, contract or ticket said before, as it was known then."""
    FactVersion.objects.create(
        table=row._meta.model_name or "",
        row_id=row.pk,
        customer_id=row.customer_id,  # type: ignore[attr-defined]
        values=dict(values),
        recorded_at=row.recorded_at,  # type: ignore[attr-defined]
        superseded_at=time.now(),
    )


def check_live(customer: Customer) -> None:
    """Refuse to write about a customer that is archived or merged. Raises `ValidationError`."""
    if Customer.objects.filter(pk=customer.pk, archived_at__isnull=False).exists():
        raise ValidationError(_("This customer is archived. Restore it before you change anything of it."))


@transaction.atomic
def fact_create(*, actor: Principal | None, row: Fact, days: DaysOf) -> Fact:
    """Write a new fact; `days` names the days from which it counts."""
    check_live(row.customer)  # type: ignore[attr-defined]
    values = {name: (None, value) for name, value in fact_values(row).items() if value not in ("", None)}
    if hasattr(row, "hand_edited"):
        row.hand_edited = sorted(values)
    row.save()
    _tell(actor, row, "created", values, days(row))
    return row


@transaction.atomic
def fact_update(
    *,
    actor: Principal | None,
    row: Fact,
    changes: Mapping[str, Any],
    check: Callable[[Any], None],
    days: DaysOf,
) -> Fact:
    """Change a fact; a subscription, contract or ticket keeps its earlier version. Returns it as it is then.

    `check` looks at the fact as it would become, while it is locked. Raises `ValidationError` as `check` does.
    """
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    check_live(row.customer)  # type: ignore[attr-defined]
    before = fact_values(row)
    days_before = days(row)
    for name, value in changes.items():
        setattr(row, name, value)
    check(row)
    changed = audit.field_changes(before, fact_values(row))
    if not changed:
        return row
    if isinstance(row, VERSIONED):
        version_keep(row, before)
    if hasattr(row, "recorded_at"):
        row.recorded_at = time.now()
    if hasattr(row, "hand_edited"):
        row.hand_edited = sorted({*row.hand_edited, *changed})
    row.save()
    _tell(actor, row, "updated", changed, [*days_before, *days(row)])
    return row


def _tell(
    actor: Principal | None,
    row: Any,
    verb: str,
    changes: Mapping[str, tuple[Any, Any]],
    days: list[dt.date | None],
) -> None:
    what = row._meta.model_name
    audit.record(
        actor=actor,
        action=f"{what}.{verb}",
        subject=row,
        changes=changes,
        customer_id=row.customer_id,
        label=str(row),
    )
    known = [day for day in days if day is not None]
    first = min(known, default=time.today())
    events.emit("fact.changed", customer_id=row.customer_id, first=first.isoformat(), last=None, what=what)


def check_span(starts_on: dt.date, ends_on: dt.date | None) -> None:
    """Refuse a span that ends before it begins. Raises `ValidationError`."""
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError(
            {"ends_on": _("The end is before the start. Choose the start's day or a later one.")}
        )


def check_contact(row: Any) -> None:
    """Refuse a contact of another customer. Raises `ValidationError`."""
    if row.contact is not None and row.contact.customer_id != row.customer_id:
        raise ValidationError({"contact": _("Choose a contact of this customer.")})


def check_free(row: Any) -> None:
    """Refuse an external ID that another fact of this kind has. Raises `ValidationError`."""
    if type(row)._default_manager.filter(external_id=row.external_id).exclude(pk=row.pk).exists():
        raise ValidationError({"external_id": _("Another entry has this ID. Choose another one.")})
