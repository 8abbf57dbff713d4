"""The book of a period: what the customers of a slice paid at opening and closing, and what moved in between.

It comes from the customers' rows on the first and the last day of the period and from the days on which something
moved, never from sums of slice snapshots. A customer belongs to the slice it was in on the period's first day (one
that starts inside it: on its own first day).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from accounts.models import Workspace
from metrics import drivers, revenue, slices, sql, versions
from metrics.periods import Period
from metrics.scope import Scope
from metrics.slices import EVERYBODY, Only

ALL_IDS = Scope(0, 2**62)


@dataclass(frozen=True)
class Book:
    """Sums over the customers of a slice; money in cents. The opening cohort is who paid at opening."""

    opening: int = 0
    closing: int = 0
    new: int = 0
    expansion: int = 0
    upsell: int = 0  # with cross-sell: the expansion, split
    cross_sell: int = 0
    contraction: int = 0
    churn: int = 0
    reactivation: int = 0
    active_at_opening: int = 0
    active_at_closing: int = 0
    lost: int = 0  # of the opening cohort: not active at closing
    kept: int = 0  # what the opening cohort pays at closing
    floor: int = 0  # Σ min(opening, closing) of the opening cohort
    customers_new: int = 0  # that paid for the first time ever
    payers: int = 0  # whose payments so far, less refunds, are above zero
    paid: int = 0  # what these have paid so far


Books = dict[tuple[Period, str | None], Book]

_SUMS = """
    SUM(e.opening) AS opening, SUM(e.closing) AS closing,
    SUM(m.new) AS new, SUM(m.expansion) AS expansion,
    SUM(m.upsell) AS upsell, SUM(m.cross_sell) AS cross_sell, SUM(m.contraction) AS contraction,
    SUM(m.churn) AS churn, SUM(m.reactivation) AS reactivation,
    SUM(CASE WHEN e.opening > 0 THEN 1 ELSE 0 END) AS active_at_opening,
    SUM(CASE WHEN e.closing > 0 THEN 1 ELSE 0 END) AS active_at_closing,
    SUM(CASE WHEN e.opening > 0 AND e.closing = 0 THEN 1 ELSE 0 END) AS lost,
    SUM(CASE WHEN e.opening > 0 THEN e.closing ELSE 0 END) AS kept,
    SUM(CASE WHEN e.closing < e.opening THEN e.closing ELSE e.opening END) AS floor,
    SUM(CASE WHEN m.new > 0 THEN 1 ELSE 0 END) AS customers_new,
    SUM(CASE WHEN e.paid > 0 THEN 1 ELSE 0 END) AS payers, SUM(CASE WHEN e.paid > 0 THEN e.paid ELSE 0 END) AS paid"""

# One row per period and customer known at its end, with the customer's first day inside the period.
# Nearly all are there on the period's own first day (before all history: on its first): only of the others the first
# day is looked up one by one.
# Ends and starts are read apart, each by its day, so that no history is walked through between them.
_ENTRY = """
    ends AS (
        SELECT p.n, p.first, p.last, z.customer_id, z.mrr_cents AS closing, z.paid_cents AS paid
        FROM period p JOIN metrics_customerday z ON z.day = p.last
    ),
    starts AS (
        SELECT p.n, f.customer_id, f.opening_mrr_cents AS opening, f.day AS first_day, f.segment, f.stage, f.owner_id
        FROM period p
        CROSS JOIN (SELECT MIN(day) AS day FROM metrics_customerday) b
        JOIN metrics_customerday f ON f.day = CASE WHEN p.first < b.day THEN b.day ELSE p.first END
    ),
    entry AS (
        SELECT z.n, z.last, z.customer_id, z.closing, z.paid, f.opening, f.first_day, f.segment, f.stage, f.owner_id
        FROM ends z JOIN starts f ON f.n = z.n AND f.customer_id = z.customer_id
        UNION ALL
        SELECT z.n, z.last, z.customer_id, z.closing, z.paid, f.opening_mrr_cents, f.day, f.segment, f.stage, f.owner_id
        FROM ends z
        JOIN metrics_customerday f ON f.customer_id = z.customer_id AND f.day = (
            SELECT MIN(x.day) FROM metrics_customerday x WHERE x.customer_id = z.customer_id AND x.day > z.first
        )
        WHERE NOT EXISTS (SELECT 1 FROM starts y WHERE y.n = z.n AND y.customer_id = z.customer_id)
    )"""

_MOVED = """SUM(d.mrr_new_cents) AS new, SUM(d.mrr_expansion_cents) AS expansion,
               SUM(d.mrr_upsell_cents) AS upsell, SUM(d.mrr_cross_sell_cents) AS cross_sell,
               SUM(d.mrr_contraction_cents) AS contraction, SUM(d.mrr_churn_cents) AS churn,
               SUM(d.mrr_reactivation_cents) AS reactivation"""

# Written as the condition of the index `metrics_days_that_moved`, so that only those days are read.
_MOVES = f"""
    moves AS (
        SELECT p.n, d.customer_id, {_MOVED}
        FROM period p
        JOIN metrics_customerday d ON d.day BETWEEN p.first AND p.last AND NOT (d.mrr_cents = d.opening_mrr_cents)
        GROUP BY p.n, d.customer_id
    )"""


def read(periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Books:
    """Return the books that revenue figures are computed from; they depend on the periods' own nights only."""
    if by == "product":
        return books_by_product(periods, grace_days=Workspace.get().grace_days, only=only)
    if by == "driver":
        found = drivers.read(periods, only, grace_days=Workspace.get().grace_days)
        return {key: Book(**sums) for key, sums in found.items()}
    return books(periods, by=by, only=only)


