"""Closing the loop: a low answer opens a case, somebody closes it, the contact is told and says whether it helped."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, mail
from core.models import OutgoingMail, WorkState
from customers.models import Contact
from customers.working import working
from surveys.languages import language_of
from surveys.models import Link, LoopCase, LoopSettings, Response
from surveys.public.words import WORDS
from surveys.scales import level
from surveys.services.suppressions import suppressed_kinds
from surveys.tokens import link_new

FOLLOWED = ("nps", "csat", "ces")
MAIL_KIND = "case.told"


def case_open(*, response: Response) -> LoopCase | None:
    """Open the case of a low answer for the customer's owner, inside the caller's transaction; once an answer.

    An answer that was low and is no longer keeps its case: somebody may be at it already.
    """
    if response.survey not in FOLLOWED or level(response.survey, response.score) != "low":
        return None
    waits = LoopSettings.get()
    opened = response.answered_at
    case, is_new = LoopCase.objects.get_or_create(
        response=response,
        defaults={
            "customer_id": response.customer_id,
            "owner_id": response.customer.owner_id,
            "opened_at": opened,
            "due_at": opened + dt.timedelta(hours=waits.hours),
            "due_working_at": working().calendar().add_business_hours(opened, waits.working_hours),
        },
    )
    if is_new:
        events.emit("case.opened", customer_id=response.customer_id, case=case.pk, response=response.pk)
    return case


@transaction.atomic
def case_close(*, actor: Principal, case: LoopCase, done: str, at: dt.datetime) -> LoopCase:
    """Close a case by saying what was done. Raises `ValidationError` without words, or when it is closed already."""
    case = LoopCase.objects.select_for_update().get(pk=case.pk)
    if case.closed_at is not None:
        raise ValidationError(_("This was closed already."))
    if not done.strip():
        raise ValidationError({"done": _("Say what was done; the contact can be told these words.")})
    case.done, case.closed_at, case.closed_by = done.strip(), at, actor.person
    case.save(update_fields=["done", "closed_at", "closed_by"])
    audit.record(
        actor=actor,
        action="case.closed",
        subject=case,
        changes={"done": ("", case.done)},
        customer_id=case.customer_id,
    )
    events.emit("case.closed", customer_id=case.customer_id, case=case.pk, response=case.response_id)
    return case


@transaction.atomic
def case_helped(*, case: LoopCase, helped: bool, at: dt.datetime) -> None:
    """Record what the contact says to "did it help?"; they may change their mind."""
    LoopCase.objects.filter(pk=case.pk, told_at__isnull=False).update(helped=helped, helped_at=at)


@transaction.atomic
def case_tell(*, actor: Principal, case: LoopCase, by_mail: bool, at: dt.datetime, done: str = "") -> str:
    """Tell the contact what was done, in other words than those it was closed with where `done` gives some.

    By mail: a letter waits in the outbox, written as it leaves (`surveys/case_letter.py`), and "" is returned. Else the
    token of the page that asks whether it helped. Raises `ValidationError`.
    """
    case = (
        LoopCase.objects.select_for_update(of=("self",)).select_related("response__contact").get(pk=case.pk)
    )
    contact = case.response.contact
    if case.closed_at is None:
        raise ValidationError(_("Close it first: the contact is told what was done."))
    if contact is None or contact.erased_at is not None:
        raise ValidationError(_("Nobody is known to tell: the answer has no contact."))
    if by_mail and (contact.opted_out or suppressed_kinds(contact.email)):
        raise ValidationError(_("This person wants no mail. Make a link and pass it on yourself."))
    words, changes = done.strip(), {}
    if words and words != case.done:
        changes = {"done": (case.done, words)}
        LoopCase.objects.filter(pk=case.pk).update(done=words)
    audit.record(
        actor=actor,
        action="case.told",
        subject=case,
        changes=changes,
        customer_id=case.customer_id,
        label=str(contact),
    )
    if by_mail:
        _queue(case, contact)
        return ""
    LoopCase.objects.filter(pk=case.pk).update(told_at=at)
    return link_new(Link.Purpose.CLOSING, contact=contact, subject_id=case.pk)


def _queue(case: LoopCase, contact: Contact) -> None:
    """Put the letter into the outbox, as a row that holds the address and no text."""
    earlier = OutgoingMail.objects.filter(kind=MAIL_KIND, key__startswith=f"case:{case.pk}:")
    if earlier.filter(state__in=[WorkState.WAITING, WorkState.RUNNING]).exists():
        raise ValidationError(_("A mail to this person is on its way already."))
    mail.queue(
        kind=MAIL_KIND,
        to=contact.email,
        subject=WORDS[case_language(case)]["case_title"],
        body_text="",
        key=f"case:{case.pk}:{earlier.count() + 1}",
    )


def case_language(case: LoopCase) -> str:
    """Return the language in which the contact is told: the invitation's, else the contact's own."""
    invitation, contact = case.response.invitation, case.response.contact
    return invitation.language if invitation else language_of(contact.locale if contact else "")


@transaction.atomic
def loop_settings_save(*, actor: Principal, hours: int, working_hours: int) -> LoopSettings:
    """Set how long low answers may wait; cases that are open keep their deadline."""
    row = LoopSettings.get()
    before = {"hours": row.hours, "working_hours": row.working_hours}
    row.hours, row.working_hours = hours, working_hours
    row.save()
    changes = audit.field_changes(before, {"hours": hours, "working_hours": working_hours})
    if changes:
        audit.record(actor=actor, action="loop.changed", subject=row, changes=changes)
    return row
