"""What the campaign's page shows: who gets it and who does not, what was sent, what was answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.working import NeverOpenError, WorkingCalendar
from customers.models import Contact, Customer
from surveys.audience import Audience, read
from surveys.budget import Limit, Sent, first_moment
from surveys.candidates import GETS, HELD, candidates
from surveys.hours import contact_calendar, mail_calendar
from surveys.limits import held_by_words, limits_of, longest_days
from surveys.models import Campaign, ContactBudget, ContactMail, Invitation

PER_PAGE = 25
VERDICTS: dict[str, str | Promise] = {
    GETS: _("Gets it"),
    HELD: _("Gets it later: the contact budget"),
    "invited": _("Invited already"),
    "role": _("Another role"),
    "gone": _("No longer there"),
    "opted_out": _("Opted out"),
    "suppressed": _("No mail wanted, or the address does not work"),
}


@dataclass(frozen=True)
class Line:
    """One person of the preview; `at` is the first moment the mail may leave, for those who get it."""

    contact: Contact
    verdict: str
    says: str
    about: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Preview:
    """Who gets a campaign's mail and who does not: counts by verdict, and one page of people."""

    audience: Audience
    counts: Sequence[tuple[str, str | Promise, int]]
    total: int
    only: str
    page: Page[Any]
    lines: Sequence[Line]


def preview(campaign: Campaign, *, only: str, number: str, at: dt.datetime, person: User) -> Preview:
    """Return the preview in a fixed number of queries; `only` narrows it to one verdict."""
    found = read(campaign.audience, campaign.created_by)
    rows = candidates(campaign, found.customers & Customer.objects.visible_to(person), at)
    by_verdict = dict(
        rows.order_by().values("verdict").annotate(n=Count("person")).values_list("verdict", "n")
    )
    shown = rows.filter(verdict=only) if only in VERDICTS else rows
    page = Paginator(
        shown.order_by("firm", "person", "pk").values("person", "verdict", "held_by", "about", "address"),
        PER_PAGE,
    ).get_page(number)
    return Preview(
        audience=found,
        counts=[(key, words, by_verdict.get(key, 0)) for key, words in VERDICTS.items()],
        total=sum(by_verdict.values()),
        only=only if only in VERDICTS else "",
        page=page,
        lines=_lines(campaign, list(page.object_list), at),
    )


def _lines(campaign: Campaign, rows: list[dict[str, Any]], at: dt.datetime) -> list[Line]:
    people = Contact.objects.select_related("customer").in_bulk([row["person"] for row in rows])
    limits = limits_of(ContactBudget.get())
    hashes, firms = {row["address"] for row in rows}, {contact.customer_id for contact in people.values()}
    history = list(
        ContactMail.objects.filter(
            Q(address_hash__in=hashes) | Q(customer__in=firms),
            counted_at__gt=at - dt.timedelta(days=longest_days(limits)),
        )
    )
    hours = mail_calendar()
    return [_line(campaign, row, people[row["person"]], history, limits, hours, at) for row in rows]


def _line(
    campaign: Campaign,
    row: dict[str, Any],
    contact: Contact,
    history: Sequence[ContactMail],
    limits: Sequence[Limit],
    hours: WorkingCalendar,
    at: dt.datetime,
) -> Line:
    verdict, moment = row["verdict"], None
    if verdict in {GETS, HELD}:
        sent = [
            Sent(mail.counted_at, mail.kind, mail.reminder, mail.address_hash == row["address"])
            for mail in history
            if mail.counted_at
            and (mail.address_hash == row["address"] or mail.customer_id == contact.customer_id)
        ]
        calendar = contact_calendar(contact.time_zone, hours)
        moment = _first_moment(campaign, sent, limits, calendar, at)
    says = held_by_words(row["held_by"]) if verdict == HELD else str(VERDICTS[verdict])
    return Line(contact, verdict, says, row["about"], moment)


def _first_moment(
    campaign: Campaign,
    sent: Sequence[Sent],
    limits: Sequence[Limit],
    calendar: WorkingCalendar,
    at: dt.datetime,
) -> dt.datetime | None:
    try:
        return first_moment(
            kind=campaign.survey.kind,
            reminder=False,
            at=at,
            sent=sent,
            limits=limits,
            calendar=calendar,
        ).at
    except NeverOpenError:
        return None


def with_counts(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Add to each campaign how many were invited, sent, answered, bounced and dropped."""
    sent = Q(invitations__sent_at__isnull=False)
    return campaigns.select_related("survey", "created_by").annotate(
        n_invited=Count("invitations"),
        n_waiting=Count("invitations", filter=Q(invitations__state=Invitation.State.WAITING)),
        n_sent=Count("invitations", filter=sent),
        n_answered=Count("invitations", filter=Q(invitations__response__held=False)),
        n_bounced=Count("invitations", filter=Q(invitations__state=Invitation.State.BOUNCED)),
        n_dropped=Count("invitations", filter=Q(invitations__state=Invitation.State.DROPPED)),
    )
