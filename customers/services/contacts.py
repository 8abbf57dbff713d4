"""People at a customer: coming, changing, leaving, put aside."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, time
from customers.erased import let_back
from customers.models import Contact, Customer
from customers.services.facts import check_live, fact_create, fact_update


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


@transaction.atomic
def contact_archive(*, actor: Principal | None, contact: Contact, archived: bool) -> Contact:
    """Put a person aside who should not stand there, or bring them back; nothing of them is deleted.

    Who left is not archived: they keep standing there with the day they left. Raises `ValidationError`.
    """
    row = Contact.objects.select_for_update(of=("self",)).select_related("customer").get(pk=contact.pk)
    check_live(row.customer)
    if (row.archived_at is not None) == archived:
        return row
    before, row.archived_at = row.archived_at, time.now() if archived else None
    row.save(update_fields=["archived_at", "updated_at"])
    audit.record(
        actor=actor,
        action="contact.archived" if archived else "contact.restored",
        subject=row,
        changes={"archived_at": (before, row.archived_at)},
        customer_id=row.customer_id,
        label=str(row),
    )
    first = time.today() if before is None else min(time.local_day(before), time.today())
    events.emit(
        "fact.changed", customer_id=row.customer_id, first=first.isoformat(), last=None, what="contact"
    )
    return row


def _check(row: Contact) -> None:
    if row.archived_at is not None:
        raise ValidationError(_("This person is archived. Restore them before you change anything."))
    same = Contact.objects.filter(customer_id=row.customer_id, email__iexact=row.email).exclude(pk=row.pk)
    there = same.first()
    if there is not None and there.archived_at is not None:
        raise ValidationError(
            {"email": _("A person with this address is archived here. Restore them instead.")}
        )
    if there is not None:
        raise ValidationError(
            {"email": _("This customer has a contact with this address already. Edit that one instead.")}
        )
    if row.active_from and row.active_until and row.active_until < row.active_from:
        raise ValidationError({"active_until": _("The end is before the start.")})
