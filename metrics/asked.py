"""Who was asked and who was heard: invitations by mail with their answers, low answers and their closing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from core import time
from metrics import slices, sql
from metrics.periods import Period
from metrics.slices import Only


@dataclass(frozen=True)
class Asked:
    """People and customers a mail reached in a period, and those of them who answered, on the same invitations."""

    people: int = 0
    people_answered: int = 0
    customers: int = 0
    customers_answered: int = 0


@dataclass(frozen=True)
class Closing:
    """Low answers whose time is over or that are closed, and those closed in time, by the calendar."""

    due: int = 0
    in_time: int = 0


def read_asked(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Asked]:
    """Return who was asked by mail in each period; an answer counts for its invitation's day, whenever it came."""
    person = "COALESCE(i.contact_id, -i.id)"
    names = [field.name for field in fields(Asked)]
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=f"""
            SELECT p.n, i.customer_id, COUNT(DISTINCT {person}) AS people,
                   COUNT(DISTINCT CASE WHEN r.id IS NOT NULL THEN {person} END) AS people_answered,
                   1 AS customers, MAX(CASE WHEN r.id IS NOT NULL THEN 1 ELSE 0 END) AS customers_answered
            FROM period p
            JOIN surveys_invitation i ON i.channel = 'mail' AND i.bounced_at IS NULL
             AND i.sent_at >= p.starts_at AND i.sent_at < p.ends_at
            LEFT JOIN surveys_response r ON r.invitation_id = i.id AND NOT r.held
            GROUP BY p.n, i.customer_id""",
        select=f"SELECT n, part, {_sums(names)} FROM sliced GROUP BY n, part",
    )
    return {key: Asked(**{name: int(row[name]) for name in names}) for key, row in found}


def read_closing(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Closing]:
    """Return the low answers given in each period; one not due by the end of `as_of` counts once it is closed."""
    names = [field.name for field in fields(Closing)]
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts="""
            SELECT p.n, c.customer_id,
                   SUM(CASE WHEN c.closed_at < %(told)s OR c.due_at < %(told)s THEN 1 ELSE 0 END) AS due,
                   SUM(CASE WHEN c.closed_at < %(told)s AND c.closed_at <= c.due_at THEN 1 ELSE 0 END) AS in_time
            FROM period p
            JOIN surveys_loopcase c ON c.opened_at >= p.starts_at AND c.opened_at < p.ends_at
            GROUP BY p.n, c.customer_id""",
        select=f"SELECT n, part, {_sums(names)} FROM sliced GROUP BY n, part",
        params={"told": sql.moment(_end_of(as_of))},
    )
    return {key: Closing(**{name: int(row[name]) for name in names}) for key, row in found}


def _sums(names: Sequence[str]) -> str:
    return ", ".join(f"SUM({name}) AS {name}" for name in names)


def _end_of(day: dt.date) -> dt.datetime:
    return time.day_start(day + dt.timedelta(days=1))
