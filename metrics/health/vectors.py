"""The same arithmetic as `curve`, `freshness`, `score` and `bands`, over whole columns at once.

Every number is a whole one and comes out the same to the last digit (a property test compares the two).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics.health.bands import Band, Edges
from metrics.health.configuration import Configuration
from metrics.health.curve import BEST, Curve
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.health.profiles import Profile

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]
    Inputs = Mapping[str, tuple[Column, Column]]


EDGES = ("yellow", "green", "known", "margin", "days")


@dataclass(frozen=True)
class Scores:
    """Scores of rows; `value`, `low` and `high` are `NONE` where nothing is known.

    `parts` maps a factor to (scores, effective weights). `edges` and `profiles` are lists, `profile` the place in them.
    """

    value: "Column"
    coverage: "Column"
    low: "Column"
    high: "Column"
    parts: dict[str, tuple["Column", "Column"]]
    profile: "Column"
    profiles: Sequence[Profile]


def divided(numerator: "Column", denominator: "Column | int") -> "Column":
    """Return the quotients as the nearest whole numbers, halves to the even one; denominators > 0."""
    import numpy as np

    whole, rest = np.divmod(2 * numerator + denominator, 2 * np.asarray(denominator))
    found: Column = whole - ((rest == 0) & (whole % 2 == 1))
    return found


def curve_at(curve: Curve, raw: "Column") -> "Column":
    """Return the scores of raw values."""
    import numpy as np

    xs = np.array([x for x, _y in curve.points], dtype=np.int64)
    ys = np.array([y for _x, y in curve.points], dtype=np.int64)
    inside = np.clip(raw, xs[0], xs[-1])
    at = np.clip(np.searchsorted(xs, inside, side="right") - 1, 0, len(xs) - 2)
    x0, y0, span, rise = xs[at], ys[at], xs[at + 1] - xs[at], ys[at + 1] - ys[at]
    return divided(y0 * span + (inside - x0) * rise, span)


def effective_weights(weight: int, age: "Column", fresh_for: int | None) -> "Column":
    """Return how much of a weight still counts at each age."""
    import numpy as np

    if fresh_for is None:
        return np.full_like(age, weight)
    fading = divided(weight * (2 * fresh_for - np.clip(age, 0, 2 * fresh_for)), fresh_for)
    return np.where(age <= fresh_for, weight, fading)


def score(configuration: Configuration, inputs: "Inputs", segment: "Column", stage: "Column") -> Scores:
    """Return the scores of rows by a scorecard; `segment` and `stage` are places in `SEGMENTS` and `STAGES`."""
    import numpy as np

    rows = len(segment)
    cells = segment * len(STAGES) + stage
    value, low, high = (np.full(rows, NONE, dtype=np.int64) for _ in range(3))
    coverage, which = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    parts = {
        key: (np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)) for key in configuration.factors
    }
    profiles: list[Profile] = []
    for cell in np.unique(cells):
        profile = configuration.profile(SEGMENTS[cell // len(STAGES)], STAGES[cell % len(STAGES)])
        mine = np.flatnonzero(cells == cell)
        which[mine] = len(profiles)
        profiles.append(profile)
        weights, points = np.zeros(len(mine), dtype=np.int64), np.zeros(len(mine), dtype=np.int64)
        for key, setting in profile.settings.items():
            if key not in inputs:
                continue
            raw, age = (column[mine] for column in inputs[key])
            known = raw != NONE
            weight = np.where(known, effective_weights(setting.weight, age, setting.fresh_for), 0)
            scored = np.where(known, curve_at(setting.curve, np.where(known, raw, 0)), 0)
            parts[key][0][mine], parts[key][1][mine] = scored, weight
            weights += weight
            points += weight * scored
        there = weights > 0
        of, total, kept, sums = mine[there], profile.all_weight, weights[there], points[there]
        value[of] = divided(sums, kept)
        coverage[of] = kept * 10_000 // total
        low[of] = divided(sums, total)
        high[of] = divided(sums + (total - kept) * BEST, total)
    return Scores(value, coverage, low, high, parts, which, profiles)


def plain_band(score: "Column", edges: "EdgeColumns") -> "Column":
    """Return the bands of scores taken by themselves."""
    import numpy as np

    return np.where(score >= edges.green, Band.GREEN, np.where(score >= edges.yellow, Band.YELLOW, Band.RED))


@dataclass(frozen=True)
class EdgeColumns:
    """The edges that hold for each row."""

    yellow: "Column"
    green: "Column"
    known: "Column"
    margin: "Column"
    days: "Column"


def edge_columns(edges: Sequence[Edges], which: "Column") -> EdgeColumns:
    """Return for each row the edges at its place in a list."""
    import numpy as np

    return EdgeColumns(
        *(np.array([getattr(one, name) for one in edges], dtype=np.int64)[which] for name in EDGES)
    )


def step(
    before: tuple["Column", "Column"],
    score: "Column",
    coverage: "Column",
    by_hand: "Column",
    edges: EdgeColumns,
) -> tuple["Column", "Column"]:
    """Return band and days across after a day, from those before it (unknown where there was no row)."""
    import numpy as np

    band, across = before
    told = (score != NONE) & (by_hand | (coverage >= edges.known))
    plain = plain_band(score, edges)
    settled = (band == Band.UNKNOWN) | by_hand | (plain == band)
    up = plain > band
    counted = np.where(up, np.maximum(across, 0) + 1, np.minimum(across, 0) - 1)
    long_enough = np.abs(counted) >= edges.days
    sure = np.where(up, plain_band(score - edges.margin, edges), plain_band(score + edges.margin - 1, edges))
    leaps = np.where(up, sure > band, sure < band)
    new_band = np.where(settled | long_enough, plain, np.where(leaps, sure, band))
    new_across = np.where(settled | long_enough | (leaps & (sure == plain)), 0, counted)
    return np.where(told, new_band, 0), np.where(told, new_across, 0)
