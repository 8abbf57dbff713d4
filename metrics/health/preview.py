"""What a draft would change: last night's inputs scored by the version in force and by the draft, side by side."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Max

from metrics import sql
from metrics.health import vectors
from metrics.health.bands import Band
from metrics.health.configuration import Configuration
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.health.packed import columns
from metrics.models import HealthDay
from metrics.models.health import layout_of
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

BUCKETS = 10
SHOWN = 50
MOST_HELD = 4


@dataclass(frozen=True)
class Stored:
    """Inputs of customers as they were stored: one row a customer and day, in order.

    `by_hand`: the score a person had set, `NONE` where nobody had.
    """

    customer: "Column"
    day: "Column"
    segment: "Column"
    stage: "Column"
    mrr: "Column"
    inputs: dict[str, tuple["Column", "Column"]]
    by_hand: "Column | None" = None


_held: dict[tuple[Any, ...], Stored] = {}


@dataclass(frozen=True)
class Change:
    """A customer whose band would be another; scores in hundredths, None where nothing is known."""

    customer: int
    before: int | None
    after: int | None
    band_before: Band
    band_after: Band
    mrr: int


@dataclass(frozen=True)
class Preview:
    """Before and after: customers by ten points of score, by band, and those that change band, the largest first."""

    customers: int
    before: list[int]
    after: list[int]
    bands_before: dict[str, int]
    bands_after: dict[str, int]
    changes: list[Change]
    mrr_to_red: int
    mrr_up: int
    mrr_down: int


def stored(
    days: Iterable[dt.date], *, cell: tuple[str, str] = ("", ""), scope: Scope | None = None
) -> Stored:
    """Return what is stored of these days, for a segment and stage or for all, of a scope if one is given."""
    import numpy as np

    wanted = list(days)
    marks = {f"day{n}": sql.date(day) for n, day in enumerate(wanted)}
    condition = f"h.day IN ({', '.join(f'%({name})s' for name in marks)})"
    for name, value in zip(("segment", "stage"), cell, strict=True):
        if value:
            condition += f" AND h.{name} = %({name})s"
            marks[name] = value
    if scope is not None:
        condition += f" AND {scope.of('h.customer_id')}"
    rows = sql.tuples(
        f"""
        SELECT h.customer_id, h.day, h.segment, h.stage, COALESCE(z.mrr_cents, 0), i.layout, i.numbers,
               CASE WHEN h.override_id IS NULL THEN {NONE} ELSE h.score END
        FROM metrics_healthday h
        JOIN metrics_healthinput i ON i.day = h.day AND i.customer_id = h.customer_id
        LEFT JOIN metrics_customerday z ON z.day = h.day AND z.customer_id = h.customer_id
        WHERE {condition}
        ORDER BY h.day, h.customer_id""",
        marks,
    )
    layouts = {key: layout_of(key) for key in {row[5] for row in rows}}
    inputs = columns([(row[5], row[6]) for row in rows], layouts)
    places = {value: n for n, value in enumerate(SEGMENTS)}, {value: n for n, value in enumerate(STAGES)}
    return Stored(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([sql.as_day(row[1]).toordinal() for row in rows], dtype=np.int64),
        np.array([places[0].get(row[2], 0) for row in rows], dtype=np.int64),
        np.array([places[1].get(row[3], 0) for row in rows], dtype=np.int64),
        np.array([row[4] for row in rows], dtype=np.int64),
        inputs,
        np.array([row[7] for row in rows], dtype=np.int64),
    )


def held(day: dt.date, *, cell: tuple[str, str] = ("", "")) -> Stored:
    """Return what is stored of a day as `stored` does, kept in this process until a row of that day is another one.

    Reading ten thousand rows takes longer than scoring them, and a slider asks many times for the same ones.
    """
    stamp = HealthDay.objects.filter(day=day).aggregate(n=Count("pk"), at=Max("computed_at"))
    key = (connection.settings_dict["NAME"], day, cell, stamp["n"], stamp["at"])
    found = _held.pop(key, None) or stored([day], cell=cell)
    _held[key] = found
    while len(_held) > MOST_HELD:
        _held.pop(next(iter(_held)))
    return found


def only(rows: Stored, wanted: "Column") -> Stored:
    """Return the rows that are wanted, by a mask or by their places."""
    return Stored(
        rows.customer[wanted],
        rows.day[wanted],
        rows.segment[wanted],
        rows.stage[wanted],
        rows.mrr[wanted],
        {key: (raw[wanted], age[wanted]) for key, (raw, age) in rows.inputs.items()},
        None if rows.by_hand is None else rows.by_hand[wanted],
    )


def joined(parts: Sequence[Stored]) -> Stored:
    """Return rows of several days as one; an input that a day does not know is not known there."""
    import numpy as np

    keys = sorted({key for one in parts for key in one.inputs})

    def column(one: Stored, key: str, place: int) -> "Column":
        missing = NONE if place == 0 else 0
        pair = one.inputs.get(key)
        return np.full(len(one.customer), missing, dtype=np.int64) if pair is None else pair[place]

    def all_of(name: str) -> "Column":
        return np.concatenate([getattr(one, name) for one in parts])

    return Stored(
        all_of("customer"),
        all_of("day"),
        all_of("segment"),
        all_of("stage"),
        all_of("mrr"),
        {
            key: (
                np.concatenate([column(one, key, 0) for one in parts]),
                np.concatenate([column(one, key, 1) for one in parts]),
            )
            for key in keys
        },
        all_of("by_hand") if all(one.by_hand is not None for one in parts) else None,
    )


def scored(found: Stored, card: Configuration, *, shown: bool = False) -> tuple["Column", "Column"]:
    """Return score and plain band of stored rows by a scorecard (no hysteresis: the draft has no yesterday).

    `shown`: a score that a person had set stands above what the scorecard says, as on the pages.
    """
    import numpy as np

    told = vectors.score(card, found.inputs, found.segment, found.stage)
    edges = vectors.edge_columns([one.edges for one in told.profiles], told.profile)
    nothing = np.zeros(len(found.customer), dtype=np.int64)
    value, by_hand = told.value, np.zeros(len(found.customer), dtype=bool)
    if shown and found.by_hand is not None:
        by_hand = found.by_hand != NONE
        value = np.where(by_hand, found.by_hand, value)
    band, _across = vectors.step((nothing, nothing), value, told.coverage, by_hand, edges)
    return value, band


def preview(found: Stored, now: Configuration, draft: Configuration) -> Preview:
    """Return what the draft would change for stored rows of one day."""
    import numpy as np

    before, band_before = scored(found, now, shown=True)
    after, band_after = scored(found, draft, shown=True)
    moved = np.flatnonzero(band_before != band_after)
    order = moved[np.argsort(-found.mrr[moved], kind="stable")]
    coloured = (band_before > 0) & (band_after > 0)
    up, down = coloured & (band_after > band_before), coloured & (band_after < band_before)
    red = (band_after == Band.RED) & (band_before != Band.RED)
    return Preview(
        len(found.customer),
        _buckets(before),
        _buckets(after),
        _bands(band_before),
        _bands(band_after),
        [
            Change(
                int(found.customer[n]),
                None if before[n] == NONE else int(before[n]),
                None if after[n] == NONE else int(after[n]),
                Band(int(band_before[n])),
                Band(int(band_after[n])),
                int(found.mrr[n]),
            )
            for n in order
        ],
        int(found.mrr[red].sum()),
        int(found.mrr[up].sum()),
        int(found.mrr[down].sum()),
    )


def _buckets(score: "Column") -> list[int]:
    import numpy as np

    known = score[score != NONE]
    return [int(n) for n in np.bincount(np.minimum(known // 1000, BUCKETS - 1), minlength=BUCKETS)]


def _bands(band: "Column") -> dict[str, int]:
    return {one.key: int((band == one).sum()) for one in Band}
