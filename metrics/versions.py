"""Daily rows as they were known at a moment: the CTEs with which books are read as first published.

A row of `CustomerDay` was known from `computed_at` on; one that was changed since stands in `PastDay`, known until
`superseded_at`. Of a customer and day at most one of them was known at any moment. Every period has a moment of its
own, in the CTE `known(n, at)`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from metrics import sql
from metrics.periods import Period

_SOURCES = (
    ("metrics_customerday", "{0}.computed_at <= k.at"),
    ("metrics_pastday", "{0}.computed_at <= k.at AND {0}.superseded_at > k.at"),
)
_MOVED = "NOT ({0}.mrr_cents = {0}.opening_mrr_cents)"


def known_cte(
    periods: Sequence[Period], known: Mapping[Period, dt.datetime | None]
) -> tuple[str, dict[str, Any]]:
    """Return the CTE `known` with its parameters; a period without a moment has no row: nothing of it was known."""
    params: dict[str, Any] = {}
    lines = []
    for n, period in enumerate(periods):
        if (at := known.get(period)) is not None:
            params[f"known{n}"] = sql.moment(at)
            lines.append(f"({n}, %(known{n})s)")
    if not lines:
        return "known(n, at) AS (SELECT 0, NULL WHERE FALSE)", {}
    return f"known(n, at) AS (VALUES {', '.join(lines)})", params


def rows(columns: Sequence[str], on: str, *, moved: bool = False) -> str:
    """Return the query of the known rows of each period: `n` and these columns, joined to `period p` by `on`."""
    names = ", ".join(f"d.{name}" for name in columns)
    only = f" AND {_MOVED.format('d')}" if moved else ""
    return " UNION ALL ".join(
        f"SELECT p.n, {names} FROM period p JOIN known k ON k.n = p.n JOIN {table} d ON {on} AND "
        f"{condition.format('d')}{only}"
        for table, condition in _SOURCES
    )


def _first(table: str, condition: str) -> str:
    return (
        f"(SELECT MIN(x.day) FROM {table} x WHERE x.customer_id = z.customer_id AND x.day >= p.first "
        f"AND {condition.format('x')})"
    )


def entry() -> str:
    """Return the CTEs that lead to `entry`, a row per period and customer known at its end (metrics/book.py)."""
    one, other = (_first(*source) for source in _SOURCES)
    firsts = " UNION ALL ".join(
        "SELECT s.n, s.last, s.closing, s.paid, d.customer_id, d.opening_mrr_cents AS opening, d.day AS first_day, "
        f"d.segment, d.stage, d.owner_id FROM starts s JOIN known k ON k.n = s.n "
        f"JOIN {table} d ON d.customer_id = s.customer_id AND d.day = s.first_day AND {condition.format('d')}"
        for table, condition in _SOURCES
    )
    return f"""
    ends AS ({rows(("customer_id", "mrr_cents", "paid_cents", "open_tickets"), "d.day = p.last")}),
    found AS (
        SELECT z.n, p.last, z.customer_id, z.mrr_cents AS closing, z.paid_cents AS paid,
               {one} AS current_day, {other} AS past_day
        FROM ends z JOIN period p ON p.n = z.n JOIN known k ON k.n = z.n
    ),
    starts AS (
        SELECT n, last, customer_id, closing, paid,
               CASE WHEN past_day IS NULL OR current_day < past_day THEN current_day ELSE past_day END AS first_day
        FROM found
    ),
    entry AS ({firsts})"""


def moves(sums: str) -> str:
    """Return the CTE `moves` of these sums over the days on which something moved."""
    columns = (
        "customer_id",
        "mrr_new_cents",
        "mrr_expansion_cents",
        "mrr_upsell_cents",
        "mrr_cross_sell_cents",
        "mrr_contraction_cents",
        "mrr_churn_cents",
        "mrr_reactivation_cents",
    )
    source = rows(columns, "d.day BETWEEN p.first AND p.last", moved=True)
    return f"moves AS (SELECT d.n, d.customer_id, {sums} FROM ({source}) d GROUP BY d.n, d.customer_id)"
