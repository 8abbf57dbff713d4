"""How long tickets took, by the clock and in business hours: to the first reply, and until solved for the last time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from core import time
from core.working import WorkingCalendar
from customers.models import Ticket
from customers.working import workspace_calendar
from metrics import business_time, slices, sql
from metrics.periods import Period
from metrics.slices import Only

Read = dict[tuple[Period, str | None], "Durations"]


@dataclass(frozen=True)
class Durations:
    """How long cases took, in seconds. `middle`: the sum of the one or two in the middle; `open`: not there yet.

    `without_hours`: asked for in business hours while none are set.
    """

    cases: int = 0
    total: int = 0
    middle: int = 0
    middles: int = 0
    open: int = 0
    without_hours: bool = False


@dataclass(frozen=True)
class _Clock:
    """What tells the seconds from opened to another moment of a ticket, and what must be read for it."""

    ctes: str
    joins: str
    took: str


def read_first_responses(periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Read:
    """Return how long the first public reply took, by the day opened; `open`: without one by the end of `as_of`."""
    return _first_responses(periods, by, only, as_of, _wall("first_response_at"))


def read_resolutions(periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Read:
    """Return how long it took until a ticket was solved for the last time, by the day solved."""
    return _resolutions(periods, by, only, _wall("solved_at"))


def read_first_responses_in_hours(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> Read:
    """Return the same in business hours, by the calendar that is set now."""
    calendar = workspace_calendar()
    return first_responses_by(calendar, periods, by, only, as_of) if calendar else _unset(periods)


def read_resolutions_in_hours(periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Read:
    """Return the same in business hours, by the calendar that is set now."""
    calendar = workspace_calendar()
    return resolutions_by(calendar, periods, by, only) if calendar else _unset(periods)


def first_responses_by(
    calendar: WorkingCalendar, periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> Read:
    """Return the first replies by a calendar that need not be the one that is set."""
    return _first_responses(
        periods, by, only, as_of, _business(calendar, "first_response_at", "opened_at", periods)
    )


def resolutions_by(calendar: WorkingCalendar, periods: Sequence[Period], by: str | None, only: Only) -> Read:
    """Return the resolutions by a calendar that need not be the one that is set."""
    return _resolutions(periods, by, only, _business(calendar, "solved_at", "solved_at", periods))


def _first_responses(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date, clock: _Clock
) -> Read:
    return _durations(periods, by, only, facts=_opened(clock), params=known(as_of))


def _resolutions(periods: Sequence[Period], by: str | None, only: Only, clock: _Clock) -> Read:
    return _durations(periods, by, only, facts=_solved(clock), params={})


def first_response_facts(period: Period, *, in_hours: bool) -> str:
    """Return the query of the tickets opened, with the seconds to the first reply; needs `period` and `known`."""
    return _opened(_clock("first_response_at", "opened_at", period, in_hours=in_hours))


def resolution_facts(period: Period, *, in_hours: bool) -> str:
    """Return the query of the tickets solved, with the seconds that took; needs the CTE `period`."""
    return _solved(_clock("solved_at", "solved_at", period, in_hours=in_hours))


def known(as_of: dt.date) -> dict[str, Any]:
    """Return the parameter by which is told what was known at the end of a day."""
    return {"known": sql.moment(time.day_start(as_of + dt.timedelta(days=1)))}


def _clock(column: str, dated_by: str, period: Period, *, in_hours: bool) -> _Clock:
    if not in_hours:
        return _wall(column)
    calendar = workspace_calendar()
    return (
        _business(calendar, column, dated_by, [period])
        if calendar
        else _Clock("", "", "CAST(NULL AS BIGINT)")
    )


def _opened(clock: _Clock) -> str:
    return f"""
        {clock.ctes}
        SELECT p.n, t.customer_id, t.id AS ticket_id, LOWER(t.assignee_email) AS member,
               CASE WHEN t.first_response_at < %(known)s THEN {clock.took} END AS took
        FROM period p
        JOIN customers_ticket t ON t.opened_at >= p.starts_at AND t.opened_at < p.ends_at
        {clock.joins}"""


def _solved(clock: _Clock) -> str:
    return f"""
        {clock.ctes}
        SELECT p.n, t.customer_id, t.id AS ticket_id, LOWER(t.assignee_email) AS member, {clock.took} AS took
        FROM period p
        JOIN customers_ticket t ON t.solved_at >= p.starts_at AND t.solved_at < p.ends_at
        {clock.joins}"""


def _wall(column: str) -> _Clock:
    """Seconds by the clock."""
    return _Clock("", "", f"{sql.seconds(f't.{column}')} - {sql.seconds('t.opened_at')}")


def _business(calendar: WorkingCalendar, column: str, dated_by: str, periods: Sequence[Period]) -> _Clock:
    """Seconds in which the calendar is open, over the days that tickets of the periods can touch."""
    first = time.day_start(min(period.first for period in periods))
    end = time.day_start(max(period.end for period in periods))
    dated = {f"{dated_by}__gte": first, f"{dated_by}__lt": end}
    touched = Ticket.objects.filter(**dated).aggregate(first=Min("opened_at"), last=Max(column))
    cte, slots = business_time.worktime(calendar, touched["first"] or first, touched["last"] or end)
    took = f"{business_time.worked('y', f't.{column}', slots)} - {business_time.worked('x', 't.opened_at', slots)}"
    joins = f"{business_time.join('x', 't.opened_at')} {business_time.join('y', f't.{column}')}"
    return _Clock(f"WITH {cte}", joins, took)


def _unset(periods: Sequence[Period]) -> Read:
    return {(period, None): Durations(without_hours=True) for period in periods}


def _durations(
    periods: Sequence[Period], by: str | None, only: Only, *, facts: str, params: dict[str, Any]
) -> Read:
    """Sum up `facts` with a column `took`, null for cases that are open; these sort behind all others."""
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=facts,
        select="""
            , ranked AS (
                SELECT n, part, took,
                       ROW_NUMBER() OVER (PARTITION BY n, part ORDER BY took IS NULL, took) AS place,
                       COUNT(took) OVER (PARTITION BY n, part) AS cases
                FROM sliced
            )
            SELECT n, part, COUNT(took) AS cases, SUM(took) AS total, COUNT(*) - COUNT(took) AS open,
                   SUM(CASE WHEN place IN ((cases + 1) / 2, (cases + 2) / 2) THEN took END) AS middle,
                   SUM(CASE WHEN place IN ((cases + 1) / 2, (cases + 2) / 2) AND took IS NOT NULL
                       THEN 1 ELSE 0 END) AS middles
            FROM ranked GROUP BY n, part""",
        params=params,
    )
    return {key: _told(row) for key, row in found}


def _told(row: dict[str, Any]) -> Durations:
    return Durations(
        cases=int(row["cases"] or 0),
        total=int(row["total"] or 0),
        middle=int(row["middle"] or 0),
        middles=int(row["middles"] or 0),
        open=int(row["open"] or 0),
    )
