"""What rules on success plans look for: the plan's totals, as `metrics.success` tells them everywhere.

Each SELECT yields what those of `causes.py` do, over the same CTE `x`.
"""

from collections.abc import Callable, Mapping

from metrics import success
from metrics.scope import Scope


def select(kind: str, scope: Scope) -> str:
    """Return the SELECT of a kind of `KINDS`."""
    return _CAUSES[kind](scope)


def _totals(scope: Scope) -> str:
    """Return the plans' totals `g` of the day looked at, joined to `x`."""
    return f"""x JOIN (
            WITH period AS (SELECT 0 AS n, MAX(x.day) AS last, %(ends_at)s AS ends_at FROM x HAVING COUNT(*) > 0)
            SELECT * FROM ({success.facts(scope=scope)}) f
        ) g ON g.customer_id = x.customer_id"""


def _gap(share: str, told: str) -> Callable[[Scope], str]:
    """A gap of so many percentage points or more; `share` is how bad it is, `told` says that it is known."""
    points = f"CAST(ROUND({share} * 100) AS BIGINT)"

    def cause(scope: Scope) -> str:
        return f"""
            SELECT x.rule_id, x.customer_id, x.customer_id AS subject_id, x.day AS since, {points} AS value,
                   CAST(NULL AS BIGINT) AS before, '' AS label, {points} AS badness, x.mrr_cents
            FROM {_totals(scope)} WHERE {told} = 1 AND {points} >= x.amount"""

    return cause


def _unconfirmed(scope: Scope) -> str:
    """Plans begun so many days ago of which the customer confirmed less than half."""
    begun = """(SELECT MIN(o.starts_on) FROM customers_objective o WHERE o.customer_id = x.customer_id
        AND o.weight > 0 AND (o.archived_at IS NULL OR o.archived_at >= %(ends_at)s))"""
    share = "CAST(ROUND(g.confirmed * 100) AS BIGINT)"
    return f"""
        SELECT x.rule_id, x.customer_id, x.customer_id AS subject_id, {begun} AS since, {share} AS value,
               CAST(NULL AS BIGINT) AS before, '' AS label, 100 - {share} AS badness, x.mrr_cents
        FROM {_totals(scope)} WHERE g.told = 0 AND {begun} <= x.ago"""


_CAUSES: Mapping[str, Callable[[Scope], str]] = {
    "value_gap": _gap("-g.value_gap", "g.told"),
    "perception_gap": _gap("g.perception_gap", "g.compared"),
    "plan_unconfirmed": _unconfirmed,
}
KINDS = frozenset(_CAUSES)
