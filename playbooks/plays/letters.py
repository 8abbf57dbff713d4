"""Mails of playbooks: written as they leave, under the contact budget (docs/adr/0009)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Workspace
from core import formats, time
from core.letters import Later, Letter, Never
from core.models import OutgoingMail
from customers.models import Contact, Contract, Customer
from playbooks.ical import Invited, invitation_file
from playbooks.models import Run, RunStep, Step
from playbooks.plays.fields import filled
from playbooks.plays.kinds import LINKS
from surveys.languages import language_of
from surveys.models import ContactMail, Suppression
from surveys.public.words import WORDS
from surveys.services.direct import weigh, why_held, written

MAIL_KIND = "playbook"


def mail_key(row: RunStep, contact: Contact) -> str:
    """Return the key of a step's mail to somebody: it leaves once."""
    return f"{MAIL_KIND}:{row.pk}:{contact.pk}"


def field_values(customer: Customer, today: dt.date) -> dict[str, str]:
    """Return what the fields of a mail stand for, as far as the customer decides it; "" for what is not known."""
    renewal = (
        Contract.objects.filter(customer=customer, ends_on__gt=today, cancelled_on__isnull=True)
        .order_by("ends_on")
        .first()
    )
    owner = customer.owner
    return {
        "customer": customer.name,
        "owner": owner.name if owner is not None else "",
        "owner_email": owner.email if owner is not None else "",
        "workspace": Workspace.get().name,
        "renewal_date": formats.day(renewal.ends_on) if renewal is not None else "",
        "started_on": formats.day(customer.started_on) if customer.started_on is not None else "",
    }


class PlaybookWriter:
    """Writes the mails of steps; their key names step and contact."""

    @transaction.atomic
    def write(self, mail: OutgoingMail) -> Letter | Later | Never:
        """Return the letter with its fields filled in; the contact budget has counted it then."""
        row, contact = _of(mail)
        if row is None or contact is None or contact.erased_at is not None:
            return Never("erased")
        at = time.now()
        why = _not_any_more(row, at)
        if why:
            ContactMail.objects.filter(key=mail.key, state=ContactMail.State.PLANNED).update(
                state=ContactMail.State.DROPPED, dropped_why=why
            )
            return Never(why)
        spent = weigh(mail, at)
        return spent if isinstance(spent, Later | Never) else _letter(row, contact, at)

    def left(self, mail: OutgoingMail) -> None:
        """Nothing is to be noted: the contact budget knows since the letter was written."""

    def says(self, why: str) -> str:
        """Return in words what holds a mail back, or why it was called off."""
        own = {"stopped": _("Playbook stopped"), "late": _("The meeting is over")}
        return own.get(why) or why_held(why)


def _not_any_more(row: RunStep, at: dt.datetime) -> str:
    """Return why a mail has become pointless, "" when it has not."""
    if row.run.standing == Run.Standing.STOPPED:
        return "stopped"
    return "late" if row.moment is not None and row.moment <= at else ""


def _letter(row: RunStep, contact: Contact, at: dt.datetime) -> Letter:
    language = language_of(contact.locale, contact.customer.locale)
    with translation.override({"pt": "pt-br"}.get(language[:2], language if language == "en" else "en")):
        values = {
            **field_values(contact.customer, time.local_day(at)),
            "name": contact.name or contact.customer.name,
            "first_name": contact.name.split()[0] if contact.name.split() else contact.customer.name,
            "meeting_time": formats.moment(row.moment) if row.moment is not None else "",
        }
        links = [
            f"{link.get('label') or LINKS.get(str(link.get('kind')), '')}: {link['url']}"
            for link in row.step.params.get("links") or []
        ]
    subject = filled(str(row.step.params.get("subject", "")), values)
    body = filled(str(row.step.params.get("body", "")), values)
    return written(
        contact,
        subject=subject,
        lines=[body, *links],
        stop_word=WORDS[language]["stop_letters"],
        stop_kind=Suppression.Kind.PLAYBOOKS,
        calendars=_calendars(row, contact, subject, body, at),
    )


def _calendars(row: RunStep, contact: Contact, title: str, text: str, at: dt.datetime) -> dict[str, str]:
    if row.step.kind != Step.Kind.MEETING or row.moment is None:
        return {}
    owner = contact.customer.owner
    host = settings.SITE_URL.partition("://")[2].partition("/")[0] or "zelo"
    asked = Invited(
        uid=f"playbook-{row.pk}-{contact.pk}@{host}",
        starts_at=row.moment,
        minutes=int(row.step.params.get("minutes") or 30),
        title=title,
        text=text,
        place=str(row.step.params.get("place") or ""),
        organizer=owner.email if owner is not None else "",
        attendee=contact.email,
        sent_at=at,
    )
    return {"invite.ics": invitation_file(asked)}


def _of(mail: OutgoingMail) -> tuple[RunStep | None, Contact | None]:
    _prefix, row, contact = mail.key.split(":")
    found = RunStep.objects.select_related("run", "step").filter(pk=int(row)).first()
    person = Contact.objects.select_related("customer__owner").filter(pk=int(contact)).first()
    return found, person
