"""Expansion by driver: new product, plan, seats, price. Per customer and day a rise of a product has one of them.

A product without MRR the day before is a new product, under a subscription of its own (cross-sell) or not. Else another
plan, else more seats, else a higher price. Upsell is parted in the proportion of the rises, to the cent; cross-sell is
all new product; together they are the expansion of the daily rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics import revenue, slices, sql
from metrics.periods import Period
from metrics.scope import Scope
from metrics.slices import Only

DRIVERS = ("new_product", "plan", "seats", "price")
SUMS = ("expansion", "upsell", "cross_sell")
_OF = "CAST(SUM(CASE WHEN driver = '{0}' THEN rise ELSE 0 END) AS BIGINT)"
_LINE = """
        SELECT n, customer_id, '{0}' AS driver, CAST(SUM({1} + {2}) AS BIGINT) AS expansion,
               CAST(SUM({1}) AS BIGINT) AS upsell, CAST(SUM({2}) AS BIGINT) AS cross_sell
        FROM parted GROUP BY n, customer_id HAVING SUM({1} + {2}) <> 0"""


def facts(*, grace_days: int) -> str:
    """Return the query of what customers expanded by in a period, by `driver`, in cents.

    Needs the CTE `period`, and `first` and `last`: the first and the last day of all periods.
    """
    up_to = {
        driver: f"g.upsell * ({' + '.join(f'r.{one}' for one in DRIVERS[: n + 1])}) / r.upsell"
        for n, driver in enumerate(DRIVERS[:-1])
    }
    parts = [
        f"COALESCE({upper}{f' - {lower}' if lower else ''}, 0) AS {driver}"
        for (driver, upper), lower in zip(up_to.items(), ["", *up_to.values()], strict=False)
    ]
    parts.append(f"g.upsell - COALESCE({up_to[DRIVERS[-2]]}, 0) AS {DRIVERS[-1]}")
    lines = [
        _LINE.format(driver, driver, "cross_sell" if driver == "new_product" else "0") for driver in DRIVERS
    ]
    return f"""
        WITH {revenue.spans(Scope(0, 2**62), grace_days=grace_days)},
        grown AS (
            SELECT p.n, d.day, d.customer_id, d.mrr_upsell_cents AS upsell, d.mrr_cross_sell_cents AS cross_sell
            FROM period p
            JOIN metrics_customerday d ON d.day BETWEEN p.first AND p.last
             AND NOT (d.mrr_cents = d.opening_mrr_cents) AND d.mrr_expansion_cents > 0
        ),
        amounts AS (
            SELECT g.day, g.customer_id, s.external_id, s.product,
                   SUM(CASE WHEN s.starts_on < g.day THEN s.mrr_cents ELSE 0 END) AS before,
                   SUM(CASE WHEN s.ends_on IS NULL OR s.ends_on > g.day THEN s.mrr_cents ELSE 0 END) AS after,
                   MAX(CASE WHEN s.starts_on < g.day THEN s.plan END) AS plan_before,
                   MAX(CASE WHEN s.ends_on IS NULL OR s.ends_on > g.day THEN s.plan END) AS plan_after,
                   SUM(CASE WHEN s.starts_on < g.day THEN COALESCE(s.seats, 0) ELSE 0 END) AS seats_before,
                   SUM(CASE WHEN s.ends_on IS NULL OR s.ends_on > g.day THEN COALESCE(s.seats, 0) ELSE 0 END)
                       AS seats_after
            FROM (SELECT DISTINCT day, customer_id FROM grown) g
            JOIN span s ON s.customer_id = g.customer_id AND s.starts_on <= g.day
             AND (s.ends_on IS NULL OR s.ends_on >= g.day)
            GROUP BY g.day, g.customer_id, s.external_id, s.product
        ),
        compared AS (
            SELECT a.*, a.after - a.before AS rise,
                   SUM(a.before) OVER (PARTITION BY a.day, a.customer_id, a.product) AS of_product,
                   SUM(a.before) OVER (PARTITION BY a.day, a.customer_id, a.external_id) AS of_subscription
            FROM amounts a
        ),
        judged AS (
            SELECT day, customer_id, rise, CASE
                   WHEN of_product = 0 THEN 'new_product'
                   WHEN plan_before <> plan_after THEN 'plan'
                   WHEN seats_after > seats_before THEN 'seats'
                   ELSE 'price' END AS driver
            FROM compared
            WHERE rise > 0 AND NOT (of_product = 0 AND of_subscription = 0)
        ),
        rises AS (
            SELECT day, customer_id, CAST(SUM(rise) AS BIGINT) AS upsell,
                   {", ".join(f"{_OF.format(driver)} AS {driver}" for driver in DRIVERS)}
            FROM judged
            GROUP BY day, customer_id
        ),
        parted AS (
            SELECT g.n, g.customer_id, g.cross_sell, {", ".join(parts)}
            FROM grown g
            LEFT JOIN rises r ON r.day = g.day AND r.customer_id = g.customer_id
        )
        {" UNION ALL ".join(lines)}"""


def params(periods: Sequence[Period]) -> dict[str, Any]:
    """Return the parameters of the query's days."""
    return {
        "first": sql.date(min(period.first for period in periods)),
        "last": sql.date(max(period.last for period in periods)),
    }


def read(
    periods: Sequence[Period], only: Only, *, grace_days: int
) -> Mapping[tuple[Period, str | None], Mapping[str, int]]:
    """Return the expansion of each period by driver, with its split, in cents; a driver without any is missing."""
    sums = ", ".join(f"SUM({name}) AS {name}" for name in SUMS)
    found = slices.cut(
        periods,
        by="driver",
        only=only,
        facts=facts(grace_days=grace_days),
        select=f"SELECT n, part, {sums} FROM sliced GROUP BY n, part",
        params=params(periods),
    )
    return {key: {name: int(row[name]) for name in SUMS} for key, row in found}
