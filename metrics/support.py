"""How customers were helped: tickets by the day they were opened or solved, and those waiting at the end of a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core import time
from metrics import slices, sql
from metrics.periods import Period
from metrics.slices import Only

COUNTABLE_DAYS = 3  # after it was solved a ticket may still be opened again


@dataclass(frozen=True)
class Durations:
    """How long cases took, in seconds. `middle`: the sum of the one or two in the middle; `open`: not there yet."""

    cases: int = 0
    total: int = 0
    middle: int = 0
    middles: int = 0
    open: int = 0


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


def read_first_responses(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Durations]:
    """Return how long the first public reply took, by the day opened; `open`: without one by the end of `as_of`."""
    return _durations(
        periods,
        by,
        only,
        facts=f"""
            SELECT p.n, t.customer_id,
                   CASE WHEN t.first_response_at < %(known)s
                        THEN {_since_opened("t.first_response_at")} END AS took
            FROM period p
            JOIN customers_ticket t ON t.opened_at >= p.starts_at AND t.opened_at < p.ends_at""",
        params={"known": _end(as_of)},
    )


def read_resolutions(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Durations]:
    """Return how long it took until a ticket was solved for the last time, by the day solved."""
    return _durations(
        periods,
        by,
        only,
        facts=f"""
            SELECT p.n, t.customer_id, {_since_opened("t.solved_at")} AS took
            FROM period p
            JOIN customers_ticket t ON t.solved_at >= p.starts_at AND t.solved_at < p.ends_at""",
        params={},
    )


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
        facts="""
            SELECT p.n, t.customer_id,
                   CASE WHEN t.solved_at < %(countable)s THEN 1 ELSE 0 END AS counts,
                   CASE WHEN t.reopens = 0 AND (
                       t.team_replies = 1 OR (t.team_replies = 0 AND LOWER(t.channel) IN ('phone', 'chat'))
                   ) THEN 1 ELSE 0 END AS at_once
            FROM period p
            JOIN customers_ticket t ON t.solved_at >= p.starts_at AND t.solved_at < p.ends_at
             AND t.team_replies IS NOT NULL AND t.reopens IS NOT NULL""",
        select="""
            SELECT n, part, SUM(counts) AS countable, SUM(counts * at_once) AS first_contact, SUM(1 - counts) AS later
            FROM sliced GROUP BY n, part""",
        params={"countable": _end(as_of - dt.timedelta(days=COUNTABLE_DAYS))},
    )
    return {key: Solved(**_whole(row)) for key, row in found}


def read_backlog(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Backlog]:
    """Return the tickets that waited at the end of each period's last day, from that day's rows."""
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts="""
            SELECT p.n, z.customer_id, z.open_tickets
            FROM period p
            JOIN metrics_customerday z ON z.day = p.last AND z.open_tickets > 0""",
        select="SELECT n, part, SUM(open_tickets) AS tickets FROM sliced GROUP BY n, part",
    )
    return {key: Backlog(**_whole(row)) for key, row in found}


def _durations(
    periods: Sequence[Period], by: str | None, only: Only, *, facts: str, params: dict[str, Any]
) -> dict[tuple[Period, str | None], Durations]:
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
    return {key: Durations(**_whole(row)) for key, row in found}


def _since_opened(moment: str) -> str:
    return f"{sql.seconds(moment)} - {sql.seconds('t.opened_at')}"


def _end(day: dt.date) -> Any:
    """Return the first moment after a day."""
    return sql.moment(time.day_start(day + dt.timedelta(days=1)))


def _whole(row: dict[str, Any]) -> dict[str, int]:
    return {name: int(value or 0) for name, value in row.items()}
