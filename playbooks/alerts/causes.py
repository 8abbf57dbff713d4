"""What each kind of rule looks for: one SELECT per kind over all customers of a scope and all rules of that kind.

Each yields rule, customer, subject, since, value, before, label, badness and MRR. `day` is the day looked at, `base`
the night whose daily rows are read (the same, or the last before it), `ends_at` the first moment after the day.
"""

from collections.abc import Callable, Mapping

from metrics import sql
from metrics.scope import Scope
from playbooks.alerts import plan_causes

KEY_ROLES = "('champion', 'decision_maker', 'sponsor')"


def living(scope: Scope) -> str:
    """Return the CTE `x`: every rule of the kind with every customer of the scope it is about.

    A customer that paid once and pays nothing any more has left and is left out.
    """
    return f"""
    x AS (
        SELECT r.id AS rule_id, r.days, r.amount, z.customer_id, z.mrr_cents, z.seats, z.active_people_30,
               z.last_touch_on, z.nps_score, z.segment, z.stage,
               c.started_on, {_day("%(day)s")} AS day, {_back("%(day)s", "r.days")} AS ago,
               {_back("%(base)s", "r.days")} AS base_ago
        FROM playbooks_alertrule r
        JOIN metrics_customerday z ON z.day = %(base)s AND {scope.of("z.customer_id")}
         AND (r.segment = '' OR r.segment = z.segment) AND (r.stage = '' OR r.stage = z.stage)
        JOIN customers_customer c ON c.id = z.customer_id AND COALESCE(c.merged_into_id, 0) = 0
         AND (c.archived_at IS NULL OR c.archived_at >= %(ends_at)s)
        WHERE r.kind = %(kind)s AND r.active AND (z.mrr_cents > 0 OR NOT EXISTS (
            SELECT 1 FROM customers_subscription p
            WHERE p.customer_id = z.customer_id AND p.starts_on <= z.day AND p.mrr_cents > 0
        ))
    )"""


def select(kind: str, scope: Scope) -> str:
    """Return the SELECT of a kind over the CTE `x`, which holds customers of the scope."""
    return plan_causes.select(kind, scope) if kind in plan_causes.KINDS else _CAUSES[kind]()


def _day(expression: str) -> str:
    return f"CAST({expression} AS date)" if sql.on_postgres() else expression


def _back(expression: str, days: str) -> str:
    if sql.on_postgres():
        return f"(CAST({expression} AS date) - COALESCE({days}, 0))"
    return f"date({expression}, '-' || COALESCE({days}, 0) || ' days')"


def _row(
    subject: str,
    since: str,
    value: str,
    badness: str,
    before: str = "CAST(NULL AS BIGINT)",
    label: str = "''",
) -> str:
    return (
        f"SELECT x.rule_id, x.customer_id, {subject} AS subject_id, {since} AS since, {value} AS value, "
        f"{before} AS before, {label} AS label, {badness} AS badness, x.mrr_cents"
    )


_LATEST = """JOIN metrics_healthday h ON h.customer_id = x.customer_id AND h.day = (
        SELECT MAX(n.day) FROM metrics_healthday n WHERE n.customer_id = x.customer_id AND n.day <= x.day)"""


def _band() -> str:
    better = """(SELECT {0} FROM metrics_healthday g WHERE g.customer_id = x.customer_id AND g.day >= x.ago
        AND g.day < h.day AND g.band > h.band)"""
    last = better.format("MAX(g.day)")
    return f"""{_row("x.customer_id", sql.plus_days("k.last_day", 1), "k.band", "-k.band", "k.best")}
        FROM x JOIN (
            SELECT x.rule_id, x.customer_id, h.band, {last} AS last_day, {better.format("MAX(g.band)")} AS best
            FROM x {_LATEST} WHERE h.band IN (1, 2)
        ) k ON k.rule_id = x.rule_id AND k.customer_id = x.customer_id
        WHERE k.last_day IS NOT NULL"""


