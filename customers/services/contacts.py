"""People at a customer: coming, changing, leaving."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.principals import Principal
from customers.erased import let_back
from customers.models import Contact, Customer
from customers.services.facts import fact_create, fact_update


def _days(row: Contact) -> list[dt.date | None]:
    return []  # no figure of a finished day counts contacts: it matters from today on


@transaction.atomic
def contact_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Contact:
    """Write a person at a customer, also one who was erased and came back. Raises `ValidationError` when the address
    is there already."""
    row = Contact(customer=customer, **fields)
    row.email = row.email.strip()
    _check(row)
    let_back(customer_id=customer.pk, texts=(row.email, row.external_id))
    return fact_create(actor=actor, row=row, days=_days)


def contact_update(*, actor: Principal | None, contact: Contact, changes: Mapping[str, Any]) -> Contact:
    """Change a person; `active_until` is the first day they are no longer there. Raises `ValidationError`."""
    return fact_update(actor=actor, row=contact, changes=changes, check=_check, days=_days)


def _check(row: Contact) -> None:
    same = Contact.objects.filter(customer_id=row.customer_id, email__iexact=row.email).exclude(pk=row.pk)
    if same.exists():
        raise ValidationError(
            {"email": _("This customer has a contact with this address already. Edit that one instead.")}
        )
    if row.active_from and row.active_until and row.active_until < row.active_from:
        raise ValidationError({"active_until": _("The end is before the start.")})
