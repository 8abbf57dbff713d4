"""Stage *measure*, usage: what a customer's people did on the day and in the 30 days that end with it."""

from metrics import sql
from metrics.scope import Scope


def used(scope: Scope) -> str:
    """Return the CTE `used`: events, people and features of each customer and day."""
    person, feature = sql.by_bytes("NULLIF(u.person, '')"), sql.by_bytes("u.feature")
    return f"""
    used AS (
        SELECT u.day, u.customer_id, CAST(SUM(u.events) AS BIGINT) AS events,
               COUNT(DISTINCT {person}) AS people, COUNT(DISTINCT {feature}) AS features
        FROM metrics_usageday u
        WHERE u.day IN (SELECT day FROM calendar) AND {scope.of("u.customer_id")}
        GROUP BY u.day, u.customer_id
    )"""


def people(scope: Scope, *, days: int) -> str:
    """Return the CTEs that lead to `people`: how many different ones were seen in the 30 days that end with each day.

    `days` is the length of the calendar; of a single day the people of its month are simply counted.
    """
    return _people_of_one_day(scope) if days == 1 else _people_of_each_day(scope)


def _people_of_one_day(scope: Scope) -> str:
    return f"""
    seen AS (
        SELECT DISTINCT u.customer_id, u.person
        FROM metrics_usageday u
        WHERE u.day IN (SELECT day FROM month) AND {scope.of("u.customer_id")} AND u.person <> ''
    ),
    people AS (
        SELECT d.day, s.customer_id, COUNT(*) AS month
        FROM calendar d CROSS JOIN seen s
        GROUP BY d.day, s.customer_id
    )"""


def _people_of_each_day(scope: Scope) -> str:
    """Each day on which a person was seen counts until it is 30 days old or the person is seen again.

    So on any day at most one row of `seen` stands for a person, and counting rows counts people.
    """
    return f"""
    seen AS (
        SELECT s.customer_id, s.day,
               LEAD(s.day) OVER (PARTITION BY s.customer_id, {sql.by_bytes("s.person")} ORDER BY s.day) AS again
        FROM (
            SELECT DISTINCT u.customer_id, u.person, u.day
            FROM metrics_usageday u
            WHERE u.day IN (SELECT day FROM month) AND {scope.of("u.customer_id")} AND u.person <> ''
        ) s
    ),
    people AS (
        SELECT d.day, s.customer_id, COUNT(*) AS month
        FROM calendar d
        JOIN seen s ON s.day BETWEEN d.month_ago AND d.day AND (s.again IS NULL OR s.again > d.day)
        GROUP BY d.day, s.customer_id
    )"""


COLUMNS = {
    "events": "COALESCE(used.events, 0)",
    "active_people": "COALESCE(used.people, 0)",
    "features_used": "COALESCE(used.features, 0)",
    "active_people_30": "COALESCE(people.month, 0)",
}
