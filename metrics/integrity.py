"""What proves a night: opening + movements = closing, slices add up, roll-ups equal a recount of raw rows.

Every check is one or two statements over the days it is given and tells what does not hold, row by row. A customer
whose days wait to be refilled is left out: its rows are known to be old.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from metrics import sql
from metrics.models import IntegrityResult, Night
from metrics.snapshots import CUTS, SUMS

Row = dict[str, Any]
Check = IntegrityResult.Check
SAMPLE = 200  # customers whose raw usage is counted again, of a day
MOST_ROWS = 500

_NOT_WAITING = """NOT EXISTS (
        SELECT 1 FROM metrics_stalespan w
        WHERE w.customer_id = {0}.customer_id AND w.first <= {0}.day AND (w.last IS NULL OR w.last >= {0}.day)
    )"""


def movements(days: Sequence[dt.date]) -> list[Row]:
    """Slices whose opening and movements do not make their closing; customers that did not open as they closed."""
    named, params = _named(days)
    slices = sql.rows(
        f"""
        SELECT s.day, s.cut, s.part, s.opening + s.new + s.reactivation + s.expansion - s.contraction - s.churn
               AS expected, s.closing AS found
        FROM metrics_sliceday s
        WHERE s.is_current AND s.day IN ({named})
          AND s.opening + s.new + s.reactivation + s.expansion - s.contraction - s.churn <> s.closing
        ORDER BY s.day, s.cut, s.part LIMIT {MOST_ROWS}""",
        params,
    )
    before = sql.plus_days("d.day", -1)
    customers = sql.rows(
        f"""
        SELECT d.day, d.customer_id, COALESCE(y.mrr_cents, 0) AS expected, d.opening_mrr_cents AS found
        FROM metrics_customerday d
        JOIN metrics_night n ON n.day = {before} AND n.state = 'done'
        LEFT JOIN metrics_customerday y ON y.customer_id = d.customer_id AND y.day = {before}
        WHERE d.day IN ({named}) AND d.opening_mrr_cents <> COALESCE(y.mrr_cents, 0)
          AND {_NOT_WAITING.format("d")}
        ORDER BY d.day, d.customer_id LIMIT {MOST_ROWS}""",
        params,
    )
    return [_slice_row(row) for row in slices] + [{**row, "what": "opening"} for row in customers]


def parts(days: Sequence[dt.date]) -> list[Row]:
    """Sums of slices that are not those of the whole, and wholes that are not those of the daily rows."""
    named, params = _named(days)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in SUMS)
    found = sql.rows(
        f"""
        SELECT day, cut, {sums} FROM metrics_sliceday WHERE is_current AND day IN ({named}) GROUP BY day, cut""",
        params,
    )
    rows: dict[tuple[dt.date, str], Mapping[str, Any]] = {(row["day"], row["cut"]): row for row in found}
    counted = ", ".join(f"SUM({expression}) AS {name}" for name, expression in SUMS.items())
    for row in sql.rows(
        f"SELECT d.day, {counted} FROM metrics_customerday d WHERE d.day IN ({named}) GROUP BY d.day", params
    ):
        rows[row["day"], "rows"] = row
    return [
        {
            "day": day,
            "slice": "" if cut == "rows" else cut,
            "what": name,
            "expected": int(rows[day, "rows"][name] if (day, "rows") in rows else 0),
            "found": int(rows[day, cut][name] if (day, cut) in rows else 0),
        }
        for day in days
        for cut in CUTS
        for name in SUMS
        if _sum(rows, day, cut, name) != _sum(rows, day, "rows", name)
    ]


def rollup(days: Sequence[dt.date]) -> list[Row]:
    """Usage whose roll-up or daily row is not what its events say, of a sample of customers, another one every day."""
    named, params = _named(days)
    customers = sql.rows("SELECT COUNT(*) AS count FROM customers_customer")[0]["count"]
    step = max(1, customers // SAMPLE)
    chosen = " OR ".join(
        f"(u.day = %(day{n})s AND u.customer_id %% {step} = {day.toordinal() % step})"
        for n, day in enumerate(days)
    )
    waiting = _NOT_WAITING.format("u")
    of_usage = sql.rows(
        f"""
        SELECT day, customer_id, person, feature, SUM(raw) AS expected, SUM(rolled) AS found
        FROM (
            SELECT u.day, u.customer_id, u.person, u.event AS feature, u.count AS raw, 0 AS rolled
            FROM metrics_usageevent u WHERE u.day IN ({named}) AND ({chosen}) AND {waiting}
            UNION ALL
            SELECT u.day, u.customer_id, u.person, u.feature, 0, u.events
            FROM metrics_usageday u WHERE u.day IN ({named}) AND ({chosen}) AND {waiting}
        ) both_sides
        GROUP BY day, customer_id, person, feature
        HAVING SUM(raw) <> SUM(rolled)
        ORDER BY day, customer_id LIMIT {MOST_ROWS}""",
        params,
    )
    of_days = sql.rows(
        f"""
        SELECT u.day, u.customer_id, u.events AS found, COALESCE(SUM(r.events), 0) AS expected
        FROM metrics_customerday u
        LEFT JOIN metrics_usageday r ON r.day = u.day AND r.customer_id = u.customer_id
        WHERE u.day IN ({named}) AND ({chosen}) AND {waiting}
        GROUP BY u.day, u.customer_id, u.events
        HAVING u.events <> COALESCE(SUM(r.events), 0)
        ORDER BY u.day, u.customer_id LIMIT {MOST_ROWS}""",
        params,
    )
    return [
        *({**row, "what": f"{row.pop('feature')} {row.pop('person')}".strip()} for row in of_usage),
        *({**row, "what": "events"} for row in of_days),
    ]


CHECKS: Mapping[Check, Callable[[Sequence[dt.date]], list[Row]]] = {
    Check.MOVEMENTS: movements,
    Check.PARTS: parts,
    Check.ROLLUP: rollup,
}


def older_day(day: dt.date) -> dt.date | None:
    """Return a finished day long before this one, another one every day: so that all of history is looked at again."""
    first = Night.objects.order_by("day").values_list("day", flat=True).first()
    if first is None or first >= day:
        return None
    return first + dt.timedelta(days=day.toordinal() * 37 % (day - first).days)


def _named(days: Sequence[dt.date]) -> tuple[str, dict[str, Any]]:
    params = {f"day{n}": sql.date(day) for n, day in enumerate(days)}
    return ", ".join(f"%({name})s" for name in params), params


def _slice_row(row: Row) -> Row:
    cut, part = row.pop("cut"), row.pop("part")
    return {**row, "slice": f"{cut}={part}" if cut else "", "what": "closing"}


def _sum(rows: Mapping[tuple[dt.date, str], Mapping[str, Any]], day: dt.date, cut: str, name: str) -> int:
    return int(rows[day, cut][name]) if (day, cut) in rows else 0
