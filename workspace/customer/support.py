"""The customer's tickets: open ones first, with their age and what is overdue."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Q, Value, When

from core import time
from customers.models import Ticket
from customers.priorities import priority_word
from workspace.customer.asof import AsOf

SHOWN = 8


@dataclass(frozen=True)
class TicketLine:
    """A ticket as of the day looked at; `age` in days since it was opened, until solved."""

    ticket: Ticket
    is_open: bool
    is_overdue: bool
    age: int

    @property
    def priority(self) -> str:
        """The priority in words, "" where none is known."""
        return priority_word(self.ticket.priority)


@dataclass(frozen=True)
class Support:
    """The newest tickets, and how many are open, overdue and known in all."""

    lines: list[TicketLine]
    open: int
    overdue: int
    total: int


def support(customer_id: int, seen: AsOf, now: dt.datetime) -> Support:
    """Return the tickets as they stood at the end of the day looked at (live: now); two queries."""
    end = now if seen.live else time.day_start(seen.day + dt.timedelta(days=1))
    is_open = Q(solved_at__isnull=True) | Q(solved_at__gt=end)
    rows = Ticket.objects.filter(customer=customer_id, opened_at__lte=end)
    sums = rows.aggregate(
        total=Count("pk"),
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_at__lt=end)),
    )
    ordered = rows.annotate(open_first=Case(When(is_open, then=Value(0)), default=Value(1))).order_by(
        "open_first", "-opened_at", "-pk"
    )
    lines = [_line(ticket, end) for ticket in ordered.select_related("contact")[:SHOWN]]
    return Support(lines, sums["open"], sums["overdue"], sums["total"])


def _line(ticket: Ticket, end: dt.datetime) -> TicketLine:
    is_open = ticket.solved_at is None or ticket.solved_at > end
    until = end if is_open or ticket.solved_at is None else ticket.solved_at
    overdue = is_open and ticket.due_at is not None and ticket.due_at < end
    return TicketLine(ticket, is_open, overdue, (until - ticket.opened_at).days)
