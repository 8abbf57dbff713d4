"""What a draft would change: last night's inputs scored by the version in force and by the draft, side by side."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.health import vectors
from metrics.health.bands import Band
from metrics.health.configuration import Configuration
from metrics.health.facts import NONE, SEGMENTS, STAGES

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

BUCKETS = 10
SHOWN = 50


@dataclass(frozen=True)
class Stored:
    """Inputs of customers as they were stored: one row a customer and day, in order."""

    customer: "Column"
    day: "Column"
    segment: "Column"
    stage: "Column"
    mrr: "Column"
    inputs: dict[str, tuple["Column", "Column"]]


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


def stored(days: Iterable[dt.date], *, cell: tuple[str, str] = ("", "")) -> Stored:
    """Return what is stored of these days, for a segment and stage or for all; two statements."""
    import numpy as np

    wanted = list(days)
    marks = {f"day{n}": sql.date(day) for n, day in enumerate(wanted)}
    condition = f"h.day IN ({', '.join(f'%({name})s' for name in marks)})"
    for name, value in zip(("segment", "stage"), cell, strict=True):
        if value:
            condition += f" AND h.{name} = %({name})s"
            marks[name] = value
    text = "CAST(i.inputs AS text)" if sql.on_postgres() else "i.inputs"
    rows = sql.tuples(
        f"""
        SELECT h.customer_id, h.day, h.segment, h.stage, COALESCE(z.mrr_cents, 0), {text}
        FROM metrics_healthday h
        JOIN metrics_healthinput i ON i.day = h.day AND i.customer_id = h.customer_id
        LEFT JOIN metrics_customerday z ON z.day = h.day AND z.customer_id = h.customer_id
        WHERE {condition}
        ORDER BY h.day, h.customer_id""",
        marks,
    )
    read = [json.loads(row[5]) if isinstance(row[5], str) else row[5] for row in rows]
    keys = {key for one in read for key in one}
    inputs = {}
    for key in sorted(keys):
        pairs = np.array([one.get(key, (NONE, 0)) for one in read], dtype=np.int64)
        inputs[key] = (pairs[:, 0], pairs[:, 1])
    places = {value: n for n, value in enumerate(SEGMENTS)}, {value: n for n, value in enumerate(STAGES)}
    return Stored(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([sql.as_day(row[1]).toordinal() for row in rows], dtype=np.int64),
        np.array([places[0].get(row[2], 0) for row in rows], dtype=np.int64),
        np.array([places[1].get(row[3], 0) for row in rows], dtype=np.int64),
        np.array([row[4] for row in rows], dtype=np.int64),
        inputs,
    )


def scored(found: Stored, card: Configuration) -> tuple["Column", "Column"]:
    """Return score and plain band of stored rows by a scorecard (no hysteresis: the draft has no yesterday)."""
    import numpy as np

    told = vectors.score(card, found.inputs, found.segment, found.stage)
    edges = vectors.edge_columns([one.edges for one in told.profiles], told.profile)
    nothing = np.zeros(len(found.customer), dtype=np.int64)
    by_hand = np.zeros(len(found.customer), dtype=bool)
    band, _across = vectors.step((nothing, nothing), told.value, told.coverage, by_hand, edges)
    return told.value, band


def preview(found: Stored, now: Configuration, draft: Configuration) -> Preview:
    """Return what the draft would change for stored rows of one day."""
    import numpy as np

    before, band_before = scored(found, now)
    after, band_after = scored(found, draft)
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
