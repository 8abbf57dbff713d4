"""After a night: the figures that lists sort and filter by, copied into one narrow row per customer (`CurrentRow`).

A list of the present state then reads an index in its order instead of a whole day. The rows are of the newest
finished night and are marked as such on it (`Night.listed_at`); whoever changes rows of that night, or of the day 30
days before, takes the mark away in the same transaction (`metrics/publishing.py`). Rows that would not change are left
alone.
"""

import datetime as dt

from core import time
from core.models import WorkState
from metrics import potential, sql
from metrics.models import CurrentRow, CustomerDay, Night
from metrics.nights import cells
from metrics.publishing import COMPARED
from metrics.scope import CELL_SIZE, Scope

TABLE = CurrentRow._meta.db_table
DAYS = CustomerDay._meta.db_table
LOCK = 0  # the cells of customers begin at 1
CELLS_AT_ONCE = 2  # on SQLite, where a transaction keeps all other writers waiting

# Column of CurrentRow → its expression over `d`, the customer's row of the night, `b`, that of 30 days before, and its
# expansion potential `e`.
COLUMNS = {
    "mrr_cents": "d.mrr_cents",
    "mrr_change_cents": "d.mrr_cents - b.mrr_cents",
    "active_people_30": "d.active_people_30",
    "active_before": "b.active_people_30",
    "seats": "d.seats",
    "open_tickets": "d.open_tickets",
    "last_touch_on": "d.last_touch_on",
    "renewal_on": "d.renewal_on",
    "renewal_value_cents": "d.renewal_value_cents",
    "paid_cents": "d.paid_cents",
    "nps_score": "d.nps_score",
    "potential": "e.points",
}


def newest() -> Night | None:
    """Return the newest night that is done."""
    return Night.objects.filter(state=WorkState.DONE).order_by("-day").first()


def due() -> bool:
    """Tell whether the newest finished night is not listed as it is now."""
    night = newest()
    return night is not None and night.listed_at is None


def list_newest() -> int:
    """Write the rows of the newest finished night and mark it as listed; return how many rows were made or changed.

    Where its rows changed in the meantime, or a newer night was finished, it stays unmarked; the newest is due then.
    """
    night = newest()
    if night is None or night.listed_at is not None:
        return 0
    lows = cells()
    size = max(len(lows), 1) if sql.on_postgres() else CELLS_AT_ONCE
    changed = 0
    for at in range(0, len(lows), size):
        some = lows[at : at + size]
        with sql.writing(LOCK):
            if newest() != night:
                return changed
            changed += _write(night.day, some[0], some[-1] + CELL_SIZE - 1)
    Night.objects.filter(pk=night.pk, unlisted=night.unlisted).update(listed_at=time.now())
    return changed


def _write(day: dt.date, low: int, high: int) -> int:
    """Write the rows of the customers `low … high`, and take away those that the night does not know."""
    params = {
        "day": sql.date(day),
        "before": sql.date(day - COMPARED),
        "low": low,
        "high": high,
        **potential.params(day),
    }
    differs = "IS DISTINCT FROM" if sql.on_postgres() else "IS NOT"
    changed = " OR ".join(f"{TABLE}.{name} {differs} excluded.{name}" for name in COLUMNS)
    gone = sql.execute(
        f"""
        DELETE FROM {TABLE} WHERE customer_id BETWEEN %(low)s AND %(high)s AND NOT EXISTS (
            SELECT 1 FROM {DAYS} d WHERE d.day = %(day)s AND d.customer_id = {TABLE}.customer_id
        )""",
        params,
    )
    made = sql.execute(
        f"""
        INSERT INTO {TABLE} (customer_id, {", ".join(COLUMNS)})
        WITH {potential.ctes(Scope(low, high))}
        SELECT d.customer_id, {", ".join(COLUMNS.values())}
        FROM {DAYS} d
        LEFT JOIN {DAYS} b ON b.day = %(before)s AND b.customer_id = d.customer_id
        LEFT JOIN potential e ON e.customer_id = d.customer_id
        WHERE d.day = %(day)s AND d.customer_id BETWEEN %(low)s AND %(high)s
        ORDER BY d.customer_id
        ON CONFLICT (customer_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
        WHERE {changed}""",
        params,
    )
    return gone + made
