"""Raw values of all customers on all asked days in one statement, from the facts dated up to each day.

Usage over sliding windows is read apart (`usage.py`), as are attributes (`attributes.py`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Workspace
from core import time
from customers.models import Segment, Stage
from metrics import revenue, sql, success
from metrics.health import packed
from metrics.scope import Scope

NONE = packed.NONE
YEAR = 365
KEY_ROLES = ("champion", "decision_maker", "sponsor", "end_user", "billing")
SEGMENTS: tuple[str, ...] = ("", *Segment.values)
STAGES: tuple[str, ...] = ("", *Stage.values)


@dataclass(frozen=True)
class Asked:
    """A day that is scored. `base` is the night whose `CustomerDay` it reads: its own, or the last before it."""

    day: dt.date
    base: dt.date


# Column of the statement → its expression.
COLUMNS = {
    "n": "d.n",
    "customer": "z.customer_id",
    "segment": "CASE z.segment "
    + " ".join(f"WHEN '{v}' THEN {i}" for i, v in enumerate(SEGMENTS))
    + " ELSE 0 END",
    "stage": "CASE z.stage " + " ".join(f"WHEN '{v}' THEN {i}" for i, v in enumerate(STAGES)) + " ELSE 0 END",
    "mrr": "z.mrr_cents",
    "seats": "z.seats",
    "people": "z.active_people_30",
    "mrr_before": "paid.mrr",
    "opened": "tickets.opened",
    "trouble": "tickets.trouble",
    "promoters": "voice.promoters",
    "detractors": "voice.detractors",
    "voters": "voice.voters",
    "csat": "voice.csat",
    "ces": "voice.ces",
    "attained": "CASE WHEN promised.told = 1 THEN CAST(ROUND(promised.attained * 100000) AS BIGINT) END",
    "value_gap": "CASE WHEN promised.told = 1 THEN CAST(ROUND(promised.value_gap * 100000) AS BIGINT) END",
    "perception_gap": "CASE WHEN promised.compared = 1"
    " THEN CAST(ROUND(promised.perception_gap * 100000) AS BIGINT) END",
    "terms": "terms.begun",
    "late": "invoices.late",
    "invoices": "invoices.due",
    "milestones": "reached.milestones",
    "roles": "talked.roles",
    "referred": "sent.referred",
    "references": "vouched.given",
    "pulse": "pulse.score",
    "override": "override.score",
    "override_id": "override.id",
}


def columns() -> dict[str, str]:
    """Return column → expression, each a whole number or null."""

    def age(day: str) -> str:
        return sql.days_between(day, "d.day")

    def age_of(moment: str) -> str:
        return age(sql.local_date(moment))

    touched = sql.local_date(
        "(SELECT MAX(t.happened_at) FROM customers_touchpoint t"
        " WHERE t.customer_id = z.customer_id AND t.happened_at < d.ends_at)"
    )
    started = (
        "COALESCE(c.started_on, (SELECT MIN(s.starts_on) FROM customers_subscription s"
        " WHERE s.customer_id = z.customer_id))"
    )
    return COLUMNS | {
        "waits": age_of("tickets.oldest"),
        "nps_age": age_of("voice.nps_at"),
        "csat_age": age_of("voice.csat_at"),
        "ces_age": age_of("voice.ces_at"),
        "said_age": age("promised.said_on"),
        "renewal": sql.days_between("d.day", "COALESCE(z.renewal_on, terms.last_end)"),
        "tenure": age(started),
        "touch": f"CASE WHEN d.day = d.base THEN {age('z.last_touch_on')} ELSE {age(touched)} END",
        "pulse_age": age("pulse.set_on"),
        "has_people": """CASE WHEN EXISTS (SELECT 1 FROM customers_contact k WHERE k.customer_id = z.customer_id
            AND (k.archived_at IS NULL OR k.archived_at >= d.ends_at)
            AND (k.active_from <= d.day OR (k.active_from IS NULL AND k.created_at < d.ends_at))) THEN 1 ELSE 0 END""",
    }


def read(asked: Sequence[Asked], scope: Scope) -> tuple[list[str], list[tuple[int, ...]]]:
    """Return the columns' names and one row per living customer and asked day, by day and customer.

    Whole numbers; `NONE` where nothing is known. `n` is the place of the day in `asked`. A customer that paid once
    and pays nothing any more has left and has no row; neither has an archived one.
    """
    calendar, params = _calendar(asked)
    chosen = columns()
    ctes = [
        calendar,
        revenue.spans(scope, grace_days=Workspace.get().grace_days),
        _paid(),
        _tickets(scope),
        _voice(scope),
        _promised(scope),
        _terms(scope),
        _invoices(scope),
        _reached(scope),
        _talked(scope),
        _sent(scope),
        _vouched(scope),
        _word(scope, "pulse"),
        _word(scope, "override"),
    ]
    joined = (
        "paid",
        "tickets",
        "voice",
        "promised",
        "terms",
        "invoices",
        "reached",
        "talked",
        "sent",
        "vouched",
        "pulse",
        "override",
    )
    statement = f"""
        WITH {", ".join(ctes)}
        SELECT {", ".join(f"COALESCE({expression}, {NONE})" for expression in chosen.values())}
        FROM asked d
        JOIN metrics_customerday z ON z.day = d.base AND {scope.of("z.customer_id")}
        JOIN customers_customer c ON c.id = z.customer_id AND (c.archived_at IS NULL OR c.archived_at >= d.ends_at)
        {" ".join(f"LEFT JOIN {name} ON {name}.n = d.n AND {name}.customer_id = z.customer_id" for name in joined)}
        WHERE z.mrr_cents > 0 OR NOT EXISTS (
            SELECT 1 FROM customers_subscription p
            WHERE p.customer_id = z.customer_id AND p.starts_on <= d.base AND p.mrr_cents > 0
        )
        ORDER BY d.n, z.customer_id"""
    return list(chosen), sql.tuples(statement, params)


def _calendar(asked: Sequence[Asked]) -> tuple[str, dict[str, Any]]:
    """Return the CTE `asked` with the beginnings of all windows, and its parameters."""
    lines = []
    params: dict[str, Any] = {}
    for n, one in enumerate(asked):
        back = {days: one.day - dt.timedelta(days=days) for days in (44, 89, 90, 180, 364)}
        values = {
            "day": sql.date(one.day),
            "base": sql.date(one.base),
            "ends": sql.moment(time.day_start(one.day + dt.timedelta(days=1))),
            "ago45": sql.moment(time.day_start(back[44])),
            "ago90": sql.moment(time.day_start(back[89])),
            "ago365": sql.moment(time.day_start(back[364])),
            "paid": sql.date(back[90]),
            "due": sql.date(back[180]),
        }
        params |= {f"{name}{n}": value for name, value in values.items()}
        lines.append(f"({n}, {', '.join(f'%({name}{n})s' for name in values)})")
    first, last = asked[0], len(asked) - 1
    params |= {
        "first": sql.date(
            first.day - dt.timedelta(days=90)
        ),  # the spans that touch what was paid 90 days before
        "last": params[f"day{last}"],
        "first_end": params["ends0"],
        "last_end": params[f"ends{last}"],
        **{f"first_{name}": params[f"{name}0"] for name in ("ago45", "ago90", "ago365", "due")},
    }
    names = "n, day, base, ends_at, ago45_at, ago90_at, ago365_at, paid_on, due_on"
    return f"asked({names}) AS (VALUES {', '.join(lines)})", params


def _paid() -> str:
    """What customers paid 90 days before, by the spans that count."""
    return """
    paid AS (
        SELECT d.n, s.customer_id, CAST(SUM(s.mrr_cents) AS BIGINT) AS mrr
        FROM asked d
        JOIN span s ON s.starts_on <= d.paid_on AND (s.ends_on IS NULL OR s.ends_on > d.paid_on)
        GROUP BY d.n, s.customer_id
    )"""


def _tickets(scope: Scope) -> str:
    """Tickets opened in 90 days or open still. Whether one was reopened is known once it is solved for good."""
    still_open = "(t.solved_at IS NULL OR t.solved_at >= d.ends_at)"
    return f"""
    tickets AS (
        SELECT d.n, t.customer_id,
               SUM(CASE WHEN t.opened_at >= d.ago90_at THEN 1 ELSE 0 END) AS opened,
               SUM(CASE WHEN {still_open} AND t.due_at < d.ends_at THEN 1
                        WHEN NOT {still_open} AND t.opened_at >= d.ago90_at AND t.reopens > 0 THEN 1
                        ELSE 0 END) AS trouble,
               MIN(CASE WHEN {still_open} THEN t.opened_at END) AS oldest
        FROM asked d
        JOIN customers_ticket t ON t.opened_at < d.ends_at AND (t.opened_at >= d.ago90_at OR {still_open})
        WHERE {scope.of("t.customer_id")} AND t.opened_at < %(last_end)s
          AND (t.opened_at >= %(first_ago90)s OR t.solved_at IS NULL OR t.solved_at >= %(first_end)s)
        GROUP BY d.n, t.customer_id
    )"""


def _voice(scope: Scope) -> str:
    """The latest answers of a year: CSAT and CES of the customer, NPS of each respondent."""
    return f"""
    said AS (
        SELECT r.customer_id, r.survey, r.score, r.answered_at,
               LEAD(r.answered_at) OVER (
                   PARTITION BY r.customer_id, r.survey,
                       CASE WHEN r.survey = 'nps' THEN COALESCE(r.contact_id, -r.id) ELSE 0 END
                   ORDER BY r.answered_at, r.id
               ) AS next_at
        FROM surveys_response r
        WHERE {scope.of("r.customer_id")} AND NOT r.held
          AND r.answered_at < %(last_end)s AND r.answered_at >= %(first_ago365)s
    ),
    voice AS (
        SELECT d.n, s.customer_id,
               SUM(CASE WHEN s.survey = 'nps' AND s.score >= 9 THEN 1 ELSE 0 END) AS promoters,
               SUM(CASE WHEN s.survey = 'nps' AND s.score <= 6 THEN 1 ELSE 0 END) AS detractors,
               SUM(CASE WHEN s.survey = 'nps' THEN 1 ELSE 0 END) AS voters,
               MAX(CASE WHEN s.survey = 'nps' THEN s.answered_at END) AS nps_at,
               MAX(CASE WHEN s.survey = 'csat' THEN s.score END) AS csat,
               MAX(CASE WHEN s.survey = 'csat' THEN s.answered_at END) AS csat_at,
               MAX(CASE WHEN s.survey = 'ces' THEN s.score END) AS ces,
               MAX(CASE WHEN s.survey = 'ces' THEN s.answered_at END) AS ces_at
        FROM asked d
        JOIN said s ON s.answered_at < d.ends_at AND s.answered_at >= d.ago365_at
         AND (s.next_at IS NULL OR s.next_at >= d.ends_at)
        GROUP BY d.n, s.customer_id
    )"""


def _promised(scope: Scope) -> str:
    """The success plan's total of each day, in the one way in which the whole product counts it."""
    return f"""
    period AS (SELECT n, day AS last, ends_at FROM asked),
    promised AS ({success.facts(scope=scope)})"""


