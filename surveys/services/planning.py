"""Planning: from whom a campaign would ask to invitations, their mails and reminders. Runs by itself, may be killed.

Three INSERT … SELECT in a row: invitations, the mails the budget knows, the rows of the outbox. Each only adds what is
not there, so a run that was killed is finished by the next.
"""

import datetime as dt
import math

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Mod

from core import bells, time
from core.insert_select import insert_select
from core.locks import hold
from core.models import OutgoingMail, WorkState
from surveys import audience
from surveys.addresses import AddressHash
from surveys.candidates import GETS, HELD, Rows, candidates, round_of
from surveys.languages import language_of
from surveys.models import Campaign, ContactMail, Invitation, Language, Response

MAIL_KIND = "survey"
CHUNK = 1000
LEASE = dt.timedelta(minutes=10)
SOON, HOURLY = dt.timedelta(minutes=10), dt.timedelta(hours=1)
SHUFFLE, OUT_OF = (
    7919,
    10_007,
)  # primes: the base is asked in the same mixed order every day, not oldest first


def due() -> bool:
    """Tell whether a running campaign is to be planned."""
    return _due(time.now()).exists()


def plan_due() -> int:
    """Plan the campaigns that are due, each by one planner at a time; return how many were taken."""
    at, taken = time.now(), 0
    for campaign in _due(at).select_related("survey", "created_by"):
        if _due(at).filter(pk=campaign.pk, plan_at=campaign.plan_at).update(plan_at=at + LEASE):
            taken += 1
            more = plan(campaign, at=at)
            pause = dt.timedelta() if more else SOON if campaign.after_event else HOURLY
            _due(at + LEASE).filter(pk=campaign.pk).update(plan_at=at + pause)
    return taken


def plan(campaign: Campaign, *, at: dt.datetime) -> bool:
    """Invite whom a running campaign is to ask by now, and remind who has not answered; tell whether more are left.

    A campaign whose audience cannot be read any more is paused, with the reason in `halted`.
    """
    found = audience.read(campaign.audience, campaign.created_by)
    if found.problems:
        Campaign.objects.filter(pk=campaign.pk).update(
            state=Campaign.State.PAUSED, halted=" ".join(found.problems)[:200]
        )
        return False
    rows = candidates(campaign, found.customers, at).filter(verdict__in=[GETS, HELD])
    keys = _keys(campaign, rows, at)
    with transaction.atomic():
        hold(f"campaign:{campaign.pk}")
        if keys:
            _invite(campaign, rows.filter(pk__in=keys), at)
        mails_plan(invitations=Invitation.objects.filter(campaign=campaign), at=at)
        _remind(campaign, at)
        mails_release(mails=ContactMail.objects.filter(invitation__campaign=campaign), at=at)
    return len(keys) == CHUNK


def mails_plan(*, invitations: QuerySet[Invitation], at: dt.datetime) -> int:
    """Give each waiting invitation that has none its mail in the budget; return how many that were."""
    mailed = ContactMail.objects.filter(invitation=OuterRef("pk"), reminder=False)
    rows = invitations.filter(
        ~Exists(mailed),
        state=Invitation.State.WAITING,
        channel=Invitation.Channel.MAIL,
        contact__isnull=False,
    )
    return _mails(rows, 0, at)


def mails_release(*, mails: QuerySet[ContactMail], at: dt.datetime) -> int:
    """Put each planned mail that is not there into the outbox; return how many that were."""
    waiting = OutgoingMail.objects.filter(key=OuterRef("key"))
    rows = (
        mails.filter(~Exists(waiting), state=ContactMail.State.PLANNED, contact__isnull=False)
        .exclude(contact__email="")
        .annotate(
            as_kind=Value(MAIL_KIND),
            as_state=Value(str(WorkState.WAITING)),
            as_nothing=Value(""),
            as_zero=Value(0),
            as_headers=Value({}, JSONField()),
            as_now=Value(at, DateTimeField()),
        )
    )
    released = insert_select(
        OutgoingMail,
        rows,
        {
            "kind": "as_kind",
            "to": "contact__email",
            "subject": "invitation__survey__name",
            "body_text": "as_nothing",
            "body_html": "as_nothing",
            "headers": "as_headers",
            "key": "key",
            "state": "as_state",
            "attempts": "as_zero",
            "due_at": "as_now",
            "error": "as_nothing",
            "created_at": "as_now",
        },
    )
    if released:
        bells.ring("mails")
    return released


