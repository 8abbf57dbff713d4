"""What an insight is taken from: a comment, a conversation, a ticket, a customer, or nothing yet."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, QueryDict

from accounts.models import User
from core import time
from customers.models import Customer, InsightKind, Ticket, Touchpoint
from surveys.models import Response
from surveys.scales import level

KINDS = {"low": InsightKind.PROBLEM, "middle": InsightKind.CONCERN, "high": InsightKind.OPPORTUNITY}


@dataclass(frozen=True)
class Origin:
    """Where the words stand. `fields`: what the service takes; `initial`: what the form begins with."""

    customer: Customer | None = None
    comment: Response | None = None
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    initial: dict[str, Any] = field(default_factory=dict)


def origin_of(user: User, query: QueryDict) -> Origin:
    """Return what an address names, within what a person may see. Raises Http404 for what is not there."""
    visible = Customer.objects.visible_to(user)
    if "comment" in query:
        rows = Response.objects.counted().select_related("customer", "contact")
        return _comment(_found(rows.filter(customer__in=visible), query.get("comment", "")))
    if "touchpoint" in query:
        talks = Touchpoint.objects.select_related("customer", "contact").filter(customer__in=visible)
        return _touchpoint(_found(talks, query.get("touchpoint", "")))
    if "ticket" in query:
        tickets = Ticket.objects.select_related("customer", "contact").filter(customer__in=visible)
        return _ticket(_found(tickets, query.get("ticket", "")))
    if "customer" in query:
        return Origin(customer=_found(visible, query.get("customer", "")))
    return Origin()


def _comment(row: Response) -> Origin:
    initial = {
        "quote": row.comment,
        "contact": row.contact_id,
        "said_on": time.local_day(row.answered_at),
        "kind": KINDS[level(row.survey, row.score)],
    }
    fields = {"comment_id": row.pk, "language": row.language}
    return Origin(row.customer, row, row.comment, fields, initial)


def _touchpoint(row: Touchpoint) -> Origin:
    said_on = time.local_day(row.happened_at)
    initial = {"quote": row.summary, "contact": row.contact_id, "said_on": said_on}
    return Origin(row.customer, None, row.summary, {"touchpoint": row}, initial)


def _ticket(row: Ticket) -> Origin:
    said_on = time.local_day(row.opened_at)
    initial = {"quote": row.subject, "contact": row.contact_id, "said_on": said_on}
    return Origin(row.customer, None, row.subject, {"ticket": row}, initial)


def _found(rows: Any, text: str) -> Any:
    found = (
        rows.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 12 else None
    )
    if found is None:
        raise Http404
    return found
