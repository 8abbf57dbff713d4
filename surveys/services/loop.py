"""Closing the loop: a low answer opens a case, somebody closes it, the contact is told and says whether it helped."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import events, mail
from customers.models import Contact
from customers.working import working
from surveys.languages import language_of
from surveys.models import Link, LoopCase, LoopSettings, Response
from surveys.public.words import WORDS
from surveys.scales import level
from surveys.services.suppressions import suppressed_kinds
from surveys.tokens import link_new

FOLLOWED = ("nps", "csat", "ces")


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
def case_tell(*, actor: Principal, case: LoopCase, by_mail: bool, at: dt.datetime) -> str:
    """Tell the contact what was done; return the token of the page that asks whether it helped.

    `by_mail` also sends it there, unless the person wants no mail. Raises `ValidationError`.
    """
    contact = case.response.contact
    if case.closed_at is None:
        raise ValidationError(_("Close it first: the contact is told what was done."))
    if contact is None:
        raise ValidationError(_("Nobody is known to tell: the answer has no contact."))
    if by_mail and (contact.opted_out or suppressed_kinds(contact.email)):
        raise ValidationError(_("This person wants no mail. Make a link and pass it on yourself."))
    token = link_new(Link.Purpose.CLOSING, contact=contact, subject_id=case.pk)
    LoopCase.objects.filter(pk=case.pk).update(told_at=at)
    audit.record(
        actor=actor, action="case.told", subject=case, customer_id=case.customer_id, label=str(contact)
    )
    if by_mail:
        _send(case, contact, token)
    return token


def _send(case: LoopCase, contact: Contact, token: str) -> None:
    invitation = case.response.invitation
    words = WORDS[invitation.language if invitation else language_of(contact.locale)]
    address = settings.SITE_URL + reverse("survey_done", args=[token])
    stop = settings.SITE_URL + reverse(
        "unsubscribe", args=[link_new(Link.Purpose.UNSUBSCRIBE, contact=contact)]
    )
    mail.queue(
        kind="case.told",
        to=contact.email,
        subject=words["case_title"],
        body_text=f"{case.done}\n\n{words['case_ask']} {address}\n\n{words['stop']}: {stop}\n",
        key=f"case:{case.pk}:{link_count(case)}",
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        secret=True,
    )


def link_count(case: LoopCase) -> int:
    """Return how often the contact was told."""
    return Link.objects.filter(purpose=Link.Purpose.CLOSING, subject_id=case.pk).count()


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