def _score_drop() -> str:
    return f"""{_row("x.customer_id", "x.ago", "h.score / 100", "b.score - h.score", "b.score / 100")}
        FROM x {_LATEST}
        JOIN metrics_healthday b ON b.customer_id = x.customer_id AND b.day = x.ago
        WHERE b.score - h.score >= x.amount * 100"""


def _usage_fell() -> str:
    lost = "b.active_people_30 - x.active_people_30"
    return f"""{_row("x.customer_id", "x.base_ago", "x.active_people_30", lost, "b.active_people_30")}
        FROM x
        JOIN metrics_customerday b ON b.customer_id = x.customer_id AND b.day = x.base_ago
        WHERE b.active_people_30 >= 3 AND ({lost}) * 100 >= b.active_people_30 * x.amount"""


_NAMED = "SUBSTR(COALESCE(NULLIF(k.name, ''), k.email), 1, 300)"


def _champion_silent() -> str:
    talked = sql.local_date(
        "(SELECT MAX(t.happened_at) FROM customers_touchpoint t"
        " WHERE t.contact_id = k.id AND t.happened_at < %(ends_at)s)"
    )
    begun = f"COALESCE({talked}, k.active_from, {sql.local_date('k.created_at')})"
    silent = sql.days_between("y.begun", "x.day")
    return f"""{_row("y.id", "y.begun", silent, silent, label="y.name")}
        FROM x JOIN (
            SELECT x.rule_id, x.customer_id, k.id, {_NAMED} AS name, {begun} AS begun
            FROM x JOIN customers_contact k ON k.customer_id = x.customer_id AND k.role = 'champion'
             AND k.archived_at IS NULL AND k.erased_at IS NULL AND (k.active_until IS NULL OR k.active_until > x.day)
        ) y ON y.rule_id = x.rule_id AND y.customer_id = x.customer_id
        WHERE {silent} >= x.days"""


def _champion_left() -> str:
    gone = sql.days_between("k.active_until", "x.day")
    return f"""{_row("k.id", "k.active_until", gone, "1", label=_NAMED)}
        FROM x JOIN customers_contact k ON k.customer_id = x.customer_id AND k.role IN {KEY_ROLES}
         AND k.erased_at IS NULL AND k.active_until <= x.day AND k.active_until > x.ago"""


def _mail_bounced() -> str:
    return f"""{_row("k.id", sql.local_date("MIN(s.made_at)"), "COUNT(*)", "1", label=_NAMED)}
        FROM x JOIN customers_contact k ON k.customer_id = x.customer_id AND k.role IN {KEY_ROLES}
         AND k.erased_at IS NULL AND (k.active_until IS NULL OR k.active_until > x.day)
        JOIN surveys_suppression s ON s.contact_id = k.id AND s.why = 'bounced' AND s.lifted_at IS NULL
         AND s.made_at < %(ends_at)s
        GROUP BY x.rule_id, x.customer_id, x.mrr_cents, k.id, k.name, k.email"""


def _answered(survey: str) -> Callable[[], str]:
    def cause() -> str:
        answered = sql.local_date("a.answered_at")
        who = "SUBSTR(COALESCE(NULLIF(k.name, ''), k.email, ''), 1, 300)"
        return f"""{_row("a.id", answered, "a.score", "-a.score", label=who)}
            FROM x JOIN surveys_response a ON a.customer_id = x.customer_id AND a.survey = '{survey}'
             AND NOT a.held AND a.score <= x.amount AND a.answered_at < %(ends_at)s AND {answered} > x.ago
            LEFT JOIN customers_contact k ON k.id = a.contact_id
            WHERE NOT EXISTS (
                SELECT 1 FROM surveys_response n WHERE n.customer_id = a.customer_id AND n.survey = a.survey
                 AND NOT n.held AND COALESCE(n.contact_id, 0) = COALESCE(a.contact_id, 0)
                 AND n.answered_at < %(ends_at)s
                 AND (n.answered_at > a.answered_at OR (n.answered_at = a.answered_at AND n.id > a.id))
            )"""

    return cause