def books(
    periods: Sequence[Period],
    *,
    by: str | None = None,
    only: Only = EVERYBODY,
    known: Mapping[Period, dt.datetime | None] | None = None,
) -> Books:
    """Return the book of each period, as a whole (slice None) or cut `by` segment, stage, owner or tag.

    `only` keeps to some of the customers. A slice without customers has no entry; the
    part of those without one is `none`. Owners are named by e-mail. With `known` the daily rows are taken as they
    stood at each period's moment, without it as they are now.
    """
    period, params = slices.periods_cte(periods)
    part, joined = slices.part(by)
    ctes = [period, _ENTRY, _MOVES]
    if known is not None:
        moments, values = versions.known_cte(periods, known)
        ctes, params = [period, moments, versions.entry(), versions.moves(_MOVED)], params | values
    found = sql.rows(
        f"""
        WITH {", ".join(ctes)}
        SELECT e.n, {part} AS part, {_SUMS}
        FROM entry e
        LEFT JOIN moves m ON m.n = e.n AND m.customer_id = e.customer_id
        {joined}
        WHERE {only.condition(params)}
        GROUP BY 1, 2""",
        params,
    )
    names = [field.name for field in fields(Book)]
    result = {
        (periods[row["n"]], slices.label(by, row["part"])): Book(
            **{name: int(row[name] or 0) for name in names}
        )
        for row in found
    }
    if by is None:
        result = {(period, None): Book() for period in periods} | result
    return result


def books_by_product(periods: Sequence[Period], *, grace_days: int, only: Only = EVERYBODY) -> Books:
    """Return books that hold only the closing MRR, by product of the subscription rows in force at closing."""
    period, params = slices.periods_cte(periods)
    calendar, days = sql.calendar(sorted({period.last for period in periods}))
    params |= days
    found = sql.rows(
        f"""
        WITH {calendar}, {period}, {_ENTRY}, {revenue.spans(ALL_IDS, grace_days=grace_days)}
        SELECT e.n, s.product AS part, SUM(s.mrr_cents) AS closing
        FROM entry e
        JOIN span s ON s.customer_id = e.customer_id AND s.starts_on <= e.last
         AND (s.ends_on IS NULL OR s.ends_on > e.last)
        WHERE {only.condition(params)}
        GROUP BY e.n, s.product""",
        params,
    )
    return {(periods[row["n"]], row["part"]): Book(closing=int(row["closing"])) for row in found}


def facts() -> str:
    """Return the query of the customers known at the end of a period, with what they paid and what moved.

    Needs the CTE `period`. These are the rows that `books` sums up.
    """
    return f"""
        WITH {_ENTRY}, {_MOVES}
        SELECT e.n, e.customer_id, e.opening, e.closing, e.paid,
               COALESCE(m.new, 0) AS new, COALESCE(m.expansion, 0) AS expansion, COALESCE(m.upsell, 0) AS upsell,
               COALESCE(m.cross_sell, 0) AS cross_sell, COALESCE(m.contraction, 0) AS contraction,
               COALESCE(m.churn, 0) AS churn, COALESCE(m.reactivation, 0) AS reactivation
        FROM entry e
        LEFT JOIN moves m ON m.n = e.n AND m.customer_id = e.customer_id"""


def product_facts(*, grace_days: int) -> str:
    """Return the query of what customers pay for each product at the end of a period; `books_by_product` sums it up.

    Needs the CTE `period`, and `first` and `last`: the period's last day.
    """
    return f"""
        WITH {_ENTRY}, {revenue.spans(ALL_IDS, grace_days=grace_days)}
        SELECT e.n, e.customer_id, s.product, SUM(s.mrr_cents) AS closing
        FROM entry e
        JOIN span s ON s.customer_id = e.customer_id AND s.starts_on <= e.last
         AND (s.ends_on IS NULL OR s.ends_on > e.last)
        GROUP BY e.n, e.customer_id, s.product"""