def _terms(scope: Scope) -> str:
    """Contract terms begun, and when the last one known ends that nobody cancelled."""
    return f"""
    terms AS (
        SELECT d.n, k.customer_id,
               COUNT(DISTINCT CASE WHEN k.starts_on <= d.day THEN k.ends_on END) AS begun,
               MAX(k.ends_on) AS last_end
        FROM asked d
        JOIN customers_contract k ON COALESCE(k.signed_on, k.starts_on) <= d.day AND k.ends_on > k.starts_on
        WHERE {scope.of("k.customer_id")}
        GROUP BY d.n, k.customer_id
    )"""


def _invoices(scope: Scope) -> str:
    return f"""
    invoices AS (
        SELECT d.n, p.customer_id, COUNT(*) AS due,
               SUM(CASE WHEN p.paid_on IS NULL OR p.paid_on > p.due_on THEN 1 ELSE 0 END) AS late
        FROM asked d
        JOIN customers_payment p ON p.due_on >= d.due_on AND p.due_on < d.day
        WHERE {scope.of("p.customer_id")} AND p.due_on >= %(first_due)s AND p.due_on < %(last)s AND p.amount_cents > 0
        GROUP BY d.n, p.customer_id
    )"""


def _reached(scope: Scope) -> str:
    return f"""
    reached AS (
        SELECT d.n, m.customer_id, COUNT(*) AS milestones
        FROM asked d
        JOIN customers_milestone m ON m.reached_on <= d.day
        WHERE {scope.of("m.customer_id")} AND m.reached_on <= %(last)s
        GROUP BY d.n, m.customer_id
    )"""


