"""Spending the contact budget: a mail is counted, put off or dropped, in one transaction that nobody overtakes."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.principals import Principal
from core import time
from core.letters import Later, Never
from core.locks import hold
from core.working import NeverOpenError
from customers.models import Contact
from surveys.budget import PLAYBOOK, Sent, first_moment
from surveys.hours import contact_calendar
from surveys.limits import limits_of, longest_days
from surveys.models import ContactBudget, ContactMail, Suppression

FIELDS = (
    "nps_days",
    "csat_days",
    "ces_days",
    "success_days",
    "playbook_a_day",
    "playbook_in_14",
    "person_in_14",
    "customer_a_day",
    "reminder_days",
    "event_days",
)


@transaction.atomic
def budget_update(*, actor: Principal, values: Mapping[str, int | None]) -> ContactBudget:
    """Set the contact budget; it holds for every mail that has not left yet."""
    budget = ContactBudget.get()
    changes = audit.field_changes(
        {name: getattr(budget, name) for name in FIELDS}, {name: values[name] for name in FIELDS}
    )
    if changes:
        for name, (_, after) in changes.items():
            setattr(budget, name, after)
        budget.save()
        audit.record(actor=actor, action="budget.updated", subject=budget, changes=changes)
    return budget


@transaction.atomic
def mail_spend(*, key: str, at: dt.datetime) -> ContactMail | Later | Never:
    """Count the planned mail as leaving at `at`, or say when or why not.

    Locks the person and the customer, looks at what they got, and writes the count, so that however many senders
    there are, none counts without the others' mails. A mail counted before (its server could not be reached) is
    weighed again without itself. Call it right before the mail leaves.
    """
    mail = ContactMail.objects.select_related("contact__customer").filter(key=key).first()
    if mail is None or mail.contact is None:
        return Never("erased")
    hold(f"person:{mail.address_hash}", f"customer:{mail.customer_id}")
    mail.refresh_from_db(fields=["state", "counted_at", "dropped_why"])
    budget = ContactBudget.get()
    why = mail.dropped_why or _not_any_more(mail, mail.contact, budget, at)
    return mail_drop(mail=mail, why=why) if why else _weigh(mail, mail.contact, budget, at)


def _weigh(
    mail: ContactMail, contact: Contact, budget: ContactBudget, at: dt.datetime
) -> ContactMail | Later | Never:
    """Count the mail, put it off or, where that is too late for what it is about, drop it."""
    limits = limits_of(budget)
    try:
        free = first_moment(
            kind=mail.kind,
            reminder=mail.reminder,
            at=at,
            sent=_sent(mail, at - dt.timedelta(days=longest_days(limits))),
            limits=limits,
            calendar=contact_calendar(contact.time_zone),
        )
    except NeverOpenError:
        return mail_drop(mail=mail, why="closed_hours")
    if free.at <= at:
        _save(mail, state=ContactMail.State.COUNTED, counted_at=at, held_by="")
        return mail
    if mail.about_at is not None and free.at > mail.about_at + dt.timedelta(days=budget.event_days):
        return mail_drop(mail=mail, why="late")
    _save(mail, state=ContactMail.State.PLANNED, counted_at=None, held_by=free.held_by)
    return Later(free.at, free.held_by)


def mail_drop(*, mail: ContactMail, why: str) -> Never:
    """Call a planned mail off, and say so."""
    _save(mail, state=ContactMail.State.DROPPED, counted_at=None, dropped_why=why)
    return Never(why)


def is_suppressed(address_hash: str, kind: str) -> bool:
    """Tell whether an address gets no mail of this kind."""
    wanted = Suppression.Kind.PLAYBOOKS if kind == PLAYBOOK else Suppression.Kind.SURVEYS
    return Suppression.objects.filter(
        address_hash=address_hash, kind__in=[Suppression.Kind.ALL, wanted], lifted_at__isnull=True
    ).exists()


def _save(mail: ContactMail, **values: object) -> None:
    for name, value in values.items():
        setattr(mail, name, value)
    mail.save(update_fields=list(values))


def _not_any_more(mail: ContactMail, contact: Contact, budget: ContactBudget, at: dt.datetime) -> str:
    """Return why the mail must not leave at all, "" when it may."""
    left = contact.active_until is not None and contact.active_until <= time.local_day(at)
    late = mail.about_at is not None and at > mail.about_at + dt.timedelta(days=budget.event_days)
    reasons = (
        (contact.erased_at is not None, "erased"),
        (left or contact.archived_at is not None or contact.customer.archived_at is not None, "gone"),
        (contact.opted_out, "opted_out"),
        (late, "late"),
        (is_suppressed(mail.address_hash, mail.kind), "suppressed"),
    )
    return next((why for holds, why in reasons if holds), "")


def _sent(mail: ContactMail, since: dt.datetime) -> list[Sent]:
    """Return what the person, and others of the customer, got since a moment, this mail left out."""
    rows = (
        ContactMail.objects.filter(
            Q(address_hash=mail.address_hash) | Q(customer_id=mail.customer_id), counted_at__gt=since
        )
        .exclude(pk=mail.pk)
        .values_list("counted_at", "kind", "reminder", "address_hash")
    )
    return [
        Sent(at, kind, reminder, hashed == mail.address_hash) for at, kind, reminder, hashed in rows if at
    ]
