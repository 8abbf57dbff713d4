"""How customers were helped: tickets by the day they were solved, and those waiting at the end of a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core import time
from metrics import slices, sql
from metrics.models import Night, SliceDay
from metrics.periods import Period
from metrics.slices import Only

COUNTABLE_DAYS = 3  # after it was solved a ticket may still be opened again


@dataclass(frozen=True)
class Solved:
    """Tickets solved: those that count by now, of them by the first contact, and those that will count later."""

    countable: int = 0
    first_contact: int = 0
    later: int = 0


@dataclass(frozen=True)
class Backlog:
    """Tickets opened and not solved at the end of the period's last day."""

    tickets: int = 0


SOLVED = """
    SELECT p.n, t.customer_id, t.id AS ticket_id, LOWER(t.assignee_email) AS member,
           CASE WHEN t.solved_at < %(countable)s THEN 1 ELSE 0 END AS counts,
           CASE WHEN t.reopens = 0 AND (
               t.team_replies = 1 OR (t.team_replies = 0 AND LOWER(t.channel) IN ('phone', 'chat'))
           ) THEN 1 ELSE 0 END AS at_once
    FROM period p
    JOIN customers_ticket t ON t.solved_at >= p.starts_at AND t.solved_at < p.ends_at
     AND t.team_replies IS NOT NULL AND t.reopens IS NOT NULL"""

WAITING = """
    SELECT p.n, z.customer_id, z.open_tickets
    FROM period p
    JOIN metrics_customerday z ON z.day = p.last AND z.open_tickets > 0"""

WAITING_BY_MEMBER = """
    SELECT p.n, t.customer_id, LOWER(t.assignee_email) AS member, COUNT(*) AS open_tickets
    FROM period p
    JOIN customers_ticket t ON t.opened_at < p.ends_at AND (t.solved_at IS NULL OR t.solved_at >= p.ends_at)
    GROUP BY p.n, t.customer_id, LOWER(t.assignee_email)"""


def read_solved(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Solved]:
    """Return the tickets solved in each period whose replies and reopenings are known, as of the end of `as_of`.

    One reply settles a ticket at the first contact; on the phone and in a chat none does too.
    """
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=SOLVED,
        select="""
            SELECT n, part, SUM(counts) AS countable, SUM(counts * at_once) AS first_contact, SUM(1 - counts) AS later
            FROM sliced GROUP BY n, part""",
        params=known(as_of),
    )
    return {key: Solved(**_whole(row)) for key, row in found}


def read_backlog(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Backlog]:
    """Return the tickets that waited at the end of each period's last day, from that day's rows.

    The rows do not say who works on a ticket: by member the tickets themselves are counted. Of all customers together
    the sum that was told of the day is read, where it was.
    """
    told = _told(periods) if by is None and only.is_everybody else {}
    begun = set(
        Night.objects.filter(day__in={period.last for period in periods}).values_list("day", flat=True)
    )
    periods = [period for period in periods if period.last in begun and period not in told]
    whole: dict[tuple[Period, str | None], Backlog] = {
        (period, None): Backlog(tickets) for period, tickets in told.items()
    }
    if not periods:
        return whole
    waiting = WAITING_BY_MEMBER if by == "member" else WAITING
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=waiting,
        select="SELECT n, part, SUM(open_tickets) AS tickets FROM sliced GROUP BY n, part",
    )
    return whole | {key: Backlog(**_whole(row)) for key, row in found}


def _told(periods: Sequence[Period]) -> dict[Period, int]:
    """Return how many tickets of all customers waited at the end of the periods whose last day is told as it is now."""
    lasts = {period.last for period in periods}
    told = Night.objects.filter(day__in=lasts, told_at__isnull=False).values("day")
    rows = SliceDay.objects.filter(day__in=told, cut="", is_current=True).values_list("day", "open_tickets")
    tickets = dict(rows)
    return {period: tickets[period.last] for period in periods if period.last in tickets}


def known(as_of: dt.date) -> dict[str, Any]:
    """Return the parameter by which is told which tickets count at the end of a day."""
    return {"countable": _end(as_of - dt.timedelta(days=COUNTABLE_DAYS))}


def _end(day: dt.date) -> Any:
    """Return the first moment after a day."""
    return sql.moment(time.day_start(day + dt.timedelta(days=1)))


def _whole(row: dict[str, Any]) -> dict[str, int]:
    return {name: int(value or 0) for name, value in row.items()}
