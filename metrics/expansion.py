"""Stage *measure*, expansion split: what comes from products the customer did not have, and what from the rest.

Cross-sell is a rise of a product without MRR the day before, under a subscription without MRR the day before; every
other rise is upsell. Where a fall elsewhere offsets a rise, the net is split in the proportion of the rises.
"""

# Looked at only where a customer expanded: the amounts of the day before and of the day, by subscription and product.
RISES = """
    amounts AS (
        SELECT m.day, m.customer_id, s.external_id, s.product,
               SUM(CASE WHEN s.starts_on < m.day THEN s.mrr_cents ELSE 0 END) AS before,
               SUM(CASE WHEN s.ends_on IS NULL OR s.ends_on > m.day THEN s.mrr_cents ELSE 0 END) AS after
        FROM money m
        JOIN span s ON s.customer_id = m.customer_id AND s.starts_on <= m.day
         AND (s.ends_on IS NULL OR s.ends_on >= m.day)
        WHERE m.opening > 0 AND m.closing > m.opening
        GROUP BY m.day, m.customer_id, s.external_id, s.product
    ),
    judged AS (
        SELECT a.day, a.customer_id, a.after - a.before AS rise,
               SUM(a.before) OVER (PARTITION BY a.day, a.customer_id, a.product) AS of_product,
               SUM(a.before) OVER (PARTITION BY a.day, a.customer_id, a.external_id) AS of_subscription
        FROM amounts a
    ),
    rises AS (
        SELECT day, customer_id, CAST(SUM(rise) AS BIGINT) AS rise,
               CAST(SUM(CASE WHEN of_product = 0 AND of_subscription = 0 THEN rise ELSE 0 END) AS BIGINT) AS fresh
        FROM judged
        WHERE rise > 0
        GROUP BY day, customer_id
    )"""

# Whole cents, rounded half-even, in integers: `rest` is what the division leaves.
_NET = "(m.closing - m.opening)"
_WHOLE = f"({_NET} * r.fresh / r.rise)"
_REST = f"({_NET} * r.fresh %% r.rise)"
_CROSS_SELL = f"""CASE WHEN r.fresh > 0 THEN {_WHOLE} + CASE
        WHEN 2 * {_REST} > r.rise OR (2 * {_REST} = r.rise AND {_WHOLE} %% 2 = 1) THEN 1 ELSE 0 END
    ELSE 0 END"""

# Column of CustomerDay → its expression over `m` and `r`, rows of `money` and `rises` that may be missing.
COLUMNS = {
    "mrr_upsell_cents": f"CASE WHEN r.rise > 0 THEN {_NET} - {_CROSS_SELL} ELSE 0 END",
    "mrr_cross_sell_cents": _CROSS_SELL,
}
