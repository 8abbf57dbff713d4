"""What customers did in their first 30 days, and whether they still paid half a year after their start.

Looked at are the newest customers, at most 5 000, that started within two years and whose half year is over by the day;
who never paid is left out. Read in two statements.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.minimum import Asked, Minimum, minimum
from metrics.value import STARTED

if TYPE_CHECKING:
    import numpy as np

HORIZON = 180  # days after its start a customer still pays, or has left
BACK = 730
MOST = 5000
WITHIN = (7, 14, 30)  # days
TIMES = (1, 3, 10)
RARE = 20  # what fewer customers did is not looked at
LOGIN = "login"


def activation_minimum(day: dt.date, segment: str = "") -> Minimum:
    """Return what is proposed by the facts up to a day, of all customers or those of a segment."""
    import numpy as np

    params = {
        "first": sql.date(day - dt.timedelta(days=HORIZON + BACK)),
        "last": sql.date(day - dt.timedelta(days=HORIZON)),
        "segment": segment,
    }
    started = sql.tuples(
        f"WITH {_population(segment)} SELECT customer_id, stayed FROM population ORDER BY customer_id", params
    )
    if not started:
        return Minimum()
    customers = np.array([row[0] for row in started], dtype=np.int64)
    stayed = np.array([bool(row[1]) for row in started])
    return minimum(stayed, _masks(customers, sql.tuples(_did(segment), params)))


def _masks(
    customers: "np.ndarray[Any, Any]", rows: list[tuple[Any, ...]]
) -> dict[Asked, "np.ndarray[Any, Any]"]:
    """Return who did what: for each thing, times and days a mask over the customers."""
    import numpy as np

    counts: dict[tuple[str, str], np.ndarray[Any, Any]] = {}
    places = np.searchsorted(customers, np.array([row[0] for row in rows], dtype=np.int64))
    for place, (_customer, kind, name, *numbers) in zip(places.tolist(), rows, strict=True):
        counts.setdefault((kind, name), np.zeros((len(customers), len(WITHIN)), dtype=np.int64))[place] = (
            numbers
        )
    found = {}
    for (kind, name), of in counts.items():
        for n, within in enumerate(WITHIN):
            for times in TIMES if kind != "milestone" else TIMES[:1]:
                mask = of[:, n] >= times
                if mask.sum() >= RARE:
                    found[Asked(kind, name, times, within)] = mask
    return found


def _population(segment: str) -> str:
    """The CTEs that lead to `population`: customer, start, whether it still paid at the end of the half year.

    Who started before any usage is kept is left out: nobody knows what it did.
    """
    of = "s.segment = %(segment)s" if segment else "TRUE"
    over = sql.plus_days("s.start", HORIZON)
    return f"""{STARTED.removeprefix("WITH ")},
    population AS (
        SELECT s.customer_id, s.start, CASE WHEN EXISTS (
                   SELECT 1 FROM customers_subscription p WHERE p.customer_id = s.customer_id AND p.mrr_cents > 0
                    AND p.starts_on <= {over} AND (p.ends_on IS NULL OR p.ends_on > {over})
               ) THEN 1 ELSE 0 END AS stayed
        FROM started s
        WHERE s.start BETWEEN %(first)s AND %(last)s AND {of}
          AND s.start >= COALESCE((SELECT MIN(u.day) FROM metrics_usageday u), s.start)
          AND EXISTS (SELECT 1 FROM customers_subscription p WHERE p.customer_id = s.customer_id
                      AND p.mrr_cents > 0 AND p.starts_on < {over})
        ORDER BY s.start DESC, s.customer_id LIMIT {MOST}
    )"""


def _did(segment: str) -> str:
    def sums(day: str, amount: str) -> str:
        gone = sql.days_between("p.start", day)
        return ", ".join(
            f"CAST(SUM(CASE WHEN {gone} < {days} THEN {amount} ELSE 0 END) AS BIGINT)" for days in WITHIN
        )

    until = sql.plus_days("p.start", max(WITHIN) - 1)
    return f"""
        WITH {_population(segment)}
        SELECT p.customer_id, CASE WHEN u.feature = '{LOGIN}' THEN 'login' ELSE 'action' END, u.feature,
               {sums("u.day", "u.events")}
        FROM population p
        JOIN metrics_usageday u ON u.customer_id = p.customer_id AND u.day BETWEEN p.start AND {until}
        GROUP BY p.customer_id, u.feature
        UNION ALL
        SELECT p.customer_id, 'milestone', m.milestone, {sums("m.reached_on", "1")}
        FROM population p
        JOIN customers_milestone m ON m.customer_id = p.customer_id AND m.reached_on BETWEEN p.start AND {until}
        GROUP BY p.customer_id, m.milestone"""
