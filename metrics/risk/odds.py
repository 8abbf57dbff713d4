"""How likely a customer of a band is to leave within 90 days: as it was, else as long as too few left a guess.

This is what stands in where no risk model claims anything.
"""

import datetime as dt

from django.core.cache import cache

from metrics import sql

SPAN = dt.timedelta(days=90)
LEAST = 30  # customers of a band below which its own rate says nothing
GUESS = {0: 0.05, 1: 0.25, 2: 0.10, 3: 0.03}  # unknown, red, yellow, green
KEEP_SECONDS = 86_400


def odds(night: dt.date) -> dict[int, float]:
    """Return band → share of its paying customers of 90 days before that pay nothing on `night`.

    A band with fewer than 30 customers then, or of whom none left, has the guess instead.
    """
    key = f"risk:odds:{night.isoformat()}"
    kept: dict[int, float] | None = cache.get(key)
    if kept is None:
        kept = _measured(night)
        cache.set(key, kept, KEEP_SECONDS)
    return kept


def _measured(night: dt.date) -> dict[int, float]:
    rows = sql.rows(
        """
        SELECT COALESCE(h.band, 0) AS band, COUNT(*) AS customers,
               SUM(CASE WHEN COALESCE(n.mrr_cents, 0) = 0 THEN 1 ELSE 0 END) AS lost
        FROM metrics_customerday b
        LEFT JOIN metrics_healthday h ON h.day = b.day AND h.customer_id = b.customer_id
        LEFT JOIN metrics_customerday n ON n.day = %(night)s AND n.customer_id = b.customer_id
        WHERE b.day = %(before)s AND b.mrr_cents > 0
        GROUP BY COALESCE(h.band, 0)""",
        {"night": sql.date(night), "before": sql.date(night - SPAN)},
    )
    measured = {
        row["band"]: row["lost"] / row["customers"]
        for row in rows
        if row["customers"] >= LEAST and row["lost"]
    }
    return GUESS | measured
