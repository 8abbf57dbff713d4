"""The score of one customer on one day, from its factors: METRICS.md, Health."""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.health.curve import BEST
from metrics.health.rounding import divided


@dataclass(frozen=True)
class Part:
    """What a factor brings in: its score (hundredths) and the weight that counts (hundredths; 0: none known)."""

    score: int
    weight: int


@dataclass(frozen=True)
class Score:
    """A score with what is known of it, in hundredths; `value` None: nothing is known.

    `coverage` is the share of all weight with fresh data (10 000 = all of it, cut off, so that a coverage just under
    an edge never looks as if it had reached it). `low` and `high`: the score if all missing weight were 0, or 100.
    """

    value: int | None
    coverage: int
    low: int | None
    high: int | None


NOTHING = Score(None, 0, None, None)


def score(parts: Iterable[Part], *, all_weight: int) -> Score:
    """Return the score of factors that are known; `all_weight` is what all of the profile's factors weigh.

    Σ wᵢ·sᵢ / Σ wᵢ over effective weights. Example: 80 (weight 40) and 60 (30), 30 unknown → 71.4, coverage 70 %,
    range 50–80.
    """
    known = [part for part in parts if part.weight > 0]
    weight = sum(part.weight for part in known)
    if weight == 0 or all_weight <= 0:
        return NOTHING
    points = sum(part.weight * part.score for part in known)
    return Score(
        value=divided(points, weight),
        coverage=weight * 10_000 // all_weight,
        low=divided(points, all_weight),
        high=divided(points + (all_weight - weight) * BEST, all_weight),
    )
