"""Tickets, conversations and milestones written by hand."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import time
from customers.models import Customer, Milestone, Ticket, Touchpoint
from customers.services.commercial import made_id
from customers.services.facts import check_contact, check_free, fact_create, fact_update


def _ticket_days(row: Ticket) -> list[dt.date | None]:
    return [time.local_day(row.opened_at)]


def _touchpoint_days(row: Touchpoint) -> list[dt.date | None]:
    return [time.local_day(row.happened_at)]


def _milestone_days(row: Milestone) -> list[dt.date | None]:
    return [row.reached_on]


@transaction.atomic
def ticket_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Ticket:
    """Write a request for help; without `external_id` one is made. Raises `ValidationError`."""
    row = Ticket(customer=customer, **fields)
    row.external_id = row.external_id or made_id("tic")
    _check_ticket(row)
    return fact_create(actor=actor, row=row, days=_ticket_days)


def ticket_update(*, actor: Principal | None, ticket: Ticket, changes: Mapping[str, Any]) -> Ticket:
    """Correct a ticket; what it said before is kept. Raises `ValidationError`."""
    return fact_update(actor=actor, row=ticket, changes=changes, check=_check_ticket, days=_ticket_days)


def _check_ticket(row: Ticket) -> None:
    check_free(row)
    check_contact(row)
    for name in ("first_response_at", "solved_at"):
        moment = getattr(row, name)
        if moment is not None and moment < row.opened_at:
            raise ValidationError({name: _("This is before the ticket was opened.")})


@transaction.atomic
def touchpoint_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Touchpoint:
    """Write a conversation, by the person who asks unless `author` says otherwise. Raises `ValidationError`."""
    fields.setdefault("author", None if actor is None else actor.person)
    row = Touchpoint(customer=customer, **fields)
    row.external_id = row.external_id or made_id("tou")
    _check_touchpoint(row)
    return fact_create(actor=actor, row=row, days=_touchpoint_days)


def touchpoint_update(
    *, actor: Principal | None, touchpoint: Touchpoint, changes: Mapping[str, Any]
) -> Touchpoint:
    """Correct a conversation; the audit trail keeps what it said before. Raises `ValidationError`."""
    return fact_update(
        actor=actor, row=touchpoint, changes=changes, check=_check_touchpoint, days=_touchpoint_days
    )


def _check_touchpoint(row: Touchpoint) -> None:
    check_free(row)
    check_contact(row)
    if row.sentiment is not None and not -2 <= row.sentiment <= 2:
        raise ValidationError({"sentiment": _("Choose a mood from −2 to 2.")})
    if row.happened_at > time.now():
        raise ValidationError(
            {"happened_at": _("This is still to come. Log a conversation once it has happened.")}
        )


@transaction.atomic
def milestone_create(
    *, actor: Principal | None, customer: Customer, milestone: str, reached_on: dt.date
) -> Milestone:
    """Write that a customer reached a step. Raises `ValidationError` when it did before."""
    row = Milestone(customer=customer, milestone=" ".join(milestone.split()), reached_on=reached_on)
    _check_milestone(row)
    return fact_create(actor=actor, row=row, days=_milestone_days)


def milestone_update(
    *, actor: Principal | None, milestone: Milestone, changes: Mapping[str, Any]
) -> Milestone:
    """Correct a milestone; the audit trail keeps what it said before. Raises `ValidationError`."""
    return fact_update(
        actor=actor, row=milestone, changes=changes, check=_check_milestone, days=_milestone_days
    )


def _check_milestone(row: Milestone) -> None:
    same = Milestone.objects.filter(customer_id=row.customer_id, milestone=row.milestone).exclude(pk=row.pk)
    if same.exists():
        raise ValidationError(
            {"milestone": _("This customer reached this milestone before. Edit that entry.")}
        )
