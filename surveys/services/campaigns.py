"""Campaigns: set up, started, paused and stopped by people. What they send is planned in `planning.py`."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.principals import Principal
from core import bells, time
from core.locks import hold
from core.models import OutgoingMail, WorkState
from customers.models import Contact
from surveys.languages import language_of
from surveys.models import Campaign, ContactMail, Invitation, Survey
from surveys.services.planning import mails_plan, mails_release

State = Campaign.State
FIELDS = (
    "name",
    "audience",
    "roles",
    "daily_share",
    "when",
    "starts_on",
    "every_months",
    "days_before",
    "reminders",
    "reminder_days",
)


@transaction.atomic
def campaign_create(*, actor: Principal, survey: Survey, values: Mapping[str, Any]) -> Campaign:
    """Set up a campaign as a draft: nothing is sent before it is started. Raises ValidationError for a taken name."""
    person: User | None = actor.person
    campaign = Campaign(
        survey=survey, created_by=person, **{name: values[name] for name in FIELDS if name in values}
    )
    _check(campaign)
    campaign.save()
    changes = {name: (None, getattr(campaign, name)) for name in FIELDS}
    audit.record(
        actor=actor, action="campaign.created", subject=campaign, changes=changes, label=campaign.name
    )
    return campaign


@transaction.atomic
def campaign_update(*, actor: Principal, campaign: Campaign, values: Mapping[str, Any]) -> Campaign:
    """Change a campaign that is not stopped; what was sent stays, what waits goes by the new words and reminders.

    When it asks, for a campaign that was started, stays as it is. Raises ValidationError.
    """
    if campaign.state == State.STOPPED:
        raise ValidationError(_("This campaign is stopped. Make a new one instead."))
    if campaign.started_at is not None and values.get("when", campaign.when) != campaign.when:
        raise ValidationError(
            {"when": _("A campaign that was started keeps its occasion. Make a new one instead.")}
        )
    given = {name: values[name] for name in FIELDS if name in values}
    changes = audit.field_changes({name: getattr(campaign, name) for name in given}, given)
    for name, value in given.items():
        setattr(campaign, name, value)
    _check(campaign)
    campaign.save()
    if changes:
        audit.record(
            actor=actor, action="campaign.updated", subject=campaign, changes=changes, label=campaign.name
        )
    return campaign


@transaction.atomic
def campaign_start(*, actor: Principal, campaign: Campaign, at: dt.datetime) -> None:
    """Start a draft, or go on with a paused one. Raises ValidationError for a stopped one or a closed survey."""
    hold(f"campaign:{campaign.pk}")
    campaign.refresh_from_db()
    if campaign.state == State.STOPPED:
        raise ValidationError(_("This campaign is stopped. Make a new one instead."))
    if campaign.survey.is_closed(at):
        raise ValidationError(_("Its survey is closed, so nobody could answer."))
    if campaign.state == State.RUNNING:
        return
    campaign.started_at = campaign.started_at or at
    campaign.starts_on = campaign.starts_on or time.local_day(at)
    campaign.plan_at, campaign.halted = at, ""
    _turn(actor, campaign, State.RUNNING, "campaign.started")
    bells.ring("campaigns")


@transaction.atomic
def campaign_pause(*, actor: Principal, campaign: Campaign) -> None:
    """Send nothing more until it goes on; mails that wait leave the outbox and come back then."""
    hold(f"campaign:{campaign.pk}")
    campaign.refresh_from_db()
    if campaign.state == State.RUNNING:
        _turn(actor, campaign, State.PAUSED, "campaign.paused")
        _waiting_mails(campaign).delete()


@transaction.atomic
def campaign_stop(*, actor: Principal, campaign: Campaign, at: dt.datetime) -> None:
    """Send nothing more, for good; links that people have still answer."""
    hold(f"campaign:{campaign.pk}")
    campaign.refresh_from_db()
    if campaign.state == State.STOPPED:
        return
    campaign.stopped_at = at
    _turn(actor, campaign, State.STOPPED, "campaign.stopped")
    _waiting_mails(campaign).delete()
    ContactMail.objects.filter(invitation__campaign=campaign, state=ContactMail.State.PLANNED).update(
        state=ContactMail.State.DROPPED, dropped_why="stopped"
    )
    campaign.invitations.filter(state=Invitation.State.WAITING).update(state=Invitation.State.DROPPED)


@transaction.atomic
def campaign_invite(
    *, campaign: Campaign, contacts: Iterable[Contact], round: str, at: dt.datetime, about: str = ""
) -> int:
    """Ask these people now, as a playbook step does; the same `round` twice asks nobody again.

    Returns how many were invited. A campaign that is not running asks nobody. Raises nothing: opt-outs, budget and
    hours are looked at when the mail leaves.
    """
    hold(f"campaign:{campaign.pk}")
    campaign.refresh_from_db()
    if campaign.state != State.RUNNING:
        return 0
    people = {contact.pk: contact for contact in contacts}
    known = campaign.invitations.filter(contact__in=people, round=round).values_list("contact_id", flat=True)
    rows = [
        Invitation(
            survey=campaign.survey,
            campaign=campaign,
            customer_id=contact.customer_id,
            contact=contact,
            language=language_of(contact.locale, contact.customer.locale),
            round=round,
            event_subject=about[:200],
            event_on=time.local_day(at),
            due_at=at,
        )
        for key, contact in people.items()
        if key not in set(known)
    ]
    Invitation.objects.bulk_create(rows)
    invitations_mail(invitations=campaign.invitations.filter(round=round), at=at)
    return len(rows)


@transaction.atomic
def invitations_mail(*, invitations: QuerySet[Invitation], at: dt.datetime) -> int:
    """Send invitations by mail that wait and were not planned yet; return how many mails went into the outbox."""
    mails_plan(invitations=invitations, at=at)
    return mails_release(mails=ContactMail.objects.filter(invitation__in=invitations.values("pk")), at=at)


def _turn(actor: Principal, campaign: Campaign, state: str, action: str) -> None:
    changes = {"state": (campaign.state, state)}
    campaign.state = state
    campaign.save()
    audit.record(actor=actor, action=action, subject=campaign, changes=changes, label=campaign.name)


def _waiting_mails(campaign: Campaign) -> QuerySet[OutgoingMail]:
    planned = ContactMail.objects.filter(invitation__campaign=campaign, state=ContactMail.State.PLANNED)
    return OutgoingMail.objects.filter(key__in=planned.values("key"), state=WorkState.WAITING)


def _check(campaign: Campaign) -> None:
    campaign.name = " ".join(campaign.name.split())
    if not campaign.name:
        raise ValidationError({"name": _("A campaign needs a name.")})
    if Campaign.objects.filter(name=campaign.name).exclude(pk=campaign.pk).exists():
        raise ValidationError(
            {"name": _("There is a campaign called “%(name)s” already.") % {"name": campaign.name}}
        )
    unknown = set(campaign.roles) - set(Contact.Role.values)
    if unknown:
        raise ValidationError({"roles": _("There is no role “%(role)s”.") % {"role": sorted(unknown)[0]}})