_OPEN = "t.opened_at < %(ends_at)s AND (t.solved_at IS NULL OR t.solved_at >= %(ends_at)s)"
_SUBJECT = "SUBSTR(COALESCE(NULLIF(t.subject, ''), t.external_id), 1, 300)"


def _ticket_overdue() -> str:
    due = sql.local_date("t.due_at")
    late = sql.days_between(due, "x.day")
    return f"""{_row("t.id", due, late, late, label=_SUBJECT)}
        FROM x JOIN customers_ticket t ON t.customer_id = x.customer_id AND {_OPEN} AND t.due_at < %(ends_at)s
        WHERE {late} >= x.days"""


def _ticket_reopened() -> str:
    return f"""{_row("t.id", sql.local_date("t.opened_at"), "t.reopens", "t.reopens", label=_SUBJECT)}
        FROM x JOIN customers_ticket t ON t.customer_id = x.customer_id AND {_OPEN} AND t.reopens >= x.amount"""


def _renewal() -> str:
    left = sql.days_between("x.day", "k.ends_on")
    return f"""{_row("k.id", "x.day", left, f"-({left})", label="SUBSTR(k.external_id, 1, 300)")}
        FROM x JOIN customers_contract k ON k.customer_id = x.customer_id AND k.ends_on > x.day
         AND COALESCE(k.signed_on, k.starts_on) <= x.day AND (k.cancelled_on IS NULL OR k.cancelled_on > x.day)
        WHERE {left} <= x.days AND {left} > COALESCE(x.amount, 0) AND NOT EXISTS (
            SELECT 1 FROM customers_contract n WHERE n.customer_id = k.customer_id AND n.id <> k.id
             AND COALESCE(n.signed_on, n.starts_on) <= x.day
             AND (n.renews_external_id = k.external_id
                  OR (n.renews_external_id = '' AND n.starts_on >= k.ends_on))
        )"""


def _payment_late() -> str:
    late = sql.days_between("p.due_on", "x.day")
    return f"""{_row("p.id", "p.due_on", late, late, label="SUBSTR(p.external_id, 1, 300)")}
        FROM x JOIN customers_payment p ON p.customer_id = x.customer_id AND p.amount_cents > 0
         AND (p.paid_on IS NULL OR p.paid_on > x.day) AND p.due_on < x.ago"""


def _activation_overdue() -> str:
    version = """(SELECT a.id FROM metrics_activationcriteria a WHERE a.segment = {0}
        AND (a.applies_from IS NULL OR a.applies_from <= x.begun)
        AND EXISTS (SELECT 1 FROM metrics_activationitem o WHERE o.criteria_id = a.id)
        ORDER BY a.version DESC LIMIT 1)"""
    done = """(CASE WHEN i.kind = 'milestone' THEN (
            SELECT COUNT(*) FROM customers_milestone m WHERE m.customer_id = x.customer_id AND m.milestone = i.name
             AND m.reached_on >= x.begun AND m.reached_on <= x.day
        ) ELSE (
            SELECT COALESCE(SUM(u.events), 0) FROM metrics_usageday u WHERE u.customer_id = x.customer_id
             AND u.feature = i.name AND u.day >= x.begun AND u.day <= x.day
        ) END)"""
    old = sql.days_between("x.begun", "x.day")
    return f"""{_row("x.customer_id", "x.begun", old, old)}
        FROM (
            SELECT x.*, COALESCE(x.started_on, (
                SELECT MIN(s.starts_on) FROM customers_subscription s WHERE s.customer_id = x.customer_id
            )) AS begun FROM x WHERE x.stage = 'onboarding'
        ) x
        WHERE x.begun <= x.day AND EXISTS (
            SELECT 1 FROM metrics_activationitem i
            WHERE i.criteria_id = COALESCE({version.format("x.segment")}, {version.format("''")})
              AND {old} >= i.within_days + x.days AND {done} < i.times
        )"""


