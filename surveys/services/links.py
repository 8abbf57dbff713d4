"""Personal links to share anywhere: made for one person, told once, revocable."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from customers.models import Contact
from surveys.languages import language_of
from surveys.models import Invitation, Link, Survey
from surveys.tokens import link_new


@transaction.atomic
def survey_link_create(
    *, actor: Principal, survey: Survey, contact: Contact, at: dt.datetime
) -> tuple[Invitation, str]:
    """Invite a person by a link that somebody passes on; return the invitation and the link's token.

    Raises `ValidationError` where the survey is closed or the person has left.
    """
    if survey.is_closed(at):
        raise ValidationError(_("This survey is closed."))
    if contact.archived_at is not None:
        raise ValidationError(_("This person is no longer at the customer."))
    invitation = Invitation.objects.create(
        survey=survey,
        customer_id=contact.customer_id,
        contact=contact,
        channel=Invitation.Channel.LINK,
        state=Invitation.State.SENT,
        language=language_of(contact.locale, contact.customer.locale),
        sent_at=at,
        expires_at=at + dt.timedelta(days=survey.link_days) if survey.link_days else None,
        created_by=actor.person,
    )
    audit.record(
        actor=actor,
        action="survey_invitation.created",
        subject=invitation,
        customer_id=contact.customer_id,
        label=str(contact),
    )
    return invitation, link_new(Link.Purpose.ANSWER, invitation=invitation)


@transaction.atomic
def invitation_revoke(*, actor: Principal, invitation: Invitation, at: dt.datetime) -> None:
    """Let an invitation's links open nothing any more; what was answered stays."""
    changed = Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True).update(
        revoked_at=at, state=Invitation.State.REVOKED
    )
    if changed:
        audit.record(
            actor=actor,
            action="survey_invitation.revoked",
            subject=invitation,
            customer_id=invitation.customer_id,
        )