def _talked(scope: Scope) -> str:
    """Key roles in which somebody who is still there was talked to within 45 days."""
    roles = ", ".join(f"'{role}'" for role in KEY_ROLES)
    return f"""
    talked AS (
        SELECT d.n, t.customer_id, COUNT(DISTINCT k.role) AS roles
        FROM asked d
        JOIN customers_touchpoint t ON t.happened_at >= d.ago45_at AND t.happened_at < d.ends_at
        JOIN customers_contact k ON k.id = t.contact_id AND k.role IN ({roles})
         AND (k.active_until IS NULL OR k.active_until > d.day)
         AND (k.archived_at IS NULL OR k.archived_at >= d.ends_at)
        WHERE {scope.of("t.customer_id")} AND t.happened_at >= %(first_ago45)s AND t.happened_at < %(last_end)s
        GROUP BY d.n, t.customer_id
    )"""


def _sent(scope: Scope) -> str:
    """Customers referred, from the day they are known."""
    return f"""
    sent AS (
        SELECT d.n, r.referred_by_id AS customer_id, COUNT(*) AS referred
        FROM asked d
        JOIN customers_customer r ON COALESCE(r.merged_into_id, 0) = 0
         AND (r.started_on <= d.day OR (r.started_on IS NULL AND r.created_at < d.ends_at))
        WHERE {scope.of("r.referred_by_id")}
        GROUP BY d.n, r.referred_by_id
    )"""


