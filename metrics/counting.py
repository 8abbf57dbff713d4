"""What every figure is counted from, row by row: the same queries as the figures', and what a row adds to each.

A row adds `numerator` and `denominator`, expressions over `x`, a row of the source's facts; their sums over all rows of
a period are the numerator and the denominator of the figure's result (tests/metrics/test_rows.py proves it of each).
`scale`: by how much they are larger than in the result. `at` and `what` say of a row that is not the customer as a
whole when it was and what: a ticket, an answer, a renewal.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from accounts.models import Workspace
from metrics import activation, book, renewals, sql, support, support_times, value
from metrics.periods import Period
from metrics.renewals import SCALE

SECONDS = 3600


@dataclass(frozen=True)
class Source:
    """A query over the CTE `period` with the columns `n`, `customer_id` and what the figures count."""

    facts: Callable[[Period], str]
    params: Callable[[dt.date], dict[str, Any]] = lambda _as_of: {}
    at: str = "NULL"
    what: str = "NULL"


@dataclass(frozen=True)
class Counting:
    """What a row of a source adds to a figure; "" for a side that rows add nothing to."""

    source: Source
    numerator: str = ""
    denominator: str = ""
    scale: tuple[int, int] = (1, 1)


def _tickets(
    facts: Callable[[Period], str],
    moment: str,
    params: Callable[[dt.date], dict[str, Any]] = lambda _as_of: {},
) -> Source:
    of = "FROM customers_ticket t WHERE t.id = x.ticket_id"
    return Source(
        facts,
        params,
        at=f"(SELECT t.{moment} {of})",
        what=f"(SELECT CASE WHEN t.subject = '' THEN t.external_id ELSE t.subject END {of})",
    )


def _as_of(day: dt.date) -> dict[str, Any]:
    return {"as_of": sql.date(day)}


def _answers(survey: str) -> Source:
    facts = f"""
        SELECT p.n, r.customer_id, r.score, r.answered_at
        FROM period p
        JOIN surveys_response r ON r.survey = '{survey}' AND NOT r.held
         AND r.answered_at >= p.starts_at AND r.answered_at < p.ends_at"""
    return Source(
        lambda _period: facts,
        at="x.answered_at",
        what="CAST(x.score AS TEXT)",
    )


def one(condition: str) -> str:
    """Return the expression that is 1 where a condition holds, else 0."""
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _where(condition: str, expression: str) -> str:
    return f"CASE WHEN {condition} THEN {expression} ELSE 0 END"


BOOK = Source(lambda _period: book.facts())
RENEWALS = Source(
    lambda _period: renewals.facts(Workspace.get().renewal_grace_days),
    _as_of,
    at="x.due_on",
    what="CASE WHEN x.renewed = 1 THEN 'renewed' WHEN x.undecided = 1 THEN 'undecided' ELSE 'lost' END",
)
NPS, CSAT, CES = _answers("nps"), _answers("csat"), _answers("ces")
FIRST_RESPONSES, FIRST_RESPONSES_IN_HOURS = (
    _tickets(partial(support_times.first_response_facts, in_hours=in_hours), "opened_at", support_times.known)
    for in_hours in (False, True)
)
RESOLUTIONS, RESOLUTIONS_IN_HOURS = (
    _tickets(partial(support_times.resolution_facts, in_hours=in_hours), "solved_at")
    for in_hours in (False, True)
)
SOLVED_TICKETS = _tickets(lambda _period: support.SOLVED, "solved_at", support.known)
WAITING = Source(lambda _period: support.WAITING)
WAITING_BY_MEMBER = Source(lambda _period: support.WAITING_BY_MEMBER)
FIRST_VALUE = Source(lambda _period: value.facts(), _as_of, at="x.start", what="CAST(x.first_value AS TEXT)")
STARTED = Source(lambda _period: activation.facts(), _as_of, at="x.start")

PAID_AT_OPENING, PAYS = one("x.opening > 0"), one("x.closing > 0")
FLOOR = "CASE WHEN x.closing < x.opening THEN x.closing ELSE x.opening END"
KEPT = _where("x.opening > 0", "x.closing")
CLASSES = "CASE WHEN x.score >= 9 THEN 1 WHEN x.score <= 6 THEN -1 ELSE 0 END"

COUNTINGS: dict[str, Counting] = {
    "mrr": Counting(BOOK, "x.closing"),
    "arr": Counting(BOOK, "x.closing * 12"),
    "active_customers": Counting(BOOK, PAYS),
    "arpa": Counting(BOOK, "x.closing", PAYS),
    **{
        f"mrr_{name}": Counting(BOOK, f"x.{name}")
        for name in ("new", "expansion", "upsell", "cross_sell", "contraction", "churn", "reactivation")
    },
    "customer_churn_rate": Counting(BOOK, one("x.opening > 0 AND x.closing = 0"), PAID_AT_OPENING),
    "customer_retention_rate": Counting(BOOK, one("x.opening > 0 AND x.closing > 0"), PAID_AT_OPENING),
    "net_customer_growth": Counting(BOOK, f"{PAYS} - {PAID_AT_OPENING}", PAID_AT_OPENING),
    "gross_mrr_churn_rate": Counting(BOOK, f"x.opening - {FLOOR}", "x.opening"),
    "net_mrr_churn_rate": Counting(BOOK, f"x.opening - {KEPT}", "x.opening"),
    "nrr": Counting(BOOK, KEPT, "x.opening"),
    "grr": Counting(BOOK, FLOOR, "x.opening"),
    "quick_ratio": Counting(BOOK, "x.new + x.expansion + x.reactivation", "x.contraction + x.churn"),
    "renewal_rate": Counting(RENEWALS, "x.renewed", "x.due"),
    "renewal_rate_value": Counting(RENEWALS, "x.value_kept", "x.value_due", (SCALE, SCALE)),
    "cac": Counting(BOOK, "", one("x.new > 0")),
    "ltv_historic": Counting(BOOK, _where("x.paid > 0", "x.paid"), one("x.paid > 0")),
    **{key: Counting(NPS, CLASSES, "1") for key in ("nps", "nps_margin", "nps_low", "nps_high")},
    "csat": Counting(CSAT, one("x.score >= 4"), "1"),
    "csat_mean": Counting(CSAT, "x.score", "1"),
    "ces": Counting(CES, "x.score", "1"),
    "ces_easy": Counting(CES, one("x.score >= 5"), "1"),
    **{
        f"{key}{mean}": Counting(source, "COALESCE(x.took, 0)", one("x.took IS NOT NULL"), (SECONDS, 1))
        for key, source in (
            ("first_response_time", FIRST_RESPONSES),
            ("first_response_time_business", FIRST_RESPONSES_IN_HOURS),
            ("resolution_time", RESOLUTIONS),
            ("resolution_time_business", RESOLUTIONS_IN_HOURS),
        )
        for mean in ("", "_mean")
    },
    "fcr": Counting(SOLVED_TICKETS, "x.counts * x.at_once", "x.counts"),
    "ticket_backlog": Counting(WAITING, "x.open_tickets"),
    "ttfv": Counting(FIRST_VALUE, one("x.first_value IS NOT NULL"), "1"),
    "activation_rate": Counting(STARTED, "x.closed * x.activated", "x.closed"),
}

# Figures that are computed from others, not counted: whose rows lie behind them.
MADE_OF: dict[str, tuple[str, ...]] = {
    "ltv_predictive": ("arpa", "customer_churn_rate"),
    "ltv_cac": ("ltv_predictive", "cac"),
    "cac_payback_months": ("cac", "arpa"),
}
