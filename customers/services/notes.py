"""Notes on a customer: written, corrected, pinned, put aside; who is mentioned gets a mail."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.models import OutgoingMail
from customers.mentions import Mentionable, mentioned
from customers.models import Customer, Note
from customers.services.facts import check_live


@transaction.atomic
def note_create(*, actor: User, customer: Customer, body: str) -> Note:
    """Write a note; people mentioned as @Name who may see the customer are told by mail, once."""
    check_live(customer)
    note = Note.objects.create(customer=customer, author=actor, body=_body(body))
    _mention(actor, note)
    audit.record(
        actor=actor,
        action="note.created",
        subject=note,
        changes={"body": (None, note.body)},
        customer_id=customer.pk,
        label=customer.name,
    )
    return note


@transaction.atomic
def note_update(*, actor: User, note: Note, body: str) -> Note:
    """Correct a note; the audit trail keeps what it said. Raises `PermissionDenied` (see `may_edit_note`)."""
    _check(actor, note)
    before, note.body = note.body, _body(body)
    if before == note.body:
        return note
    note.save(update_fields=["body", "updated_at"])
    _mention(actor, note)
    audit.record(
        actor=actor,
        action="note.updated",
        subject=note,
        changes={"body": (before, note.body)},
        customer_id=note.customer_id,
        label=note.customer.name,
    )
    return note


@transaction.atomic
def note_pin(*, actor: User, note: Note, pinned: bool) -> Note:
    """Put a note first on its customer's page, or no longer."""
    check_live(note.customer)
    if (note.pinned_at is not None) == pinned:
        return note
    note.pinned_at = time.now() if pinned else None
    note.save(update_fields=["pinned_at", "updated_at"])
    audit.record(
        actor=actor,
        action="note.pinned" if pinned else "note.unpinned",
        subject=note,
        changes={"pinned": (not pinned, pinned)},
        customer_id=note.customer_id,
        label=note.customer.name,
    )
    return note


@transaction.atomic
def note_archive(*, actor: User, note: Note, archived: bool) -> Note:
    """Put a note aside, or bring it back; it is never deleted. Raises `PermissionDenied`."""
    _check(actor, note)
    if (note.archived_at is not None) == archived:
        return note
    before, note.archived_at = note.archived_at, time.now() if archived else None
    note.save(update_fields=["archived_at", "updated_at"])
    audit.record(
        actor=actor,
        action="note.archived" if archived else "note.restored",
        subject=note,
        changes={"archived_at": (before, note.archived_at)},
        customer_id=note.customer_id,
        label=note.customer.name,
    )
    return note


def may_edit_note(user: User, note: Note) -> bool:
    """Tell whether a person may correct a note or put it aside: who wrote it, or a manager."""
    return note.author_id == user.pk or user.may(Perm.CUSTOMERS_MANAGE)


def _check(actor: User, note: Note) -> None:
    check_live(note.customer)
    if not may_edit_note(actor, note):
        raise PermissionDenied


def _body(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"body": _("Write something first.")})
    return text


def _mention(actor: User, note: Note) -> None:
    """Note who is mentioned now, and mail those who were not told of this note before."""
    people = {person.pk: person for person in User.objects.filter(is_active=True)}
    keys = mentioned(note.body, [Mentionable(one.pk, one.name, one.email) for one in people.values()])
    seeing = [
        people[key]
        for key in sorted(keys)
        if Customer.objects.visible_to(people[key]).filter(pk=note.customer_id).exists()
    ]
    note.mentions.set(seeing)
    for person in seeing:
        if person.pk != actor.pk:
            _mail(actor, note, person)


def _mail(actor: User, note: Note, person: User) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("%(name)s mentioned you on %(customer)s") % {
            "name": actor,
            "customer": note.customer.name,
        }
        address = f"{settings.SITE_URL}{reverse('customer', args=[note.customer_id])}"
        text = _("%(name)s wrote on %(customer)s:\n\n%(body)s\n\nSee it: %(address)s\n") % {
            "name": actor,
            "customer": note.customer.name,
            "body": note.body,
            "address": address,
        }
    OutgoingMail.objects.get_or_create(
        key=f"mention:{note.pk}:{person.pk}",
        defaults={"kind": "mention", "to": person.email, "subject": subject[:200], "body_text": text},
    )
