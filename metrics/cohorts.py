"""Cohorts: customers by the month of their first MRR above zero, seen at the ends of the months that follow.

Month 0 is all who started, by definition; by revenue it is what they paid at the end of that month. A customer that
comes back counts again. With a segment, a customer counts where it belonged on its first day in that month.
"""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from core.money import from_cents
from customers.models import Customer
from metrics import slices, sql
from metrics.nights import missing_days
from metrics.periods import Period, add_months, months_between
from metrics.questions import check_segment, check_span
from metrics.revenue import NOT_EMPTY
from metrics.slices import Only

Seen = dict[tuple[int, int], tuple[int, int, int]]  # (cohort, month) → started, active, MRR in cents


def cohorts(
    *,
    first: dt.date,
    end: dt.date,
    segment: str | None = None,
    visible: QuerySet[Customer] | None = None,
    only: Only | None = None,
) -> dict[str, Any]:
    """Return the cohorts of the calendar months from that of `first`, seen at every month end before `end`.

    Per cohort: `month`, `started`, and by months since the start, beginning with 0: `customers` that are active and
    their `mrr`, and both as shares of the start, `customer_shares` and `mrr_shares`. A month end whose night is not
    finished is null. `visible` keeps to customers of that queryset; `only`, where given, says all about which customers
    are looked at. Raises BadRequest.
    """
    check_span(first, end)
    check_segment(segment)
    months = _months(first, end)
    missing = set(missing_days(months[0].first, months[-1].end)) if months else set()
    seen = _seen(months, only or Only.of(segment, visible)) if months else {}
    return {
        "from": first.isoformat(),
        "to": end.isoformat(),
        "currency": settings.CURRENCY,
        "segment": segment,
        "cohorts": [
            _cohort(n, month, months, seen, unknown=[later.last in missing for later in months[n:]])
            for n, month in enumerate(months)
        ],
    }


def _months(first: dt.date, end: dt.date) -> list[Period]:
    begun = first.replace(day=1)
    count = months_between(begun, end.replace(day=1))
    return [Period(add_months(begun, n), add_months(begun, n + 1)) for n in range(max(count, 0))]


def _cohort(
    n: int, month: Period, months: Sequence[Period], seen: Seen, *, unknown: Sequence[bool]
) -> dict[str, Any]:
    of = [seen.get((n, later), (0, 0, 0)) for later in range(n, len(months))]
    started, paid = of[0][0], of[0][2]
    active = [started, *(count for _, count, _ in of[1:])]

    def known(values: Sequence[Any]) -> list[Any]:
        return [None if hidden else value for value, hidden in zip(values, unknown, strict=True)]

    shares = [None] * len(of) if unknown[0] else [_share(cents, paid) for _, _, cents in of]
    return {
        "month": f"{month.first:%Y-%m}",
        "started": started,
        "customers": known(active),
        "customer_shares": known([_share(count, started) for count in active]),
        "mrr": known([str(from_cents(cents)) for _, _, cents in of]),
        "mrr_shares": known(shares),
    }


def _share(part: int, of: int) -> float | None:
    return float(Fraction(part, of)) if of else None


# Who started, if any night knows it; of a slice it is looked up where it belonged on its first day.
_KNOWN = """start e
            JOIN period p ON e.day BETWEEN p.first AND p.last
            WHERE EXISTS (
                SELECT 1 FROM metrics_customerday y WHERE y.customer_id = e.customer_id AND y.day >= p.first
            )"""
_SLICED = """start t
            JOIN period p ON t.day BETWEEN p.first AND p.last
            JOIN metrics_customerday e ON e.customer_id = t.customer_id AND e.day = (
                SELECT MIN(y.day) FROM metrics_customerday y WHERE y.customer_id = t.customer_id AND y.day >= p.first
            )
            WHERE TRUE"""


def _seen(months: Sequence[Period], only: Only) -> Seen:
    """Read, per cohort and month from its start on, how many started, how many are active and what they pay."""
    period, params = slices.periods_cte(months)
    params |= {"begin": sql.date(months[0].first), "finish": sql.date(months[-1].last)}
    found = sql.rows(
        f"""
        WITH {period},
        start AS (
            SELECT s.customer_id, MIN(s.starts_on) AS day
            FROM customers_subscription s
            WHERE s.mrr_cents > 0 AND {NOT_EMPTY.format("s")} AND s.starts_on <= %(finish)s
            GROUP BY s.customer_id
            HAVING MIN(s.starts_on) >= %(begin)s
        ),
        cohort AS (
            SELECT p.n, e.customer_id
            FROM {_SLICED if only.cuts else _KNOWN}
            AND {only.condition(params)}
        ),
        size AS (
            SELECT n, COUNT(*) AS started FROM cohort GROUP BY n
        ),
        paying AS (
            SELECT c.n, m.n AS month, COUNT(*) AS active, SUM(z.mrr_cents) AS cents
            FROM period m
            JOIN metrics_customerday z ON z.day = m.last AND z.mrr_cents > 0
            JOIN cohort c ON c.customer_id = z.customer_id AND c.n <= m.n
            GROUP BY c.n, m.n
        )
        SELECT s.n AS cohort, m.n AS month, s.started, y.active, y.cents
        FROM size s
        JOIN period m ON m.n >= s.n
        LEFT JOIN paying y ON y.n = s.n AND y.month = m.n""",
        params,
    )
    return {
        (row["cohort"], row["month"]): (int(row["started"]), int(row["active"] or 0), int(row["cents"] or 0))
        for row in found
    }
