"""What is told of a day as a whole, when its night is done and again when it was restated: the sums of every slice.

One statement for a run of days reads their rows once; segment, stage and owner are cut from the same sums. The first
set of a day's rows stays as it was published, a restated day gets a second one beside it (`SliceDay`).
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from core import time
from core.models import WorkState
from metrics import sql
from metrics.models import Night, SliceDay
from metrics.pace import AIM_SECONDS, MOST_DAYS
from metrics.slices import NONE

CUTS = ("", "segment", "stage", "owner")
TABLE = SliceDay._meta.db_table

# Column of SliceDay → its expression over a row of CustomerDay; the names are those of `metrics.book.Book`.
SUMS = {
    "customers": "1",
    "opening": "d.opening_mrr_cents",
    "closing": "d.mrr_cents",
    "new": "d.mrr_new_cents",
    "expansion": "d.mrr_expansion_cents",
    "upsell": "d.mrr_upsell_cents",
    "cross_sell": "d.mrr_cross_sell_cents",
    "contraction": "d.mrr_contraction_cents",
    "churn": "d.mrr_churn_cents",
    "reactivation": "d.mrr_reactivation_cents",
    "active_at_opening": "CASE WHEN d.opening_mrr_cents > 0 THEN 1 ELSE 0 END",
    "active_at_closing": "CASE WHEN d.mrr_cents > 0 THEN 1 ELSE 0 END",
    "lost": "CASE WHEN d.opening_mrr_cents > 0 AND d.mrr_cents = 0 THEN 1 ELSE 0 END",
    "kept": "CASE WHEN d.opening_mrr_cents > 0 THEN d.mrr_cents ELSE 0 END",
    "floor": "CASE WHEN d.mrr_cents < d.opening_mrr_cents THEN d.mrr_cents ELSE d.opening_mrr_cents END",
    "customers_new": "CASE WHEN d.mrr_new_cents > 0 THEN 1 ELSE 0 END",
    "payers": "CASE WHEN d.paid_cents > 0 THEN 1 ELSE 0 END",
    "paid": "CASE WHEN d.paid_cents > 0 THEN d.paid_cents ELSE 0 END",
    "open_tickets": "d.open_tickets",
}


def due() -> bool:
    """Tell whether a finished day waits to be told."""
    return Night.objects.filter(state=WorkState.DONE, told_at__isnull=True).exists()


def tell_days(*, limit: int = MOST_DAYS) -> list[dt.date]:
    """Tell days that wait, the newest first, as many as stay under a second of writing; return those told.

    Whoever changes rows of a day at the same time waits for us or we for them, so nothing is told by half.
    """
    began = time.now()
    told: list[dt.date] = []
    size = 4
    while len(told) < limit and (time.now() - began).total_seconds() < AIM_SECONDS:
        days = _tell(min(size, limit - len(told)))
        if not days:
            break
        told += days
        size *= 2
    return told


def _tell(count: int) -> list[dt.date]:
    """Tell up to `count` days in one transaction; on PostgreSQL days that somebody else is at are left to them."""
    at = time.now()
    with transaction.atomic():
        waiting = Night.objects.filter(state=WorkState.DONE, told_at__isnull=True).order_by("-day")
        nights = list(waiting.select_for_update(skip_locked=sql.on_postgres())[:count])
        days = [night.day for night in nights]
        if not days:
            return []
        before = set(
            SliceDay.objects.filter(day__in=days, is_first=True).values_list("day", flat=True).distinct()
        )
        again = [day for day in days if day in before]
        SliceDay.objects.filter(day__in=again, is_first=False).delete()
        SliceDay.objects.filter(day__in=again).update(is_current=False)
        _insert([day for day in days if day not in before], first=True, at=at)
        _insert(again, first=False, at=at)
        Night.objects.filter(pk__in=[night.pk for night in nights]).update(told_at=at)
    return days


def _insert(days: Sequence[dt.date], *, first: bool, at: dt.datetime) -> None:
    """Write the sums of these days' rows for every slice, in one statement."""
    if not days:
        return
    params = {f"day{n}": sql.date(day) for n, day in enumerate(days)} | {
        "at": sql.moment(at),
        "first": first,
        "current": True,
    }
    named = ", ".join(f"%({name})s" for name in params if name.startswith("day"))
    sums = ", ".join(f"CAST(SUM({expression}) AS BIGINT) AS {name}" for name, expression in SUMS.items())
    totals = ", ".join(f"CAST(SUM({name}) AS BIGINT)" for name in SUMS)
    sql.execute(
        f"""
        INSERT INTO {TABLE} (day, cut, part, is_first, is_current, computed_at, {", ".join(SUMS)})
        WITH cells AS (
            SELECT d.day, d.segment, d.stage, d.owner_id, {sums}
            FROM metrics_customerday d WHERE d.day IN ({named})
            GROUP BY d.day, d.segment, d.stage, d.owner_id
        ),
        cuts(cut) AS (VALUES {", ".join(f"('{cut}')" for cut in CUTS)})
        SELECT day, cut, part, %(first)s, %(current)s, %(at)s, {totals}
        FROM (
            SELECT cells.*, cut, CASE cut
                WHEN 'segment' THEN COALESCE(NULLIF(segment, ''), '{NONE}')
                WHEN 'stage' THEN COALESCE(NULLIF(stage, ''), '{NONE}')
                WHEN 'owner' THEN COALESCE(CAST(owner_id AS VARCHAR(20)), '{NONE}')
                ELSE '' END AS part
            FROM cells CROSS JOIN cuts
        ) sliced
        GROUP BY day, cut, part
        ORDER BY day, cut, part""",
        params,
    )
