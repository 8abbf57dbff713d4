"""Single letters to a contact that are no survey: planned in the contact budget, weighed when they leave."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core import mail
from core.letters import Later, Letter, Never
from core.models import OutgoingMail
from customers.models import Contact
from surveys.addresses import address_hash
from surveys.limits import dropped_words, held_by_words
from surveys.models import ContactMail, Link
from surveys.services.budget import mail_spend
from surveys.tokens import link_new


@transaction.atomic
def letter_queue(*, key: str, kind: str, counts_as: str, contact: Contact) -> bool:
    """Plan a letter of a kind to a contact; `counts_as` is its kind in the contact budget.

    The same key twice is one letter; return whether it is a new one.
    """
    _row, is_new = ContactMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": counts_as,
            "customer_id": contact.customer_id,
            "contact": contact,
            "address_hash": address_hash(contact.email),
        },
    )
    if is_new:
        mail.queue(kind=kind, to=contact.email, subject=kind, body_text="", key=key)
    return is_new


def weigh(row: OutgoingMail, at: dt.datetime) -> ContactMail | Later | Never:
    """Return the mail as the budget counted it, or when or why not; call it inside the writer's transaction."""
    return mail_spend(key=row.key, at=at)


def written(
    contact: Contact,
    *,
    subject: str,
    lines: list[str],
    stop_word: str,
    stop_kind: str,
    calendars: Mapping[str, str] | None = None,
) -> Letter:
    """Return a plain letter with a way to stop letters of this kind (RFC 2369, RFC 8058) and the owner's address."""
    token = link_new(Link.Purpose.UNSUBSCRIBE, contact=contact)
    stop = f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}?kind={stop_kind}"
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    owner = contact.customer.owner
    if owner is not None and owner.is_active:
        headers["Reply-To"] = owner.email
    text = "\n\n".join([*(line for line in lines if line), f"{stop_word}: {stop}"])
    return Letter(
        subject=" ".join(subject.split())[:180],
        text=text + "\n",
        headers=headers,
        calendars=calendars or {},
    )


def why_held(why: str) -> str:
    """Return in words what holds a letter back, or why it was called off."""
    return dropped_words(held_by_words(why))
