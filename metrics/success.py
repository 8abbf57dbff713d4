"""The success gap of many customers: every plan's total at the end of a period, as `customers.success` defines it.

A customer with several voices says the mean of what each said last. Ours is what was measured last, or assessed where
nothing measures. Under half of the weight confirmed a customer has no total and counts nowhere.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metrics import slices, sql
from metrics.periods import Period
from metrics.scope import Scope
from metrics.slices import Only


@dataclass(frozen=True)
class Success:
    """Sums over the customers that have a total: how many, their MRR in cents, and each share times both weights.

    `ours`: those that have a perception gap; its sums go over these only.
    """

    customers: int = 0
    mrr: float = 0
    attained: float = 0
    attained_mrr: float = 0
    value_gap: float = 0
    value_gap_mrr: float = 0
    ours: int = 0
    ours_mrr: float = 0
    perception_gap: float = 0
    perception_gap_mrr: float = 0
    unconfirmed: int = 0


def read(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date
) -> dict[tuple[Period, str | None], Success]:
    """Return the success of each period's last day, cut `by` a slice; it does not depend on `as_of`."""
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=facts(),
        select="""
            SELECT n, part,
                   SUM(told) AS customers, SUM(told * mrr) AS mrr,
                   SUM(told * attained) AS attained, SUM(told * attained * mrr) AS attained_mrr,
                   SUM(told * value_gap) AS value_gap, SUM(told * value_gap * mrr) AS value_gap_mrr,
                   SUM(compared) AS ours, SUM(compared * mrr) AS ours_mrr,
                   SUM(compared * perception_gap) AS perception_gap,
                   SUM(compared * perception_gap * mrr) AS perception_gap_mrr,
                   SUM(1 - told) AS unconfirmed
            FROM sliced GROUP BY n, part""",
    )
    return {key: _success(row) for key, row in found}


def _success(row: dict[str, Any]) -> Success:
    def sum_of(name: str) -> float:
        return float(row[name] or 0)

    return Success(
        customers=int(row["customers"] or 0),
        mrr=sum_of("mrr"),
        attained=sum_of("attained"),
        attained_mrr=sum_of("attained_mrr"),
        value_gap=sum_of("value_gap"),
        value_gap_mrr=sum_of("value_gap_mrr"),
        ours=int(row["ours"] or 0),
        ours_mrr=sum_of("ours_mrr"),
        perception_gap=sum_of("perception_gap"),
        perception_gap_mrr=sum_of("perception_gap_mrr"),
        unconfirmed=int(row["unconfirmed"] or 0),
    )


