"""What a mail provider tells: a delivery is noted, a bounce or a complaint stops further mails to the address."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts import audit
from core import time
from core.models import OutgoingMail
from customers.models import Contact
from surveys.addresses import address_hash
from surveys.models import ContactMail, Invitation, Suppression

Kind, Why = Suppression.Kind, Suppression.Why
STOPS = {"bounced": Why.BOUNCED, "rejected": Why.BOUNCED, "complained": Why.COMPLAINED}


def hear_tracking(sender: Any, event: Any, esp_name: str, **more: Any) -> None:
    """Take an event of django-anymail (`anymail.signals.tracking`); kinds that say nothing lasting are left."""
    number = str((event.metadata or {}).get("mail", ""))
    mail_told(
        told=str(event.event_type),
        address=event.recipient or "",
        number=int(number) if number.isdecimal() else None,
        at=event.timestamp or time.now(),
    )


@transaction.atomic
def mail_told(*, told: str, address: str, number: int | None, at: dt.datetime) -> None:
    """Note what a provider told of a mail: `delivered`, `bounced`, `rejected` or `complained`; twice is once.

    The address is that of the event; where it names none, that of our mail `number`. A bounce stops all mail to the
    address, a complaint too; the invitation behind the mail is marked.
    """
    mail = OutgoingMail.objects.filter(pk=number).first() if number is not None else None
    address = address or (mail.to if mail else "")
    why = STOPS.get(told)
    if why is not None and address:
        _suppress(address, why, at)
    planned = ContactMail.objects.filter(key=mail.key).first() if mail else None
    if planned is None or planned.invitation_id is None:
        return
    rows = Invitation.objects.filter(pk=planned.invitation_id)
    if told == "delivered":
        rows.filter(delivered_at__isnull=True).update(delivered_at=at)
        rows.filter(state=Invitation.State.SENT).update(state=Invitation.State.DELIVERED)
    elif told in {"bounced", "rejected"}:
        rows.filter(bounced_at__isnull=True).update(bounced_at=at)
        rows.filter(state__in=[Invitation.State.SENT, Invitation.State.DELIVERED]).update(
            state=Invitation.State.BOUNCED
        )


def _suppress(address: str, why: str, at: dt.datetime) -> None:
    contacts = list(Contact.objects.filter(email__iexact=address.strip()))
    _row, is_new = Suppression.objects.get_or_create(
        address_hash=address_hash(address),
        kind=Kind.ALL,
        lifted_at=None,
        defaults={"contact": contacts[0] if contacts else None, "why": why, "made_at": at},
    )
    for contact in contacts if is_new else []:
        audit.record(
            actor=None,
            action="contact.suppressed",
            subject=contact,
            changes={"kind": (None, str(Kind.ALL)), "why": (None, str(why))},
            customer_id=contact.customer_id,
            label=str(contact),
        )
