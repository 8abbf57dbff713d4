"""The link by which a contact sees the plan of its company and says how far it is."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from customers.models import Contact
from surveys.models import Link
from surveys.tokens import link_new

OPEN_DAYS = 90


@transaction.atomic
def plan_link_create(*, actor: Principal | None, contact: Contact, days: int = OPEN_DAYS) -> str:
    """Make a contact's link and return its token, told this once; links it had before open nothing any more.

    Raises ValidationError for a contact that is no longer there.
    """
    if contact.archived_at is not None or contact.customer.archived_at is not None:
        raise ValidationError(_("This person is no longer there."))
    now = time.now()
    _open(contact).update(revoked_at=now)
    token = link_new(Link.Purpose.PLAN, contact=contact, expires_at=now + dt.timedelta(days=days))
    _audited(actor, contact, "planlink.created")
    return token


@transaction.atomic
def plan_links_revoke(*, actor: Principal | None, contact: Contact) -> int:
    """Close a contact's links; return how many were open."""
    closed = _open(contact).update(revoked_at=time.now())
    if closed:
        _audited(actor, contact, "planlink.revoked")
    return closed


def plan_links_open(customer_id: int) -> dict[int, dt.datetime]:
    """Return until when the links of a customer's contacts are open, by contact."""
    rows = Link.objects.filter(
        purpose=Link.Purpose.PLAN,
        contact__customer=customer_id,
        revoked_at__isnull=True,
        expires_at__gt=time.now(),
    )
    return {
        contact: until for contact, until in rows.values_list("contact", "expires_at") if contact and until
    }


def _open(contact: Contact) -> QuerySet[Link]:
    return Link.objects.filter(purpose=Link.Purpose.PLAN, contact=contact, revoked_at__isnull=True)


def _audited(actor: Principal | None, contact: Contact, action: str) -> None:
    audit.record(actor=actor, action=action, subject=contact, customer_id=contact.customer_id)
