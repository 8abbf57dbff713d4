"""Stage *measure*, the rest: open tickets, last touch, next renewal, payments so far, latest answer."""

from metrics import sql
from metrics.scope import Scope


def open_tickets(scope: Scope) -> str:
    """Return the CTE `waiting`: tickets opened and not solved at the end of each day."""
    return f"""
    waiting AS (
        SELECT d.day, t.customer_id, COUNT(*) AS tickets
        FROM calendar d
        JOIN customers_ticket t ON t.opened_at < d.ends_at AND (t.solved_at IS NULL OR t.solved_at >= d.ends_at)
        WHERE {scope.of("t.customer_id")} AND t.opened_at < %(last_end)s
          AND (t.solved_at IS NULL OR t.solved_at >= %(first_end)s)
        GROUP BY d.day, t.customer_id
    )"""


def renewals(scope: Scope) -> str:
    """Return the CTEs that lead to `due`: contracts ahead, neither renewed nor cancelled as known by each day.

    A contract is known from `signed_on`, else from `starts_on`. Those due the same day are one renewal; the
    earliest is taken.
    """
    return f"""
    ahead AS (
        SELECT k.customer_id, k.ends_on, k.value_cents, k.cancelled_on,
               COALESCE(k.signed_on, k.starts_on) AS known_on,
               (SELECT MIN(COALESCE(r.signed_on, r.starts_on)) FROM customers_contract r
                WHERE r.customer_id = k.customer_id AND r.renews_external_id = k.external_id) AS renewed_on
        FROM customers_contract k
        WHERE {scope.of("k.customer_id")} AND k.ends_on > %(first)s AND COALESCE(k.signed_on, k.starts_on) <= %(last)s
    ),
    later AS (
        SELECT d.day, a.customer_id, a.ends_on, CAST(SUM(a.value_cents) AS BIGINT) AS value_cents,
               ROW_NUMBER() OVER (PARTITION BY d.day, a.customer_id ORDER BY a.ends_on) AS place
        FROM calendar d
        JOIN ahead a ON a.known_on <= d.day AND a.ends_on > d.day
         AND (a.cancelled_on IS NULL OR a.cancelled_on > d.day) AND (a.renewed_on IS NULL OR a.renewed_on > d.day)
        GROUP BY d.day, a.customer_id, a.ends_on
    ),
    due AS (
        SELECT day, customer_id, ends_on, value_cents FROM later WHERE place = 1
    )"""


def columns() -> dict[str, str]:
    """Return column of CustomerDay → its expression; the last three are looked up by index, per customer and day.

    `LOWER(survey)`, because SQLite would otherwise walk the index of all answers of that survey.
    """
    touched = """(SELECT MAX(t.happened_at) FROM customers_touchpoint t
        WHERE t.customer_id = b.customer_id AND t.happened_at < b.ends_at)"""
    return {
        "open_tickets": "COALESCE(waiting.tickets, 0)",
        "renewal_on": "due.ends_on",
        "renewal_value_cents": "due.value_cents",
        "last_touch_on": sql.local_date(touched),
        "paid_cents": """COALESCE((SELECT CAST(SUM(p.amount_cents) AS BIGINT) FROM customers_payment p
            WHERE p.customer_id = b.customer_id AND p.paid_on <= b.day), 0)""",
        "nps_score": """(SELECT r.score FROM surveys_response r
            WHERE r.customer_id = b.customer_id AND LOWER(r.survey) = 'nps' AND r.answered_at < b.ends_at
              AND NOT r.held
            ORDER BY r.answered_at DESC, r.id DESC LIMIT 1)""",
    }