def _due(at: dt.datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=Campaign.State.RUNNING, plan_at__lte=at)


def _keys(campaign: Campaign, rows: Rows, at: dt.datetime) -> list[int]:
    """Return the rows to invite now: after an event all, else the day's share of the base."""
    if campaign.after_event:
        return list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:CHUNK])
    today = time.local_day(at)
    if campaign.starts_on is not None and today < campaign.starts_on:
        return []
    asked = Invitation.objects.filter(campaign=campaign, round=round_of(campaign, today))
    base = rows.count() + asked.count()
    share = math.ceil(base * campaign.daily_share / 100)
    left = share - asked.filter(created_at__gte=time.day_start(today)).count()
    mixed = rows.order_by(Mod(F("pk") * SHUFFLE, Value(OUT_OF)), "pk")
    return list(mixed.values_list("pk", flat=True)[: max(min(left, CHUNK), 0)])


def _invite(campaign: Campaign, rows: Rows, at: dt.datetime) -> int:
    ready = rows.annotate(
        as_survey=Value(campaign.survey_id),
        as_campaign=Value(campaign.pk),
        as_channel=Value(str(Invitation.Channel.MAIL)),
        as_state=Value(str(Invitation.State.WAITING)),
        as_language=_language(),
        as_zero=Value(0),
        as_now=Value(at, DateTimeField()),
    )
    return insert_select(
        Invitation,
        ready,
        {
            "survey": "as_survey",
            "campaign": "as_campaign",
            "customer": "firm",
            "contact": "person",
            "channel": "as_channel",
            "language": "as_language",
            "state": "as_state",
            "round": "round_key",
            "event_subject": "about",
            "event_on": "about_day",
            "reminders": "as_zero",
            "due_at": "due",
            "created_at": "as_now",
        },
    )


def _language() -> Case:
    """Return the language of `surveys.languages`, in SQL: the person's locale, the customer's, the workspace's."""
    whens = [
        When(**{f"{locale}__startswith": start}, then=Value(str(language)))
        for locale in ("said_locale", "firm_locale")
        for start, language in (("pt", Language.PT_BR), ("en", Language.EN), ("es", Language.ES))
    ]
    return Case(*whens, default=Value(str(language_of())), output_field=CharField())


def _remind(campaign: Campaign, at: dt.datetime) -> None:
    """Plan the reminders that are due: to those who got the mail, may still answer and have not."""
    answered = Response.objects.filter(invitation=OuterRef("pk"), held=False)
    for n in range(campaign.reminders):
        planned = ContactMail.objects.filter(invitation=OuterRef("pk"), key__endswith=f":{n + 1}")
        rows = Invitation.objects.filter(
            ~Exists(answered),
            ~Exists(planned),
            Q(expires_at__isnull=True) | Q(expires_at__gt=at),
            campaign=campaign,
            state__in=[Invitation.State.SENT, Invitation.State.DELIVERED],
            reminders=n,
            sent_at__lte=at - dt.timedelta(days=campaign.reminder_days * (n + 1)),
            contact__isnull=False,
        )
        _mails(rows, n + 1, at)


def _mails(invitations: QuerySet[Invitation], number: int, at: dt.datetime) -> int:
    after_event = [when for when in Campaign.When.values if Campaign(when=when).after_event]
    rows = invitations.annotate(
        as_key=Concat(
            Value("invitation:"),
            Cast("pk", CharField(max_length=20)),
            Value(f":{number}"),
            output_field=CharField(),
        ),
        as_reminder=Value(number > 0),
        as_state=Value(str(ContactMail.State.PLANNED)),
        as_hash=AddressHash("contact__email"),
        as_about=Case(
            When(campaign__when__in=[] if number else after_event, then=F("due_at")),
            output_field=DateTimeField(),
        ),
        as_nothing=Value(""),
        as_now=Value(at, DateTimeField()),
    )
    return insert_select(
        ContactMail,
        rows,
        {
            "key": "as_key",
            "kind": "survey__kind",
            "reminder": "as_reminder",
            "state": "as_state",
            "customer": "customer_id",
            "contact": "contact_id",
            "address_hash": "as_hash",
            "invitation": "pk",
            "about_at": "as_about",
            "held_by": "as_nothing",
            "dropped_why": "as_nothing",
            "created_at": "as_now",
        },
    )
