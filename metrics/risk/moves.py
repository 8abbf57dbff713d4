"""A risk that doubled: told once, when the probability to leave within 90 days is twice what it was within the week.

Only from ten per cent on (twice next to nothing is next to nothing), and only where both were told by one model: that
another model says something else is no news of the customer.
"""

from metrics.health import moves
from metrics.models import HealthMove, RiskDay

LEAST = 1000  # hundredths of a per cent

_RISKS, _MOVES = RiskDay._meta.db_table, HealthMove._meta.db_table
DOUBLED = f"""
    SELECT z.customer_id, MIN(y.within_90) AS was, z.within_90 AS now FROM {_RISKS} z
    JOIN {_RISKS} y ON y.customer_id = z.customer_id AND y.model_id = z.model_id
     AND y.day >= %(week)s AND y.day < %(day)s AND y.within_90 * 2 <= z.within_90
    WHERE z.day = %(day)s AND z.within_90 >= {LEAST} AND NOT EXISTS (
        SELECT 1 FROM {_MOVES} m WHERE m.customer_id = z.customer_id AND m.kind = '{HealthMove.RISK}'
           AND m.day > %(week)s AND m.day < %(day)s
    )
    GROUP BY z.customer_id, z.within_90"""


def register() -> None:
    """Let the nights find it."""
    moves.also(HealthMove.RISK, DOUBLED)
