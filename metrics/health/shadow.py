"""A shadow: a draft that scores every night beside the published version, from the same stored inputs.

What it says is stored and shown side by side, and touches nobody's band, alert or figure. Its bands wait at the edges
like the published ones, folded over its own days; where a day is restated, its later days are folded again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.health import cards, preview, vectors
from metrics.health.bands import Band
from metrics.health.configuration import Configuration
from metrics.health.facts import NONE
from metrics.models import HealthDay, HealthShadow, ScorecardVersion
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

DAY = dt.timedelta(days=1)
TABLE = HealthShadow._meta.db_table
LONGEST = dt.timedelta(days=90)  # so long a shadow is scored


@dataclass(frozen=True)
class Compared:
    """A night's scores by both: customers by band in force and band by the shadow, and the mean difference."""

    day: dt.date
    customers: int
    pairs: dict[tuple[str, str], int]
    mean: float | None

    @property
    def same(self) -> int:
        """How many customers both give the same band."""
        return sum(count for (one, other), count in self.pairs.items() if one == other)


def score(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Write what the shadow says of these days, and of its later ones if there are any; no published row changes."""
    version = cards.shadow()
    if version is None or version.shadow_from is None:
        return set()
    end = version.shadow_from + LONGEST
    wanted = [day for day in days if version.shadow_from <= day < end]
    if not wanted:
        return set()
    card = cards.configuration_of(version)
    last = (
        HealthShadow.objects.filter(version=version, customer__pk__range=(scope.low, scope.high))
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    day, last = wanted[0], max(wanted[-1], last or wanted[-1])
    while day <= last:
        with sql.writing(scope.low):
            _write(version, card, day, scope)
        day += DAY
    return set()


def compared(version: ScorecardVersion, *, limit: int = 30) -> list[Compared]:
    """Return the last nights of a shadow beside what was published, the newest first; one statement."""
    rows = sql.tuples(
        f"""
        SELECT s.day, h.band, s.band, COUNT(*),
               SUM(CASE WHEN h.score IS NOT NULL AND s.score IS NOT NULL THEN s.score - h.score ELSE 0 END),
               SUM(CASE WHEN h.score IS NOT NULL AND s.score IS NOT NULL THEN 1 ELSE 0 END)
        FROM {TABLE} s JOIN {HealthDay._meta.db_table} h ON h.day = s.day AND h.customer_id = s.customer_id
        WHERE s.version_id = %(version)s
        GROUP BY s.day, h.band, s.band ORDER BY s.day DESC""",
        {"version": version.pk},
    )
    nights: dict[dt.date, list[tuple[Any, ...]]] = {}
    for row in rows:
        nights.setdefault(sql.as_day(row[0]), []).append(row)
    return [
        Compared(
            day,
            sum(row[3] for row in of),
            {(Band(row[1]).key, Band(row[2]).key): row[3] for row in of},
            float(sum(row[4] for row in of)) / 100 / both if (both := sum(row[5] for row in of)) else None,
        )
        for day, of in list(nights.items())[:limit]
    ]


def _write(version: ScorecardVersion, card: Configuration, day: dt.date, scope: Scope) -> None:
    """Replace what is stored of a day and a scope."""
    import numpy as np

    rows = preview.stored([day], scope=scope)
    told = vectors.score(card, rows.inputs, rows.segment, rows.stage)
    by_hand = np.zeros(len(rows.customer), dtype=bool) if rows.by_hand is None else rows.by_hand != NONE
    value = told.value if rows.by_hand is None else np.where(by_hand, rows.by_hand, told.value)
    edges = vectors.edge_columns([one.edges for one in told.profiles], told.profile)
    band, across = vectors.step(
        _before(version, day - DAY, scope, rows.customer), value, told.coverage, by_hand, edges
    )
    sql.execute(
        f"DELETE FROM {TABLE} WHERE version_id = %(version)s AND day = %(day)s AND {scope.of('customer_id')}",
        {"version": version.pk, "day": sql.date(day)},
    )
    HealthShadow.objects.bulk_create(
        [
            HealthShadow(
                version=version,
                day=day,
                customer_id=key,
                score=None if one == NONE else one,
                coverage=coverage,
                band=shade,
                across=turned,
            )
            for key, one, coverage, shade, turned in zip(
                rows.customer.tolist(),
                value.tolist(),
                told.coverage.tolist(),
                band.tolist(),
                across.tolist(),
                strict=True,
            )
        ],
        batch_size=500,
    )


def _before(
    version: ScorecardVersion, day: dt.date, scope: Scope, customers: "Column"
) -> tuple["Column", "Column"]:
    """Return bands and days across of the day before; unknown where there was none."""
    import numpy as np

    band, across = np.zeros(len(customers), dtype=np.int64), np.zeros(len(customers), dtype=np.int64)
    rows = sql.tuples(
        f"SELECT customer_id, band, across FROM {TABLE} s WHERE version_id = %(version)s AND day = %(day)s"
        f" AND {scope.of('customer_id')} ORDER BY customer_id",
        {"version": version.pk, "day": sql.date(day)},
    )
    if rows and len(customers):
        held = np.array(rows, dtype=np.int64)
        at = np.minimum(np.searchsorted(held[:, 0], customers), len(held) - 1)
        there = held[at, 0] == customers
        band[there], across[there] = held[at[there], 1], held[at[there], 2]
    return band, across