def _no_touch() -> str:
    talked = sql.local_date(
        "(SELECT MAX(t.happened_at) FROM customers_touchpoint t"
        " WHERE t.customer_id = x.customer_id AND t.happened_at < %(ends_at)s)"
    )
    began = "(SELECT MIN(s.starts_on) FROM customers_subscription s WHERE s.customer_id = x.customer_id)"
    silent = sql.days_between("x.talked", "x.day")
    return f"""{_row("x.customer_id", "x.talked", silent, silent)}
        FROM (SELECT x.*, COALESCE({talked}, x.started_on, {began}) AS talked FROM x) x
        WHERE {silent} >= x.days"""


def _attained(side: str) -> str:
    return f"""(SELECT t.value FROM customers_attained t WHERE t.objective_id = o.id AND t.side = '{side}'
        AND t.stated_on <= x.day ORDER BY t.stated_on DESC, t.id DESC LIMIT 1)"""


def _objective_behind() -> str:
    measured = """(SELECT m.value FROM metrics_objectiveday m WHERE m.objective_id = o.id AND m.day <= x.day
        ORDER BY m.day DESC LIMIT 1)"""
    length, gone = sql.days_between("y.starts_on", "y.due_on"), sql.days_between("y.starts_on", "x.day")
    due = f"(CASE WHEN y.due_on <= x.day THEN 100.0 ELSE 100.0 * {gone} / {length} END)"
    reached = "(100.0 * (y.reached - y.baseline) / (y.target - y.baseline))"
    behind = f"CAST({due} - {reached} AS BIGINT)"
    return f"""{_row("y.id", "y.starts_on", behind, behind, label="SUBSTR(y.name, 1, 300)")}
        FROM x JOIN (
            SELECT x.rule_id, x.customer_id, o.id, o.name, o.starts_on, o.due_on, o.baseline, o.target,
                   COALESCE({_attained("customer")}, {measured}, {_attained("ours")}, o.baseline) AS reached
            FROM x JOIN customers_objective o ON o.customer_id = x.customer_id AND o.starts_on <= x.day
             AND (o.archived_at IS NULL OR o.archived_at >= %(ends_at)s)
        ) y ON y.rule_id = x.rule_id AND y.customer_id = x.customer_id
        WHERE {behind} >= x.amount"""


def _seats_full() -> str:
    return f"""{_row("x.customer_id", "x.day", "x.active_people_30", "x.active_people_30", "x.seats")}
        FROM x WHERE x.seats > 0 AND x.active_people_30 * 100 >= x.seats * x.amount"""


def _promoter() -> str:
    said = _attained("customer")
    return f"""{_row("x.customer_id", "x.day", "x.nps_score", "0")}
        FROM x WHERE x.nps_score >= x.amount
         AND EXISTS (SELECT 1 FROM customers_objective o WHERE o.customer_id = x.customer_id
                     AND o.archived_at IS NULL AND o.starts_on <= x.day)
         AND NOT EXISTS (
            SELECT 1 FROM customers_objective o WHERE o.customer_id = x.customer_id AND o.archived_at IS NULL
             AND o.starts_on <= x.day
             AND COALESCE(({said} - o.baseline) / (o.target - o.baseline), 0) < 1
        )"""


_CAUSES: Mapping[str, Callable[[], str]] = {
    "band": _band,
    "score_drop": _score_drop,
    "usage_fell": _usage_fell,
    "champion_silent": _champion_silent,
    "champion_left": _champion_left,
    "mail_bounced": _mail_bounced,
    "detractor": _answered("nps"),
    "low_csat": _answered("csat"),
    "low_ces": _answered("ces"),
    "ticket_overdue": _ticket_overdue,
    "ticket_reopened": _ticket_reopened,
    "renewal": _renewal,
    "payment_late": _payment_late,
    "activation_overdue": _activation_overdue,
    "no_touch": _no_touch,
    "objective_behind": _objective_behind,
    "seats_full": _seats_full,
    "promoter": _promoter,
}