def _vouched(scope: Scope) -> str:
    return f"""
    vouched AS (
        SELECT d.n, t.customer_id, COUNT(*) AS given
        FROM asked d
        JOIN customers_touchpoint t ON t.happened_at >= d.ago365_at AND t.happened_at < d.ends_at
        WHERE {scope.of("t.customer_id")} AND t.kind = 'reference'
          AND t.happened_at >= %(first_ago365)s AND t.happened_at < %(last_end)s
        GROUP BY d.n, t.customer_id
    )"""


def _word(scope: Scope, what: str) -> str:
    """What a person says on each day: the newest word that is neither expired nor taken back."""
    return f"""
    {what}_words AS (
        SELECT w.id, w.customer_id, w.score, w.set_on, w.expires_on, w.withdrawn_on,
               LEAD(w.set_on) OVER (PARTITION BY w.customer_id ORDER BY w.set_on, w.id) AS next_on
        FROM metrics_health{what} w
        WHERE {scope.of("w.customer_id")} AND w.set_on <= %(last)s
    ),
    {what} AS (
        SELECT d.n, w.customer_id, w.id, w.score, w.set_on
        FROM asked d
        JOIN {what}_words w ON w.set_on <= d.day AND w.expires_on > d.day AND (w.next_on IS NULL OR w.next_on > d.day)
         AND (w.withdrawn_on IS NULL OR w.withdrawn_on > d.day)
    )"""
