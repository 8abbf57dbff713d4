"""People's requests about their data: taken down with the legal deadline, and ticked off."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from customers.models import Contact, DataRequest

DEADLINE = dt.timedelta(days=15)  # LGPD, art. 19, II


@transaction.atomic
def data_request_make(
    *, actor: Principal | None, contact: Contact, kind: str, requested_on: dt.date, today: dt.date
) -> DataRequest:
    """Take a request down; the same one that is still open is returned. Raises ValidationError for a day to come."""
    if requested_on > today:
        raise ValidationError({"requested_on": _("This day is still to come.")})
    if contact.erased_at is not None:
        raise ValidationError({"email": _("This person is erased already.")})
    request, is_new = DataRequest.objects.get_or_create(
        contact=contact,
        kind=kind,
        done_at=None,
        defaults={
            "requested_on": requested_on,
            "due_on": requested_on + DEADLINE,
            "made_by": actor.person if actor else None,
        },
    )
    if is_new:
        _told(actor, request, "privacy.requested", contact)
    return request


@transaction.atomic
def data_request_done(
    *, actor: Principal | None, contact: Contact, kind: str, today: dt.date, at: dt.datetime
) -> DataRequest:
    """Tick a person's request off, taking it down first where nobody did."""
    request = data_request_make(actor=actor, contact=contact, kind=kind, requested_on=today, today=today)
    request.done_at, request.done_by = at, actor.person if actor else None
    request.save(update_fields=["done_at", "done_by"])
    _told(
        actor, request, "privacy.exported" if kind == DataRequest.Kind.EXPORT else "privacy.erased", contact
    )
    return request


def _told(actor: Principal | None, request: DataRequest, action: str, contact: Contact) -> None:
    """Write the audit row; it names the contact by number only."""
    audit.record(
        actor=actor,
        action=action,
        subject=request,
        changes={"contact": (None, contact.pk), "due_on": (None, request.due_on)},
        customer_id=contact.customer_id,
    )
