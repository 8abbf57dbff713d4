"""Stage *wins*: a won opportunity meets the expansion of the MRR that followed it.

The first day with expansion from a week before the win to 90 days after it counts. Several wins may share one
movement, as one subscription may bring them. A day that is computed again and shows none any more is let go of.
Running it twice changes nothing.
"""

import datetime as dt
from collections.abc import Sequence

from metrics import sql
from metrics.scope import Scope

EARLY, LATE = 7, 90  # days around the win in which its movement may come


def meet(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Link the wins of a scope with what these days moved; no daily row changes by that."""
    params = {"first": sql.date(min(days)), "last": sql.date(max(days))}
    grew = f"""z.customer_id = o.customer_id AND z.mrr_expansion_cents > 0
               AND z.day BETWEEN {sql.plus_days("o.decided_on", -EARLY)} AND {sql.plus_days("o.decided_on", LATE)}"""
    first = f"(SELECT MIN(z.day) FROM metrics_customerday z WHERE {grew})"
    cents = f"""(SELECT z.mrr_expansion_cents FROM metrics_customerday z
                 WHERE z.customer_id = o.customer_id AND z.day = {first})"""
    reach = sql.plus_days("o.decided_on", LATE)
    begin = "CAST(%(first)s AS date)" if sql.on_postgres() else "%(first)s"
    with sql.writing(scope.low):
        sql.execute(
            f"""
            UPDATE playbooks_opportunity AS o SET movement_on = {first}, movement_cents = {cents}
            WHERE o.stage = 'won' AND {scope.of("o.customer_id")} AND {reach} >= {begin}
              AND {sql.plus_days("o.decided_on", -EARLY)} <= %(last)s
              AND (o.movement_on IS NULL OR o.movement_on >= {begin})""",
            params,
        )
    return set()
