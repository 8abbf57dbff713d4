"""Stage *measure*, money: subscriptions → MRR at the end of the day before and of the day, per customer.

A row is in force on `starts_on <= day < ends_on`. With grace days a customer whose last row ended keeps its MRR
for that many days, unless a new row (be it at 0) starts before: each row that ended then counts as ending later.
"""

from metrics import sql
from metrics.scope import Scope

NOT_EMPTY = "({0}.ends_on IS NULL OR {0}.ends_on > {0}.starts_on)"


def spans(scope: Scope, *, grace_days: int) -> str:
    """Return the CTE `span`: the subscription rows that touch the calendar, with the end that counts.

    Needs the parameters `first` and `last`.
    """
    reach = sql.plus_days("s.ends_on", grace_days) if grace_days else "s.ends_on"
    return f"""
    span AS (
        SELECT s.customer_id, s.external_id, s.product, s.plan, s.mrr_cents, s.seats, s.starts_on,
               {_end(grace_days)} AS ends_on
        FROM customers_subscription s
        WHERE {scope.of("s.customer_id")} AND s.starts_on <= %(last)s AND {NOT_EMPTY.format("s")}
          AND (s.ends_on IS NULL OR {reach} >= %(first)s)
    )"""


def _end(grace_days: int) -> str:
    if not grace_days:
        return "s.ends_on"
    reach = sql.plus_days("s.ends_on", grace_days)
    return f"""
        CASE
        WHEN s.ends_on IS NULL OR EXISTS (
            SELECT 1 FROM customers_subscription o
            WHERE o.customer_id = s.customer_id AND o.starts_on <= s.ends_on
              AND (o.ends_on IS NULL OR o.ends_on > s.ends_on)
        ) THEN s.ends_on
        ELSE COALESCE((
            SELECT MIN(o.starts_on) FROM customers_subscription o
            WHERE o.customer_id = s.customer_id AND o.starts_on > s.ends_on AND o.starts_on < {reach}
              AND {NOT_EMPTY.format("o")}
        ), {reach})
        END"""


MONEY = """
    money AS (
        SELECT d.day, s.customer_id,
               CAST(SUM(CASE WHEN s.starts_on < d.day THEN s.mrr_cents ELSE 0 END) AS BIGINT) AS opening,
               CAST(SUM(CASE WHEN s.ends_on IS NULL OR s.ends_on > d.day THEN s.mrr_cents ELSE 0 END) AS BIGINT)
                   AS closing,
               SUM(CASE WHEN s.ends_on IS NULL OR s.ends_on > d.day THEN s.seats END) AS seats
        FROM calendar d
        JOIN span s ON s.starts_on <= d.day AND (s.ends_on IS NULL OR s.ends_on >= d.day)
        GROUP BY d.day, s.customer_id
    )"""

# Whether the customer ever paid before is asked only on a day on which it goes from nothing to something.
PAID_BEFORE = f"""EXISTS (
        SELECT 1 FROM customers_subscription f
        WHERE f.customer_id = m.customer_id AND f.starts_on < m.day AND f.mrr_cents > 0
          AND {NOT_EMPTY.format("f")}
    )"""

# Column of CustomerDay → its expression over `m`, a row of `money` that may be missing.
COLUMNS = {
    "opening_mrr_cents": "COALESCE(m.opening, 0)",
    "mrr_cents": "COALESCE(m.closing, 0)",
    "mrr_new_cents": f"CASE WHEN m.opening = 0 AND m.closing > 0 AND NOT {PAID_BEFORE} THEN m.closing ELSE 0 END",
    "mrr_expansion_cents": """CASE WHEN m.opening > 0 AND m.closing > m.opening
        THEN m.closing - m.opening ELSE 0 END""",
    "mrr_contraction_cents": """CASE WHEN m.closing > 0 AND m.closing < m.opening
        THEN m.opening - m.closing ELSE 0 END""",
    "mrr_churn_cents": "CASE WHEN m.opening > 0 AND m.closing = 0 THEN m.opening ELSE 0 END",
    "mrr_reactivation_cents": f"CASE WHEN m.opening = 0 AND m.closing > 0 AND {PAID_BEFORE} THEN m.closing ELSE 0 END",
    "seats": "m.seats",
}
