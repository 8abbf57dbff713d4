"""Who must not be written to any more: asked by the person, learned from a bounce, or entered by the team."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts import audit
from accounts.principals import Principal
from customers.models import Contact
from surveys.addresses import address_hash
from surveys.models import Suppression

Kind, Why = Suppression.Kind, Suppression.Why


def suppressed_kinds(address: str) -> set[str]:
    """Return the kinds of mail an address gets no more."""
    rows = Suppression.objects.filter(address_hash=address_hash(address), lifted_at__isnull=True)
    kinds = set(rows.values_list("kind", flat=True))
    return {str(Kind.SURVEYS), str(Kind.PLAYBOOKS), str(Kind.ALL)} if Kind.ALL in kinds else kinds


@transaction.atomic
def suppression_add(
    *, actor: Principal | None, contact: Contact, kind: str, why: str, at: dt.datetime
) -> Suppression:
    """Write no more mail of a kind to a contact's address; a second time changes nothing."""
    row, is_new = Suppression.objects.get_or_create(
        address_hash=address_hash(contact.email),
        kind=kind,
        lifted_at=None,
        defaults={"contact": contact, "why": why, "made_at": at},
    )
    if is_new:
        _audited(actor, contact, "contact.suppressed", kind, why)
    return row


@transaction.atomic
def suppression_choose(*, contact: Contact, kinds: Collection[str], at: dt.datetime) -> None:
    """Let a person choose which kinds of mail stop; kinds not named may come again, bounces stay as they are."""
    asked = Suppression.objects.filter(
        address_hash=address_hash(contact.email), lifted_at__isnull=True, why=Why.ASKED
    )
    for row in asked.exclude(kind__in=kinds):
        row.lifted_at = at
        row.save(update_fields=["lifted_at"])
        _audited(None, contact, "contact.unsuppressed", row.kind, row.why)
    for kind in kinds:
        suppression_add(actor=None, contact=contact, kind=kind, why=Why.ASKED, at=at)


def _audited(actor: Principal | None, contact: Contact, action: str, kind: str, why: str) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=contact,
        changes={"kind": (None, kind), "why": (None, why)},
        customer_id=contact.customer_id,
        label=str(contact),
    )
