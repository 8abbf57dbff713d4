"""What needs attention: customers with alerts, ranked by what waiting may cost.

MRR × probability of loss in 90 days (the customer's own risk where a model tells it, else its band's rate) × urgency
(1 without a renewal in 90 days, up to 2 on its day).
Overdue tickets and promises that are behind come first.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core import formats
from customers.models import Customer
from metrics import sql
from metrics.health.bands import Band
from metrics.risk.odds import odds
from metrics.risk.spans import CERTAIN
from playbooks.alerts.kinds import KINDS
from playbooks.alerts.words import alert_sentence
from playbooks.models import Alert

CAPACITY = 8  # customers a person can care for in a day
FIRST = ("ticket_overdue", "objective_behind")
AHEAD = 90


@dataclass(frozen=True)
class Reason:
    """An alert of a customer as it is shown."""

    alert: Alert
    name: str
    sentence: str
    tone: str


@dataclass(frozen=True)
class Attention:
    """A customer with its reasons and what its place comes from; money in cents."""

    customer_id: int
    name: str
    mrr: int
    score: float | None
    band: str
    renewal_on: dt.date | None
    renewal_value: int | None
    odds: float
    own_odds: bool
    urgency: float
    stake: int
    first: bool
    reasons: Sequence[Reason]

    @property
    def odds_said(self) -> str:
        """The probability as it is read."""
        return formats.percent(self.odds)

    @property
    def urgency_said(self) -> str:
        """The urgency as it is read."""
        return formats.number(self.urgency, 1)


def attention(
    customers: QuerySet[Customer], night: dt.date, today: dt.date, most: int = CAPACITY
) -> tuple[list[Attention], int, int]:
    """Return the customers to care for today, how many there are, and their MRR in cents."""
    awake = Alert.objects.awake(today)
    totals, found = _ranked(customers, awake, night, today, most)
    keys = [row["customer_id"] for row in found]
    names = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "name"))
    reasons: dict[int, list[Reason]] = {key: [] for key in keys}
    for alert in awake.filter(customer__in=keys).select_related("rule").order_by("opened_at", "pk"):
        kind = KINDS[alert.rule.kind]
        reasons[alert.customer_id].append(Reason(alert, str(kind.name), alert_sentence(alert), kind.tone))
    return [_told(row, names, reasons) for row in found], totals["customers"], totals["mrr"] or 0


def _told(row: dict[str, Any], names: dict[int, str], reasons: dict[int, list[Reason]]) -> Attention:
    key = row["customer_id"]
    order = sorted(reasons[key], key=lambda one: (one.alert.rule.kind not in FIRST, one.tone != "red"))
    return Attention(
        customer_id=key,
        name=names[key],
        mrr=row["mrr_cents"],
        score=None if row["score"] is None else row["score"] / 100,
        band=Band(row["band"] or 0).key,
        renewal_on=sql.as_day(row["renewal_on"]) if row["renewal_on"] else None,
        renewal_value=row["renewal_value_cents"],
        odds=float(row["odds"]),
        own_odds=bool(row["own_odds"]),
        urgency=float(row["urgency"]),
        stake=round(row["mrr_cents"] * float(row["odds"]) * float(row["urgency"])),
        first=bool(row["first"]),
        reasons=order,
    )


def _ranked(
    customers: QuerySet[Customer], awake: Any, night: dt.date, today: dt.date, most: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    theirs, params = sql.named(customers.order_by().values("pk"), "c")
    alerts, more = sql.named(awake.order_by().values("pk"), "a")
    rates = odds(night)
    cases = " ".join(f"WHEN {int(band)} THEN {float(rate)!r}" for band, rate in sorted(rates.items()))
    day = "CAST(%(today)s AS date)" if sql.on_postgres() else "%(today)s"
    left = sql.days_between(day, "z.renewal_on")
    kinds = ", ".join(f"'{kind}'" for kind in FIRST)
    cte = f"""
        WITH told AS (
            SELECT a.customer_id, MAX(CASE WHEN r.kind IN ({kinds}) THEN 1 ELSE 0 END) AS first
            FROM playbooks_alert a JOIN playbooks_alertrule r ON r.id = a.rule_id
            WHERE a.id IN ({alerts}) AND a.customer_id IN ({theirs})
            GROUP BY a.customer_id
        ), row_of AS (
            SELECT z.customer_id, z.mrr_cents, z.renewal_on, z.renewal_value_cents, h.score, h.band, told.first,
                   COALESCE(r.within_90 / {CERTAIN}.0, CASE COALESCE(h.band, 0) {cases} ELSE 0.05 END) AS odds,
                   r.within_90 IS NOT NULL AS own_odds,
                   CASE WHEN z.renewal_on IS NULL OR {left} > {AHEAD} THEN 1.0
                        WHEN {left} <= 0 THEN 2.0
                        ELSE 1.0 + ({AHEAD} - {left}) * 1.0 / {AHEAD} END AS urgency
            FROM told
            JOIN metrics_customerday z ON z.customer_id = told.customer_id AND z.day = %(night)s
            LEFT JOIN metrics_healthday h ON h.customer_id = told.customer_id AND h.day = %(night)s
            LEFT JOIN metrics_riskday r ON r.customer_id = told.customer_id AND r.day = %(night)s
        )"""
    params |= more | {"night": sql.date(night), "today": sql.date(today), "most": most}
    totals = sql.rows(
        f"{cte} SELECT COUNT(*) AS customers, CAST(SUM(mrr_cents) AS BIGINT) AS mrr FROM row_of", params
    )
    found = sql.rows(
        f"{cte} SELECT * FROM row_of ORDER BY first DESC, mrr_cents * odds * urgency DESC, customer_id LIMIT %(most)s",
        params,
    )
    return totals[0], found
