"""How long customers took from their start to their first value, those still without it included."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from metrics import slices, sql
from metrics.periods import Period
from metrics.revenue import NOT_EMPTY
from metrics.slices import Only

# A customer starts on `started_on`, else with its first subscription; what was merged into another does not count.
# Worked out once, not once per period.
STARTED = f"""WITH started AS MATERIALIZED (
    SELECT c.id AS customer_id, c.segment, COALESCE(c.started_on, (
        SELECT MIN(s.starts_on) FROM customers_subscription s WHERE s.customer_id = c.id AND {NOT_EMPTY.format("s")}
    )) AS start
    FROM customers_customer c
    WHERE COALESCE(c.merged_into_id, 0) = 0
)"""

_FIRST_VALUE = """(
        SELECT MIN(sign.day) FROM (
            SELECT u.day FROM metrics_usageday u
            WHERE u.customer_id = s.customer_id AND u.day >= s.start AND u.day <= %(as_of)s
              AND u.feature IN (SELECT name FROM metrics_firstvaluesign WHERE kind = 'event')
            UNION ALL
            SELECT m.reached_on FROM customers_milestone m
            WHERE m.customer_id = s.customer_id AND m.reached_on >= s.start AND m.reached_on <= %(as_of)s
              AND m.milestone IN (SELECT name FROM metrics_firstvaluesign WHERE kind = 'milestone')
        ) sign
    )"""


@dataclass(frozen=True)
class Ways:
    """Customers by the days it took them to their first value, and by the days looked at for who is without it."""

    reached: dict[int, int] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)


def read(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Ways]:
    """Return how the customers that started in each period came to their first value, by the end of `as_of`."""
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=facts(),
        select=f"""
            SELECT n, part, {sql.days_between("start", "COALESCE(first_value, %(as_of)s)")} AS days,
                   CASE WHEN first_value IS NULL THEN 0 ELSE 1 END AS reached, COUNT(*) AS customers
            FROM sliced GROUP BY n, part, 3, 4""",
        params={"as_of": sql.date(as_of)},
    )
    ways: dict[tuple[Period, str | None], Ways] = {}
    for key, row in found:
        way = ways.setdefault(key, Ways())
        (way.reached if row["reached"] else way.waiting)[row["days"]] = row["customers"]
    return ways


def facts() -> str:
    """Return the query of the customers that started, with their first value; needs the CTE `period` and `as_of`."""
    return f"""
        {STARTED}
        SELECT w.n, w.customer_id, w.start, w.first_value
        FROM (
            SELECT p.n, s.customer_id, s.start, {_FIRST_VALUE} AS first_value
            FROM period p
            JOIN started s ON s.start BETWEEN p.first AND p.last AND s.start <= %(as_of)s
        ) w"""
