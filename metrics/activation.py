"""Activation: of the customers that started in a period, who did all that is asked for in time.

Asked for is what the latest version asks that holds for the day of the customer's start: of its segment (the one its
slice goes by), and where that has none or asks for nothing, of everybody. The window closes `within_days` of the
widest item after the start; who is still inside it is counted apart.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from metrics import slices, sql
from metrics.periods import Period
from metrics.slices import Only
from metrics.value import STARTED


@dataclass(frozen=True)
class Activation:
    """Customers that started, by whether their window has closed, and those of them that are activated."""

    closed: int = 0
    closed_activated: int = 0
    open: int = 0
    open_activated: int = 0


def _version(segment: str) -> str:
    """Return the id of the latest version for a segment expression that holds for a start."""
    return f"""(
        SELECT a.id FROM metrics_activationcriteria a
        WHERE a.segment = {segment} AND (a.applies_from IS NULL OR a.applies_from <= s.start)
        ORDER BY a.version DESC LIMIT 1
    )"""


_SEGMENT = """COALESCE((
        SELECT f.segment FROM metrics_customerday f
        WHERE f.customer_id = s.customer_id AND f.day = (
            SELECT MIN(y.day) FROM metrics_customerday y
            WHERE y.customer_id = s.customer_id AND y.day >= p.first
        )
    ), s.segment)"""

_DONE = """(CASE WHEN i.kind = 'milestone' THEN (
        SELECT COUNT(*) FROM customers_milestone m
        WHERE m.customer_id = v.customer_id AND m.milestone = i.name
          AND m.reached_on >= v.start AND m.reached_on <= %(as_of)s
          AND {within_milestone} < i.within_days
    ) ELSE (
        SELECT COALESCE(SUM(u.events), 0) FROM metrics_usageday u
        WHERE u.customer_id = v.customer_id AND u.feature = i.name
          AND u.day >= v.start AND u.day <= %(as_of)s AND {within_usage} < i.within_days
    ) END)"""


def read(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Activation]:
    """Return who of the customers that started in each period is activated, by the end of `as_of`."""
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=facts(),
        select="""
            SELECT n, part, SUM(closed) AS closed, SUM(closed * activated) AS closed_activated,
                   SUM(1 - closed) AS open, SUM((1 - closed) * activated) AS open_activated
            FROM sliced GROUP BY n, part""",
        params={"as_of": sql.date(as_of)},
    )
    return {key: Activation(**{name: int(count) for name, count in row.items()}) for key, row in found}


def facts() -> str:
    """Return the query that tells of every customer that started whether its days are over, and whether it did all.

    Needs the CTE `period` and `as_of`.
    """
    done = _DONE.format(
        within_milestone=sql.days_between("v.start", "m.reached_on"),
        within_usage=sql.days_between("v.start", "u.day"),
    )
    return f"""
        {STARTED}
        SELECT v.n, v.customer_id, v.start,
               CASE WHEN {sql.days_between("v.start", "%(as_of)s")} >= MAX(i.within_days) - 1
                    THEN 1 ELSE 0 END AS closed,
               MIN(CASE WHEN {done} >= i.times THEN 1 ELSE 0 END) AS activated
        FROM (
            SELECT w.n, w.customer_id, w.start, CASE WHEN EXISTS (
                SELECT 1 FROM metrics_activationitem o WHERE o.criteria_id = w.own
            ) THEN w.own ELSE w.everybody END AS criteria_id
            FROM (
                SELECT s.n, s.customer_id, s.start, {_version("s.segment")} AS own,
                       {_version("''")} AS everybody
                FROM (
                    SELECT p.n, s.customer_id, s.start, {_SEGMENT} AS segment
                    FROM period p
                    JOIN started s ON s.start BETWEEN p.first AND p.last AND s.start <= %(as_of)s
                ) s
            ) w
        ) v
        JOIN metrics_activationitem i ON i.criteria_id = v.criteria_id
        GROUP BY v.n, v.customer_id, v.start"""
