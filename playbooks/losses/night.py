"""Stage *register*: what the movements of a run of days took away becomes a line of the register of losses.

A notice that was open becomes the loss it announced; without one a loss is opened. A day that is computed again and
took nothing away after all has its loss removed, or, where somebody wrote about it, kept with an amount of 0. A whole
loss says when the customer came back. Running it twice changes nothing.
"""

import datetime as dt
from collections.abc import Sequence

from core import time
from metrics import sql
from metrics.scope import Scope

_UNTOUCHED = """l.found AND l.reason_id IS NULL AND l.tried = '' AND l.competitor = '' AND l.comes_back = ''
          AND l.note = ''"""


def register(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Bring the register to what these days moved; no daily row changes by that."""
    params = {
        "first": sql.date(min(days)),
        "last": sql.date(max(days)),
        "at": sql.moment(time.now()),
    }
    with sql.writing(scope.low):
        sql.execute(_notices_come_true(scope), params)
        sql.execute(_open(scope), params)
        sql.execute(_forget(scope), params)
        sql.execute(_empty(scope), params)
        sql.execute(_returned(scope), params)
    return set()


def _moved(scope: Scope) -> str:
    """Return the SELECT of what was taken away, one row per customer and day."""
    return f"""
        SELECT z.customer_id, z.day, z.mrr_churn_cents > 0 AS whole,
               z.mrr_churn_cents + z.mrr_contraction_cents AS cents
        FROM metrics_customerday z
        WHERE z.day BETWEEN %(first)s AND %(last)s AND {scope.of("z.customer_id")}
          AND NOT (z.mrr_cents = z.opening_mrr_cents) AND z.mrr_cents < z.opening_mrr_cents"""


def _notices_come_true(scope: Scope) -> str:
    meant = "m.customer_id = l.customer_id AND m.day >= l.noticed_on AND (m.whole OR NOT l.whole)"
    first = f"(SELECT MIN(m.day) FROM m WHERE {meant})"
    taken = f"(SELECT {{0}} FROM m WHERE m.customer_id = l.customer_id AND m.day = {first})"
    return f"""
        WITH m AS ({_moved(scope)})
        UPDATE playbooks_loss AS l SET state = 'lost', lost_on = {first},
               whole = {taken.format("m.whole")}, mrr_cents = {taken.format("m.cents")}
        WHERE l.state = 'notice' AND {scope.of("l.customer_id")} AND {first} IS NOT NULL
          AND l.id = (SELECT MIN(o.id) FROM playbooks_loss o
                      WHERE o.customer_id = l.customer_id AND o.state = 'notice')
          AND NOT EXISTS (SELECT 1 FROM playbooks_loss o
                          WHERE o.customer_id = l.customer_id AND o.lost_on = {first})"""


def _open(scope: Scope) -> str:
    at = "CAST(%(at)s AS timestamptz)" if sql.on_postgres() else "%(at)s"
    is_not = "IS DISTINCT FROM" if sql.on_postgres() else "IS NOT"
    return f"""
        INSERT INTO playbooks_loss (customer_id, whole, state, found, lost_on, mrr_cents, tried, competitor, comes_back,
                                    note, recorded_at)
        SELECT m.customer_id, m.whole, 'lost', {"TRUE" if sql.on_postgres() else "1"}, m.day, m.cents, '', '', '', '',
               {at}
        FROM ({_moved(scope)}) m WHERE TRUE
        ON CONFLICT (customer_id, lost_on) DO UPDATE SET whole = excluded.whole, mrr_cents = excluded.mrr_cents
        WHERE playbooks_loss.mrr_cents <> excluded.mrr_cents OR playbooks_loss.whole {is_not} excluded.whole"""


def _gone(scope: Scope) -> str:
    return f"""{scope.of("l.customer_id")} AND l.lost_on BETWEEN %(first)s AND %(last)s
          AND NOT EXISTS (SELECT 1 FROM metrics_customerday z WHERE z.day = l.lost_on
                          AND z.customer_id = l.customer_id AND z.mrr_cents < z.opening_mrr_cents)"""


def _forget(scope: Scope) -> str:
    return f"DELETE FROM playbooks_loss AS l WHERE {_gone(scope)} AND {_UNTOUCHED}"


def _empty(scope: Scope) -> str:
    return f"UPDATE playbooks_loss AS l SET mrr_cents = 0 WHERE {_gone(scope)} AND l.mrr_cents <> 0"


def _returned(scope: Scope) -> str:
    back = """(SELECT MIN(z.day) FROM metrics_customerday z WHERE z.customer_id = l.customer_id
               AND z.day > l.lost_on AND z.mrr_reactivation_cents > 0)"""
    return f"""
        UPDATE playbooks_loss AS l SET returned_on = {back}
        WHERE {scope.of("l.customer_id")} AND l.state = 'lost' AND l.whole AND (
            l.returned_on BETWEEN %(first)s AND %(last)s OR (
                l.returned_on IS NULL AND l.customer_id IN (
                    SELECT z.customer_id FROM metrics_customerday z
                    WHERE z.day BETWEEN %(first)s AND %(last)s AND {scope.of("z.customer_id")}
                      AND NOT (z.mrr_cents = z.opening_mrr_cents) AND z.mrr_reactivation_cents > 0
                )
            )
        )"""