def facts(*, due_only: bool = False, scope: Scope | None = None) -> str:
    """Return the query of every customer with objectives at the end of each `period p`: its total and its MRR.

    `due_only`: over the objectives whose day has come alone, so that what became of them is known. `scope`: of
    these customers alone. Of `period` it reads `n`, `last` and `ends_at`.

    Columns: `n`, `customer_id`, `mrr` in cents, `told` 1 where it has a total, `compared` 1 where both sides speak,
    `attained`, `due`, `ours` as shares, `value_gap` and `perception_gap` as shares (not points), `confirmed`, and
    `said_on`, the day on which the customer spoke last of what counts.
    """
    way = "(o.target - o.baseline) * 1.0"
    known = "AND o.due_on <= p.last" if due_only else ""
    mine = f"AND {scope.of('o.customer_id')}" if scope else ""
    theirs = f"JOIN customers_objective o ON o.id = a.objective_id {mine}" if scope else ""
    gone = f"{sql.days_between('o.starts_on', 'o.last')} * 1.0"
    due = f"{gone} / {sql.days_between('o.starts_on', 'o.due_on')}"
    return f"""
        WITH live AS (
            SELECT p.n, p.last, o.*
            FROM period p
            JOIN customers_objective o ON o.starts_on <= p.last
             AND (o.archived_at IS NULL OR o.archived_at >= p.ends_at) {known} {mine}
        ),
        voices AS (
            SELECT p.n, a.objective_id, a.value, a.stated_on,
                   ROW_NUMBER() OVER (
                       PARTITION BY p.n, a.objective_id, a.contact_id ORDER BY a.stated_on DESC, a.id DESC
                   ) AS place
            FROM period p
            JOIN customers_attained a ON a.side = 'customer' AND a.stated_on <= p.last
            {theirs}
        ),
        said AS (
            SELECT n, objective_id, AVG(value) AS value, MAX(stated_on) AS said_on
            FROM voices WHERE place = 1 GROUP BY n, objective_id
        ),
        view AS (
            SELECT o.n, o.customer_id, o.weight * 1.0 AS weight, s.said_on,
                   {_within(due, 1)} AS due,
                   {_within(f"(s.value - o.baseline) / ({way})", 1.5)} AS customer,
                   {_within(f"({OURS} - o.baseline) / ({way})", 1.5)} AS ours
            FROM live o
            LEFT JOIN said s ON s.n = o.n AND s.objective_id = o.id
        ),
        plan AS (
            SELECT n, customer_id, SUM(weight) AS weight, MAX(said_on) AS said_on,
                   SUM(CASE WHEN customer IS NOT NULL THEN weight ELSE 0 END) AS confirmed,
                   SUM(weight * customer) AS attained,
                   SUM(CASE WHEN customer IS NOT NULL THEN weight * (customer - due) ELSE 0 END) AS value_gap,
                   SUM(CASE WHEN customer IS NOT NULL AND ours IS NOT NULL THEN weight ELSE 0 END) AS shared,
                   SUM(weight * (ours - customer)) AS perception_gap,
                   SUM(weight * due) AS due, SUM(weight * ours) AS ours,
                   SUM(CASE WHEN ours IS NOT NULL THEN weight ELSE 0 END) AS measured
            FROM view GROUP BY n, customer_id
        )
        SELECT g.n, g.customer_id, COALESCE(z.mrr_cents, 0) AS mrr, g.said_on,
               CASE WHEN {_ENOUGH} THEN 1 ELSE 0 END AS told,
               CASE WHEN {_ENOUGH} AND g.shared > 0 THEN 1 ELSE 0 END AS compared,
               CASE WHEN {_ENOUGH} THEN g.attained / g.confirmed ELSE 0 END AS attained,
               CASE WHEN {_ENOUGH} THEN g.value_gap / g.confirmed ELSE 0 END AS value_gap,
               CASE WHEN {_ENOUGH} AND g.shared > 0 THEN g.perception_gap / g.shared ELSE 0 END AS perception_gap,
               CASE WHEN g.weight > 0 THEN g.due / g.weight END AS due,
               CASE WHEN g.measured > 0 THEN g.ours / g.measured END AS ours,
               CASE WHEN g.weight > 0 THEN g.confirmed / g.weight ELSE 0 END AS confirmed
        FROM plan g
        JOIN period p ON p.n = g.n
        LEFT JOIN metrics_customerday z ON z.customer_id = g.customer_id AND z.day = p.last"""


_ENOUGH = "g.weight > 0 AND g.confirmed * 2 >= g.weight"

OURS = """COALESCE(
    CASE WHEN o.event <> '' OR o.figure <> '' OR o.milestone <> '' THEN (
        SELECT m.value FROM metrics_objectiveday m
        WHERE m.objective_id = o.id AND m.day <= o.last ORDER BY m.day DESC LIMIT 1
    ) END,
    (
        SELECT a.value FROM customers_attained a
        WHERE a.objective_id = o.id AND a.side = 'ours' AND a.stated_on <= o.last
        ORDER BY a.stated_on DESC, a.id DESC LIMIT 1
    ))"""


def ranked(period: Period, only: Only, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Return customers with plans on a period's last day, those first whose gap times MRR is the most behind.

    Columns as `facts` has them; customers without a total come last.
    """
    found = slices.cut(
        [period],
        by=None,
        only=only,
        facts=facts(),
        select="""
            SELECT n, part, customer_id, mrr, told, compared, attained, due, value_gap, perception_gap, confirmed
            FROM sliced ORDER BY told DESC, value_gap * mrr, mrr DESC, customer_id
            LIMIT %(limit)s OFFSET %(offset)s""",
        params={"limit": limit, "offset": offset},
    )
    return [row for _key, row in found]


def _within(expression: str, most: float) -> str:
    """Return a share kept within 0 and `most`; null stays null."""
    return f"CASE WHEN {expression} < 0 THEN 0.0 WHEN {expression} > {most} THEN {most} ELSE {expression} END"
