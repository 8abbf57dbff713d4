"""Whom a campaign would ask, in one query: each person with what they are asked about, and why not.

The same rows are the preview's and the planning's, so what the preview shows is what happens.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Lower, Substr
from django.db.models.lookups import GreaterThanOrEqual

from core import time
from customers.models import Contact, Contract, Customer, CustomerHistory, Stage, Ticket
from surveys.addresses import AddressHash
from surveys.budget import Limit
from surveys.limits import limits_of
from surveys.models import Campaign, ContactBudget, ContactMail, Invitation, Suppression

GETS, HELD = "gets", "held"
WINDOW = dt.timedelta(days=30)  # how far back events are looked for
ROUND_LENGTH, SUBJECT_LENGTH = 120, 200
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Source:
    """Rows that are each a reason to ask somebody, `path` being the way from a row to the contact."""

    rows: Rows
    path: str
    round: Any
    subject: Any
    about_on: Any
    due_at: Any


def candidates(campaign: Campaign, customers: QuerySet[Customer], at: dt.datetime) -> Rows:
    """Return the people a campaign is about at a moment, one row for each time they would be asked.

    Annotated: `person`, `firm` (keys), `role`, `locale`, `firm_locale`, `address` (its hash), `round_key`, `about`,
    `about_on`, `due`, and `verdict`: `gets`, `held` (later: `held_by` names the limit), or why not.
    """
    source = SOURCES[campaign.when](campaign, at)
    to = source.path
    rows = source.rows.filter(
        **{"customer__in" if to else "customer_id__in": customers.values("pk"), f"{to}pk__isnull": False}
    )
    rows = rows.annotate(
        person=F(f"{to}pk"),
        firm=F(f"{to}customer_id"),
        role_key=F(f"{to}role"),
        said_locale=Lower(f"{to}locale"),
        firm_locale=Lower(f"{to}customer__locale"),
        address=AddressHash(f"{to}email"),
        round_key=source.round,
        about=source.subject,
        about_day=source.about_on,
        due=source.due_at,
    )
    rows = rows.annotate(held_by=_held_by(campaign, at))
    judged: Rows = rows.annotate(verdict=_verdict(campaign, to, time.local_day(at)))
    return judged


def _verdict(campaign: Campaign, to: str, day: dt.date) -> Case:
    gone = (
        Q(**{f"{to}erased_at__isnull": False})
        | Q(**{f"{to}archived_at__isnull": False})
        | Q(**{f"{to}active_until__lte": day})
        | Q(**{f"{to}active_from__gt": day})
        | Q(**{f"{to}customer__archived_at__isnull": False})
    )
    suppressed = Suppression.objects.filter(
        address_hash=OuterRef("address"),
        kind__in=[Suppression.Kind.ALL, Suppression.Kind.SURVEYS],
        lifted_at__isnull=True,
    )
    invited = Invitation.objects.filter(
        campaign=campaign, contact=OuterRef("person"), round=OuterRef("round_key")
    )
    whens = [
        When(Exists(invited), then=Value("invited")),
        When(gone, then=Value("gone")),
        When(**{f"{to}opted_out": True}, then=Value("opted_out")),
        When(Exists(suppressed), then=Value("suppressed")),
        When(~Q(held_by=""), then=Value(HELD)),
    ]
    if campaign.roles:
        whens.insert(1, When(~Q(role_key__in=campaign.roles), then=Value("role")))
    return Case(*whens, default=Value(GETS), output_field=CharField())


def _held_by(campaign: Campaign, at: dt.datetime) -> Case | Value:
    """Return the limit that would hold the mail back now, "" for none; hours are not looked at."""
    limits = [one for one in limits_of(ContactBudget.get()) if one.covers(campaign.survey.kind, False)]
    whens = [When(_used_up(limit, at), then=Value(limit.key)) for limit in limits]
    return Case(*whens, default=Value(""), output_field=CharField()) if whens else Value("")


def _used_up(limit: Limit, at: dt.datetime) -> Any:
    whose = (
        Q(customer_id=OuterRef("firm")) if limit.per == "customer" else Q(address_hash=OuterRef("address"))
    )
    sent = ContactMail.objects.filter(
        whose, kind__in=limit.kinds, reminder=limit.reminders, counted_at__gt=at - limit.length
    )
    if limit.most == 1:
        return Exists(sent)
    counted = sent.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return GreaterThanOrEqual(Coalesce(Subquery(counted), 0), limit.most)


def round_of(campaign: Campaign, day: dt.date) -> str:
    """Return the round a day belongs to: one for good, or the first day of the span of months it lies in."""
    if campaign.when != Campaign.When.EVERY:
        return str(Campaign.When.ONCE)
    first, length = campaign.starts_on or day, campaign.every_months
    months = (day.year - first.year) * 12 + day.month - first.month
    done = max(months // length, 0)
    begins = months_later(first, done * length)
    return (begins if begins <= day or not done else months_later(first, (done - 1) * length)).isoformat()


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _everybody(campaign: Campaign, at: dt.datetime) -> Source:
    return Source(
        rows=Contact.objects.all(),
        path="",
        round=Value(round_of(campaign, time.local_day(at))),
        subject=Value(""),
        about_on=Value(None, DateField()),
        due_at=Value(at, DateTimeField()),
    )


def _tickets(campaign: Campaign, at: dt.datetime) -> Source:
    return Source(
        rows=Ticket.objects.filter(solved_at__gt=_since(campaign, at), solved_at__lte=at),
        path="contact__",
        round=_named("ticket:"),
        subject=Substr("subject", 1, SUBJECT_LENGTH),
        about_on=Cast("solved_at", DateField()),
        due_at=F("solved_at"),
    )


def _onboarded(campaign: Campaign, at: dt.datetime) -> Source:
    """Return the moves out of the onboarding."""
    before = CustomerHistory.objects.filter(
        customer=OuterRef("customer"),
        field=CustomerHistory.Field.STAGE,
        superseded_at__isnull=True,
        valid_from__lt=OuterRef("valid_from"),
    ).order_by("-valid_from")
    rows = CustomerHistory.objects.filter(
        field=CustomerHistory.Field.STAGE,
        superseded_at__isnull=True,
        valid_from__gt=time.local_day(_since(campaign, at)),
        valid_from__lte=time.local_day(at),
    ).exclude(value=Stage.ONBOARDING)
    rows = rows.annotate(was=Subquery(before.values("value")[:1])).filter(was=Stage.ONBOARDING)
    return _at_customers(rows, "onboarded:", F("valid_from"), at)


def _renewals(campaign: Campaign, at: dt.datetime) -> Source:
    ahead = dt.timedelta(days=campaign.days_before)
    rows = Contract.objects.filter(
        cancelled_on__isnull=True,
        ends_on__gt=time.local_day(_since(campaign, at)) + ahead,
        ends_on__lte=time.local_day(at) + ahead,
    )
    return _at_customers(rows, "contract:", F("ends_on"), at)


def _nobody(campaign: Campaign, at: dt.datetime) -> Source:
    """Return none: a playbook step names its people itself."""
    return _at_customers(Contract.objects.none(), "", F("ends_on"), at)


def _at_customers(rows: Rows, word: str, about_on: Any, at: dt.datetime) -> Source:
    return Source(rows, "customer__contacts__", _named(word), Value(""), about_on, Value(at, DateTimeField()))


def _named(word: str) -> Any:
    return Concat(Value(word), Cast("pk", CharField(max_length=ROUND_LENGTH)), output_field=CharField())


def _since(campaign: Campaign, at: dt.datetime) -> dt.datetime:
    """Return since when events count: the campaign's start; for a draft, what the last 30 days would have been."""
    return max(campaign.started_at, at - WINDOW) if campaign.started_at else at - WINDOW


SOURCES: dict[str, Callable[[Campaign, dt.datetime], Source]] = {
    Campaign.When.ONCE: _everybody,
    Campaign.When.EVERY: _everybody,
    Campaign.When.TICKET: _tickets,
    Campaign.When.ONBOARDED: _onboarded,
    Campaign.When.RENEWAL: _renewals,
    Campaign.When.PLAYBOOK: _nobody,
}
