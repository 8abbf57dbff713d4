"""Erasing a person: name, address and texts go from every table and file, the figures do not change by a digit.

What figures count stays: that there was a contact with a role, an answer with a score, a user who was active. The
contact's own row goes last, so an erasure that was killed is done again and finds the person still.
"""

import datetime as dt
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.principals import Principal
from core import local_outbox
from core.models import OutgoingMail, WorkState
from customers.erased import ErasedPerson, keep_away
from customers.models import Attachment, Contact, DataRequest, Insight, Note, Ticket, Touchpoint
from customers.services.privacy import data_request_done
from ingest.models import Batch, HeldEvent, IntakePerson
from metrics.models import UsageDay, UsageEvent
from playbooks.models import Alert
from surveys.addresses import address_hash
from surveys.models import ContactMail, Invitation, Link, Response, ResponseVersion
from workspace.privacy.person import Person, person_of
from workspace.privacy.sweep import sweep

NOWHERE = "erased.invalid"  # a name that no mail can ever reach (RFC 2606)


@dataclass(frozen=True)
class Erased:
    """What an erasure did, and what somebody should look at: texts and files of the team about the customer."""

    contacts: int
    answers: int
    mails: int
    files: int
    texts: int
    notes_to_read: int
    files_to_read: int


def erase_contact(*, actor: Principal | None, contact: Contact, today: dt.date, at: dt.datetime) -> Erased:
    """Erase the person behind a contact, at every customer with that address; tick the request off.

    Runs in steps of their own and may be run again. The address stays stopped: its hash outlives it.
    """
    person = person_of(contact)
    answers = Response.objects.filter(contact__in=person.keys).count()
    mails = _mails(person)
    files = _imported_files(person)
    texts = sweep(person)
    _usage(person)
    _intake(person)
    with transaction.atomic():
        _own_texts(person)
        _links(person, at)
        for one in person.contacts:
            data_request_done(actor=actor, contact=one, kind=DataRequest.Kind.ERASE, today=today, at=at)
        _contacts(person, at)
    return Erased(
        contacts=len(person.contacts),
        answers=answers,
        mails=mails,
        files=files,
        texts=texts,
        notes_to_read=Note.objects.filter(customer__in=person.firms).count()
        + Touchpoint.objects.filter(contact__in=person.keys).exclude(summary="").count(),
        files_to_read=Attachment.objects.filter(customer__in=person.firms, archived_at__isnull=True).count(),
    )


def _own_texts(person: Person) -> None:
    """Empty what the person wrote."""
    Response.objects.filter(contact__in=person.keys).update(comment="")
    ResponseVersion.objects.filter(response__contact__in=person.keys).update(comment="")
    Ticket.objects.filter(contact__in=person.keys).update(subject="")
    Insight.objects.filter(contact__in=person.keys).update(quote="", said_by="")
    Invitation.objects.filter(contact__in=person.keys).update(event_subject="")
    answers = Response.objects.filter(contact__in=person.keys).values("pk")
    tickets = Ticket.objects.filter(contact__in=person.keys).values("pk")
    Alert.objects.filter(
        Q(scope="contact", subject_id__in=person.keys)
        | Q(scope="response", subject_id__in=answers)
        | Q(scope="ticket", subject_id__in=tickets)
    ).update(label="")


def _links(person: Person, at: dt.datetime) -> None:
    """Take away every link, revoke what could still be answered, and let the budget forget the address."""
    Link.objects.filter(Q(contact__in=person.keys) | Q(invitation__contact__in=person.keys)).delete()
    Invitation.objects.filter(contact__in=person.keys, revoked_at__isnull=True).update(revoked_at=at)
    mails = ContactMail.objects.filter(contact__in=person.keys)
    mails.filter(state=ContactMail.State.PLANNED).update(
        state=ContactMail.State.DROPPED, dropped_why="erased"
    )
    mails.update(address_hash=address_hash(f"{person.keys[0]}@{NOWHERE}"))


def _contacts(person: Person, at: dt.datetime) -> None:
    for key in person.keys:
        Contact.objects.filter(pk=key).update(
            email=f"{key}@{NOWHERE}",
            name="",
            phone="",
            external_id="",
            job_title="",
            locale="",
            time_zone="",
            hand_edited=[],
            opted_out=True,
            erased_at=at,
        )


def _mails(person: Person) -> int:
    """Call off what waits, empty what was sent, and take the files of the local outbox away."""
    to = Q()
    for address in person.addresses:
        to |= Q(to__iexact=address)
    rows = OutgoingMail.objects.filter(to)
    keys = list(rows.values_list("pk", flat=True))
    local_outbox.forget(keys)
    rows.filter(state=WorkState.WAITING).delete()
    return OutgoingMail.objects.filter(pk__in=keys).update(
        to=f"{person.keys[0]}@{NOWHERE}", subject="", body_text="", body_html="", headers={}
    ) or len(keys)


def _usage(person: Person) -> None:
    """Give the person's logins other names, one for one, so that people are counted as before, and keep them so."""
    first = person.keys[0]
    for contact in person.contacts:
        firm = contact.customer_id
        names = _logins(person, firm)
        aliases = {name: f"erased-{first}-{n}" for n, name in enumerate(names)}
        away: dict[tuple[int | None, str], ErasedPerson] = {}
        for n, login in enumerate([*names, *person.logins]):
            away.setdefault((firm, login.lower()), ErasedPerson(contact.pk, f"erased-{first}-{n}"))
        for address in person.addresses:
            away.setdefault((None, address.lower()), away[firm, address.lower()])
        with transaction.atomic():
            keep_away(texts=away)
            for name, alias in aliases.items():
                for model in (UsageDay, UsageEvent):
                    model._default_manager.filter(customer=firm, person=name).update(person=alias)


def _logins(person: Person, firm: int) -> list[str]:
    """Return the person's logins as they stand in a customer's usage."""
    if not person.logins:
        return []
    wanted = Q()
    for login in person.logins:
        wanted |= Q(person__iexact=login)
    names: set[str] = set()
    for model in (UsageDay, UsageEvent):
        rows = model._default_manager.filter(wanted, customer=firm).order_by()
        names |= set(rows.values_list("person", flat=True).distinct())
    return sorted(names)


def _intake(person: Person) -> None:
    """Take away what tracking calls brought about the person: who they are, and events held for a customer."""
    if not person.logins:
        return
    wanted = Q()
    for login in person.logins:
        wanted |= Q(person__iexact=login)
    HeldEvent.objects.filter(wanted).delete()
    emails = sorted(address.lower() for address in person.addresses)
    IntakePerson.objects.filter(Q(user_key__in=person.logins) | Q(email__in=emails)).delete()


def _imported_files(person: Person) -> int:
    """Take away uploaded files that name the person; what they brought in stays, and can still be taken back."""
    gone = 0
    for batch in Batch.objects.exclude(file="").iterator(100):
        if any(person.pattern.search(text) for text in _read(batch)):
            batch.file.delete(save=False)
            Batch.objects.filter(pk=batch.pk).update(file="")
            gone += 1
    return gone


def _read(batch: Batch) -> Iterable[str]:
    """Return an upload's text: a CSV's, or the parts of an Excel file."""
    try:
        with batch.file.open("rb") as file:
            if not zipfile.is_zipfile(file):
                file.seek(0)
                raw = file.read()
                return [raw.decode("utf-8", "replace"), raw.decode("cp1252", "replace")]
            with zipfile.ZipFile(file) as packed:
                return [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    except FileNotFoundError:
        return []
