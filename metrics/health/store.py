"""Scores and what they were computed from are written; rows that stay as they are are left alone."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.columns import Blobs, Numbers, Words, upsert
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.health.packed import Layout, pack
from metrics.models import HealthLayout
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    from metrics.health.night import Scored

    Column = np.ndarray[Any, Any]

SCORES, INPUTS = "metrics_healthday", "metrics_healthinput"


def replace(
    days: Sequence[dt.date],
    scope: Scope,
    found: "Scored",
    band: "Column",
    across: "Column",
    *,
    at: dt.datetime,
    final: bool,
) -> set[dt.date]:
    """Write scored rows and take away those of customers that have none; return the days that changed.

    `final`: these days are over, so what is written now is what was published first.
    """
    import numpy as np

    raw = found.raw
    gone = _take_away(days, scope, raw.place, raw.customer)
    shown = np.where(raw.override != NONE, raw.override, found.own)
    nothing = np.full_like(shown, NONE)
    version = np.array([card.version.pk for card in found.cards], dtype=np.int64)[found.card]
    day = Words(raw.place, [sql.date(day) for day in days], "date")
    upsert(
        table=SCORES,
        key={"day": day, "customer_id": Numbers(raw.customer)},
        columns={
            "version_id": Numbers(version),
            "segment": Words(raw.segment, SEGMENTS),
            "stage": Words(raw.stage, STAGES),
            "profile": Words(found.profile, found.profiles),
            "own": Numbers(found.own),
            "score": Numbers(shown),
            "coverage": Numbers(found.coverage),
            "low": Numbers(found.low),
            "high": Numbers(found.high),
            "band": Numbers(band),
            "across": Numbers(across),
            "override_id": Numbers(raw.override_id),
        },
        keeping={
            "first_score": Numbers(shown if final else nothing),
            "first_band": Numbers(band if final else nothing),
        },
        stamp="computed_at",
        at=at,
    )
    for parts, mine in found.parts:
        layout = Layout(tuple(sorted(raw.inputs)), tuple(parts))
        _keep(layout)
        inputs = {key: (value[mine], age[mine]) for key, (value, age) in raw.inputs.items()}
        upsert(
            table=INPUTS,
            key={
                "day": Words(raw.place[mine], day.words, "date"),
                "customer_id": Numbers(raw.customer[mine]),
            },
            columns={
                "layout": Numbers(np.full_like(mine, layout.key)),
                "numbers": Blobs(pack(layout, inputs, parts, len(mine))),
            },
            keeping={},
            stamp="computed_at",
            at=at,
        )
    return gone | {day for table in (SCORES, INPUTS) for day in _written(table, days, scope, at)}


def _take_away(days: Sequence[dt.date], scope: Scope, place: "Column", customer: "Column") -> set[dt.date]:
    """Delete rows of these days of customers that, by what is known now, have none; return their days."""
    there = sql.tuples(
        f"SELECT day, customer_id FROM {SCORES} WHERE day BETWEEN %(first)s AND %(last)s"
        f" AND {scope.of('customer_id')}",
        {"first": sql.date(days[0]), "last": sql.date(days[-1])},
    )
    if not there:
        return set()
    kept = {(days[n], key) for n, key in zip(place.tolist(), customer.tolist(), strict=True)}
    gone = {(sql.as_day(day), key) for day, key in there} - kept
    for day, key in gone:
        for table in (SCORES, INPUTS):
            sql.execute(
                f"DELETE FROM {table} WHERE day = %(day)s AND customer_id = %(key)s",
                {"day": sql.date(day), "key": key},
            )
    return {day for day, _key in gone}


def _written(table: str, days: Sequence[dt.date], scope: Scope, at: dt.datetime) -> set[dt.date]:
    rows = sql.tuples(
        f"SELECT DISTINCT day FROM {table} WHERE day BETWEEN %(first)s AND %(last)s"
        f" AND {scope.of('customer_id')} AND computed_at = %(at)s",
        {"first": sql.date(days[0]), "last": sql.date(days[-1]), "at": sql.moment(at)},
    )
    return {sql.as_day(row[0]) for row in rows}


def _keep(layout: Layout) -> None:
    """Write the names down unless they are known."""
    if not HealthLayout.objects.filter(pk=layout.key).exists():
        HealthLayout.objects.bulk_create(
            [HealthLayout(pk=layout.key, inputs=list(layout.inputs), factors=list(layout.factors))],
            ignore_conflicts=True,
        )
