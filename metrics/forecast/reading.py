"""What a forecast is made from, by what was known at the end of a day: four statements for any number of customers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, QuerySet

from customers.models import Customer
from metrics import sql
from metrics.models import CustomerDay, RiskModel
from metrics.risk.read import holding
from metrics.risk.spans import CERTAIN

MONTH = 30  # days: the month of a forecast
HORIZONS = (90, 180, 360)
MONTHS = 12  # of movements that are looked back on


@dataclass(frozen=True)
class Ahead:
    """Paying customers within a horizon: MRR expected to leave and its variance, of all and of renewals due in it.

    Cents and cents²; `due`: how many renewals, `due_mrr`: what those customers pay a month.
    """

    leaves: float
    spread: float
    due: int
    due_mrr: int
    due_leaves: float


@dataclass(frozen=True)
class Month:
    """Movements of thirty days in cents, and how many customers were lost; `opening`: MRR before them."""

    opening: int
    new: int
    expansion: int
    contraction: int
    churn: int
    lost: int


@dataclass(frozen=True)
class Base:
    """The customers that pay at the end of `day`: how many, their MRR, what is ahead, and the months behind.

    `own`: told by each customer's own risk; else everybody leaves at the rate at which MRR was lost in the past.
    `months`: the newest first; only those of which every day has rows.
    """

    day: dt.date
    customers: int
    mrr: int
    own: bool
    sure: float  # how many losses the level of the probabilities was learned from
    ahead: Mapping[int, Ahead]
    months: list[Month]


def read(day: dt.date, customers: QuerySet[Customer] | None = None) -> Base:
    """Return what a forecast of the end of a day is made from, of these customers or of all."""
    among, params = _among(customers)
    params |= {"day": sql.date(day)}
    behind, lost_share, lost = _months(day, among, params)
    model = holding(day)
    own = model is not None and model.state == RiskModel.State.USED
    told = _ahead(own, lost_share, among, params, day)
    sure = float(model.held_lost) if own and model is not None else lost + 0.5
    months, at = [], int(told["mrr"] or 0)
    for one in behind:
        at -= one["net"]
        months.append(Month(at, one["new"], one["expansion"], one["contraction"], one["churn"], one["lost"]))
    ahead = {
        days: Ahead(
            float(told[f"leaves{days}"] or 0),
            float(told[f"spread{days}"] or 0),
            int(told[f"due{days}"] or 0),
            int(told[f"due_mrr{days}"] or 0),
            float(told[f"due_leaves{days}"] or 0),
        )
        for days in HORIZONS
    }
    return Base(day, int(told["customers"]), int(told["mrr"] or 0), own, sure, ahead, months)


def months_known(day: dt.date) -> int:
    """Return how many whole months of thirty days, at most twelve, every day of which may have rows."""
    first: dt.date | None = CustomerDay.objects.aggregate(day=Min("day"))["day"]
    return 0 if first is None else max(0, min(MONTHS, (day - first).days // MONTH))


def _among(customers: QuerySet[Customer] | None) -> tuple[str, dict[str, Any]]:
    if customers is None:
        return "", {}
    said, params = sql.named(customers.order_by().values("pk"), "c")
    return f" AND z.customer_id IN ({said})", params


def _ahead(own: bool, share: float, among: str, params: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """Sum over the paying customers; without own risks everybody leaves with the same share a month."""
    columns = []
    for days in HORIZONS:
        chance = (
            f"COALESCE(r.within_{days}, 0) / {CERTAIN}.0" if own else f"{1 - (1 - share) ** (days / MONTH)!r}"
        )
        due = f"z.renewal_on > %(day)s AND z.renewal_on <= %(until{days})s"
        columns += [
            f"SUM(z.mrr_cents * ({chance})) AS leaves{days}",
            f"SUM(1.0 * z.mrr_cents * z.mrr_cents * ({chance}) * (1 - ({chance}))) AS spread{days}",
            f"SUM(CASE WHEN {due} THEN 1 ELSE 0 END) AS due{days}",
            f"SUM(CASE WHEN {due} THEN z.mrr_cents ELSE 0 END) AS due_mrr{days}",
            f"SUM(CASE WHEN {due} THEN z.mrr_cents * ({chance}) ELSE 0 END) AS due_leaves{days}",
        ]
    until = {f"until{days}": sql.date(day + dt.timedelta(days=days)) for days in HORIZONS}
    joined = "LEFT JOIN metrics_riskday r ON r.day = z.day AND r.customer_id = z.customer_id" if own else ""
    (found,) = sql.rows(
        f"""SELECT COUNT(*) AS customers, CAST(SUM(z.mrr_cents) AS BIGINT) AS mrr, {", ".join(columns)}
        FROM metrics_customerday z {joined}
        WHERE z.day = %(day)s AND z.mrr_cents > 0{among}""",
        params | until,
    )
    return found


def _months(day: dt.date, among: str, params: dict[str, Any]) -> tuple[list[dict[str, Any]], float, float]:
    """Return movements a month, the newest first; the share of the MRR that leaves a month; how many customers left."""
    known = months_known(day)
    names = ("new", "reactivation", "expansion", "contraction", "churn")
    today = "CAST(%(day)s AS date)" if sql.on_postgres() else "%(day)s"
    month = f"{sql.days_between('z.day', today)} / {MONTH}"
    sums = ", ".join(f"CAST(SUM(z.mrr_{name}_cents) AS BIGINT) AS {name}" for name in names)
    rows = sql.rows(
        f"""SELECT {month} AS month, {sums},
               SUM(CASE WHEN z.mrr_churn_cents > 0 THEN 1 ELSE 0 END) AS lost,
               SUM(CASE WHEN z.opening_mrr_cents = 0 THEN 1 ELSE 0 END) AS won
        FROM metrics_customerday z
        WHERE z.day > %(since)s AND z.day <= %(day)s AND NOT (z.mrr_cents = z.opening_mrr_cents){among}
        GROUP BY {month}""",
        params | {"since": sql.date(day - dt.timedelta(days=known * MONTH))},
    )
    by_month = {int(row["month"]): row for row in rows}
    ((count, at),) = sql.tuples(
        "SELECT COUNT(*), CAST(SUM(z.mrr_cents) AS BIGINT) FROM metrics_customerday z"
        f" WHERE z.day = %(day)s AND z.mrr_cents > 0{among}",
        params,
    )
    months: list[dict[str, Any]] = []
    exposed, paid, at = 0, 0, int(at or 0)
    for n in range(known):
        row = by_month.get(n, {})
        told = {name: int(row.get(name) or 0) for name in (*names, "lost", "won")}
        count += told["lost"] - told["won"]
        new = told["new"] + told["reactivation"]
        net = new + told["expansion"] - told["contraction"] - told["churn"]
        at -= net
        exposed, paid = exposed + max(count, 0), paid + max(at, 0)
        months.append({**told, "new": new, "net": net})
    churn = sum(one["churn"] for one in months) / paid if paid else 0.0
    share = max(churn, 0.5 / (exposed + 1))  # where nobody left so far somebody may
    return months, min(share, 1.0), float(sum(one["lost"] for one in months))
