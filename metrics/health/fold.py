"""Bands over time: a fold over the stored scores of consecutive days, run on from the earliest one that changed."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from metrics import sql
from metrics.health import cards, vectors
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    from metrics.health.night import Scored

    Column = np.ndarray[Any, Any]

TABLE = "metrics_healthday"
AHEAD = 32  # days that are looked at together
DAY = dt.timedelta(days=1)


def over(days: Sequence[dt.date], scope: Scope, found: "Scored") -> tuple["Column", "Column"]:
    """Return band and days across of scored rows, going on from what is stored of the day before the first."""
    import numpy as np

    raw = found.raw
    known = np.unique(raw.customer)
    band, across = _stored(days[0] - DAY, scope, known)
    bands, acrosses = np.zeros_like(raw.place), np.zeros_like(raw.place)
    shown = np.where(raw.override != NONE, raw.override, found.own)
    for n in range(len(days)):
        mine = np.flatnonzero(raw.place == n)
        at = np.searchsorted(known, raw.customer[mine])
        edges = vectors.EdgeColumns(*(getattr(found.edges, name)[mine] for name in vectors.EDGES))
        told = vectors.step(
            (band[at], across[at]), shown[mine], found.coverage[mine], raw.override[mine] != NONE, edges
        )
        band, across = np.zeros_like(band), np.zeros_like(across)  # who has no row begins anew
        band[at], across[at] = told
        bands[mine], acrosses[mine] = told
    return bands, acrosses


def onwards(last: dt.date, scope: Scope) -> set[dt.date]:
    """Fold the days after `last` again until nothing changes any more; return the days whose bands changed."""
    import numpy as np

    changed: set[dt.date] = set()
    published = cards.published()
    day = last + DAY
    while rows := _rows(day, day + (AHEAD - 1) * DAY, scope):
        known = np.unique(np.array([row[1] for row in rows], dtype=np.int64))
        band, across = _stored(day - DAY, scope, known)
        by_day: dict[dt.date, list[tuple[Any, ...]]] = {}
        for row in rows:
            by_day.setdefault(sql.as_day(row[0]), []).append(row)
        for _n in range(AHEAD):
            of_day = by_day.get(day)
            if of_day is None:  # a day without rows: who comes after it begins anew
                return changed
            table = np.array([row[1:7] for row in of_day], dtype=np.int64)
            at = np.searchsorted(known, table[:, 0])
            card = cards.in_force([day], published)[0]
            edges = [
                card.configuration.profile(
                    row[7] if row[7] in SEGMENTS else "", row[8] if row[8] in STAGES else ""
                ).edges
                for row in of_day
            ]
            told = vectors.step(
                (band[at], across[at]),
                table[:, 1],
                table[:, 2],
                table[:, 3] == 1,
                vectors.edge_columns(edges, np.arange(len(edges))),
            )
            band, across = np.zeros_like(band), np.zeros_like(across)
            band[at], across[at] = told
            moved = np.flatnonzero((told[0] != table[:, 4]) | (told[1] != table[:, 5]))
            if not len(moved):
                return changed
            changed.add(day)
            _update(day, [(int(told[0][n]), int(told[1][n]), int(table[n, 0])) for n in moved])
            day += DAY
    return changed


def _stored(day: dt.date, scope: Scope, known: "Column") -> tuple["Column", "Column"]:
    """Return band and days across at the end of a day, unknown where there is no row."""
    import numpy as np

    band, across = np.zeros_like(known), np.zeros_like(known)
    rows = sql.tuples(
        f"SELECT customer_id, band, across FROM {TABLE} WHERE day = %(day)s AND {scope.of('customer_id')}",
        {"day": sql.date(day)},
    )
    if rows and len(known):
        table = np.array(rows, dtype=np.int64)
        at = np.minimum(np.searchsorted(known, table[:, 0]), len(known) - 1)
        there = known[at] == table[:, 0]
        band[at[there]], across[at[there]] = table[there, 1], table[there, 2]
    return band, across


def _rows(first: dt.date, last: dt.date, scope: Scope) -> list[tuple[Any, ...]]:
    return sql.tuples(
        f"""
        SELECT day, customer_id, COALESCE(score, {NONE}), coverage,
               CASE WHEN override_id IS NULL THEN 0 ELSE 1 END, band, across, segment, stage
        FROM {TABLE} WHERE day BETWEEN %(first)s AND %(last)s AND {scope.of("customer_id")}
        ORDER BY day, customer_id""",
        {"first": sql.date(first), "last": sql.date(last)},
    )


def _update(day: dt.date, rows: Sequence[tuple[int, int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {TABLE} SET band = %s, across = %s WHERE day = '{day.isoformat()}' AND customer_id = %s",
            rows,
        )
