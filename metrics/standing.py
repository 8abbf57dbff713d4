"""Stage *measure*, standing: which customers are known at the end of a day, and their segment, stage and owner then."""

from metrics.scope import Scope

# A customer is known from its start, from its first subscription row, or from the day it was written down.
# (COALESCE keeps SQLite from taking the index of merged customers for a way to find nearly all of them.)
KNOWN = """(
    COALESCE(c.merged_into_id, 0) = 0 AND (
        c.started_on <= d.day OR c.created_at < d.ends_at OR EXISTS (
            SELECT 1 FROM customers_subscription k WHERE k.customer_id = c.id AND k.starts_on <= d.day
        )
    )
)"""


def standing(scope: Scope) -> str:
    """Return the CTE `standing`: one row per known customer and day."""
    return f"""
    standing AS (
        SELECT d.day, d.ends_at, c.id AS customer_id,
               COALESCE(segment.value, c.segment) AS segment,
               COALESCE(stage.value, c.stage) AS stage,
               CASE WHEN owner.id IS NULL THEN c.owner_id
                    WHEN owner.owner_id IS NOT NULL THEN owner.owner_id
                    ELSE (SELECT u.id FROM accounts_user u WHERE LOWER(u.email) = LOWER(owner.value)) END AS owner_id
        FROM calendar d
        CROSS JOIN customers_customer c
        LEFT JOIN customers_customerhistory segment ON segment.id = {held("segment")}
        LEFT JOIN customers_customerhistory stage ON stage.id = {held("stage")}
        LEFT JOIN customers_customerhistory owner ON owner.id = {held("owner")}
        WHERE {scope.of("c.id")} AND {KNOWN}
    )"""


def held(field: str, *, customer: str = "c.id", day: str = "d.day") -> str:
    """Return the id of the history row that holds on a day; before the first one, of the first one.

    `field`: segment, stage, owner or tag. `customer` and `day` are the expressions it is asked for.
    """
    of_field = (
        "SELECT h.id FROM customers_customerhistory h "
        f"WHERE h.field = '{field}' AND h.customer_id = {customer} AND h.superseded_at IS NULL"
    )
    return (
        f"COALESCE(({of_field} AND h.valid_from <= {day} ORDER BY h.valid_from DESC LIMIT 1), "
        f"({of_field} ORDER BY h.valid_from LIMIT 1))"
    )


COLUMNS = {"segment": "b.segment", "stage": "b.stage", "owner_id": "b.owner_id"}
