"""Scores and what they were computed from are written; rows that stay as they are are left alone."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    from metrics.health.night import Scored

    Column = np.ndarray[Any, Any]

SCORES, INPUTS = "metrics_healthday", "metrics_healthinput"
KEY = {"day": "date", "customer_id": "bigint"}
OF_SCORES = {
    "version_id": "bigint",
    "segment": "text",
    "stage": "text",
    "profile": "text",
    "own": "integer",
    "score": "integer",
    "coverage": "integer",
    "low": "integer",
    "high": "integer",
    "band": "smallint",
    "across": "smallint",
    "override_id": "bigint",
}
PUBLISHED_FIRST = {"first_score": "integer", "first_band": "smallint"}
OF_INPUTS = {"inputs": "jsonb", "parts": "jsonb"}


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
    keys = list(zip((sql.date(days[n]) for n in raw.place.tolist()), raw.customer.tolist(), strict=True))
    version = np.array([card.version.pk for card in found.cards], dtype=np.int64)[found.card]
    columns: list[Sequence[Any]] = [
        version.tolist(),
        [SEGMENTS[n] for n in raw.segment.tolist()],
        [STAGES[n] for n in raw.stage.tolist()],
        found.profile,
        _or_null(found.own),
        _or_null(shown),
        found.coverage.tolist(),
        _or_null(found.low),
        _or_null(found.high),
        band.tolist(),
        across.tolist(),
        _or_null(raw.override_id),
        _or_null(shown) if final else [None] * len(keys),
        band.tolist() if final else [None] * len(keys),
    ]
    sql.upsert_rows(
        table=SCORES,
        key=KEY,
        columns=OF_SCORES,
        keeping=PUBLISHED_FIRST,
        stamp="computed_at",
        at=at,
        rows=[(*key, *row) for key, row in zip(keys, zip(*columns, strict=True), strict=True)],
    )
    texts = zip(keys, _values(found), _parts(found), strict=True)
    sql.upsert_rows(
        table=INPUTS,
        key=KEY,
        columns=OF_INPUTS,
        keeping={},
        stamp="computed_at",
        at=at,
        rows=[(*key, values, parts) for key, values, parts in texts],
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


def _values(found: "Scored") -> list[str]:
    """Return the raw values of each row as JSON, those that are known."""
    columns = []
    for key, (raw, age) in sorted(found.raw.inputs.items()):
        name = _text(key)
        columns.append(
            [
                f"{name}:[{value},{days}]" if value != NONE else ""
                for value, days in zip(raw.tolist(), age.tolist(), strict=True)
            ]
        )
    return [f"{{{','.join(filter(None, row))}}}" for row in zip(*columns, strict=True)]


def _parts(found: "Scored") -> list[str]:
    """Return what each factor made of each row as JSON: score and effective weight, where it counts."""
    texts = [""] * len(found.raw.place)
    for parts, mine in found.parts:
        columns = []
        for key, (score, weight) in parts.items():
            name = _text(key)
            columns.append(
                [
                    f"{name}:[{value},{counts}]" if counts else ""
                    for value, counts in zip(score.tolist(), weight.tolist(), strict=True)
                ]
            )
        for place, row in zip(mine.tolist(), zip(*columns, strict=True), strict=True):
            texts[place] = f"{{{','.join(filter(None, row))}}}"
    return texts


def _text(key: str) -> str:
    return json.dumps(key)


def _or_null(column: "Column") -> list[int | None]:
    return [None if value == NONE else value for value in column.tolist()]
