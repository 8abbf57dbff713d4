"""How a survey's mail leaves (see `core.letters`): weighed, counted, written in one transaction, then noted."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from core import time
from core.letters import Later, Letter, Never
from core.models import OutgoingMail
from surveys.letter import letter_for
from surveys.limits import dropped_words, held_by_words
from surveys.models import Campaign, ContactMail, Invitation, Response
from surveys.services.budget import mail_drop, mail_spend

PAUSED_FOR = dt.timedelta(hours=1)  # a mail caught in the middle of a pause; the others left the outbox


class SurveyWriter:
    """Writes the mails of invitations and their reminders."""

    @transaction.atomic
    def write(self, mail: OutgoingMail) -> Letter | Later | Never:
        """Return the letter with fresh links, or when or why not; the contact budget has counted it then."""
        at = time.now()
        planned = _planned(mail)
        if planned is None or planned.invitation is None:
            return Never("erased")
        invitation = planned.invitation
        if invitation.campaign is not None and invitation.campaign.state == Campaign.State.PAUSED:
            return Later(at + PAUSED_FOR, "paused")
        why = _not_needed(invitation, at)
        spent = mail_drop(mail=planned, why=why) if why else mail_spend(key=mail.key, at=at)
        if isinstance(spent, Never) and not planned.reminder:
            Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.WAITING).update(
                state=Invitation.State.DROPPED
            )
        if isinstance(spent, Later | Never):
            return spent
        return letter_for(invitation, reminder=planned.reminder)

    @transaction.atomic
    def left(self, mail: OutgoingMail) -> None:
        """Note on the invitation that its mail, or a reminder, was taken by the server."""
        at = time.now()
        planned = _planned(mail)
        if planned is None or planned.invitation is None:
            return
        rows = Invitation.objects.filter(pk=planned.invitation.pk)
        if planned.reminder:
            rows.update(reminders=F("reminders") + 1)
            return
        rows.filter(state=Invitation.State.WAITING).update(state=Invitation.State.SENT)
        days = planned.invitation.survey.link_days
        rows.filter(sent_at__isnull=True).update(sent_at=at)
        if days is not None:
            rows.filter(expires_at__isnull=True).update(expires_at=at + dt.timedelta(days=days))

    def says(self, why: str) -> str:
        """Return in words what holds a mail back, or why it was called off."""
        return dropped_words(held_by_words(why))


def _planned(mail: OutgoingMail) -> ContactMail | None:
    return (
        ContactMail.objects.filter(key=mail.key)
        .select_related(
            "invitation__survey", "invitation__campaign", "invitation__contact", "invitation__customer__owner"
        )
        .prefetch_related("invitation__survey__texts")
        .first()
    )


def _not_needed(invitation: Invitation, at: dt.datetime) -> str:
    """Return why the mail has become pointless, "" when it has not."""
    stopped = invitation.campaign is not None and invitation.campaign.state == Campaign.State.STOPPED
    reasons = (
        (invitation.contact is None, "erased"),
        (stopped or not invitation.is_open(at), "stopped"),
        (invitation.survey.is_closed(at), "closed"),
        (Response.objects.filter(invitation=invitation, held=False).exists(), "answered"),
    )
    return next((why for holds, why in reasons if holds), "")
