"""From customers at the end of a day to the columns of numbers that the hazard of leaving is told by.

What a factor says now tells less of a later month, so its columns fade by half every six steps. What is known of a
later month itself (how long the customer is with us by then, whether the contract ends in it, whether notice was given
to it) does not.

A factor's column is its score from −1 (0) to 1 (100) times how fresh it is, by the curve that held when the model was
learned; a second column says how much of it is missing, so that what is not known neither helps nor harms by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics.health import sources, vectors
from metrics.health.bands import Edges
from metrics.health.cards import Card
from metrics.health.curve import Curve
from metrics.health.packed import NONE
from metrics.risk.logistic import times
from metrics.risk.rows import Rows
from metrics.risk.spans import STEP, STEPS

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

FADES_IN = 6.0  # steps in which what is known now counts half
WHOLE = 10_000
YEAR = 365.0
MISSING = "?"
BANDS = ("red", "yellow", "unknown")
FADING = (*BANDS, "size", "no_contract", "cancelled")
LASTING = ("one", "later", "tenure", "due", "ends")
LEFT_OUT = ("tenure",)  # counted by the day of each step instead
EDGES = Edges()

# How far a coefficient may lie from 0 before data say so (a standard deviation, in log-odds); None: anything.
SPREAD: Mapping[str, float | None] = {
    "one": None,
    "later": 1.0,
    "tenure": 0.5,
    "due": 1.0,
    "ends": 3.0,
    "cancelled": 1.5,
}
# What is believed before data say anything: who gives notice leaves, also where nobody did so before.
BELIEVED: Mapping[str, float] = {"ends": 7.0, "cancelled": 1.5}
SPREAD_FACTOR, SPREAD_OTHER = 1.0, 0.5


@dataclass(frozen=True)
class Factor:
    """A factor as the model reads it."""

    key: str
    curve: Curve
    fresh_for: int | None


@dataclass(frozen=True)
class Features:
    """What a model reads: factors, and mean and spread of the logarithm of the MRR."""

    factors: Sequence[Factor]
    size: tuple[float, float]

    @property
    def fading(self) -> list[str]:
        """Names of the columns that fade."""
        of_factors = [name for one in self.factors for name in (one.key, one.key + MISSING)]
        return [*of_factors, *FADING]

    @property
    def names(self) -> list[str]:
        """Names of all columns: those that fade, then those that do not."""
        return [*self.fading, *LASTING]

    @property
    def spread(self) -> "Column":
        """Return how far each coefficient may lie from 0."""
        import numpy as np

        factors = {one.key for one in self.factors}
        told = [SPREAD_FACTOR if name in factors else SPREAD.get(name, SPREAD_OTHER) for name in self.names]
        return np.array([np.inf if one is None else one for one in told])

    @property
    def of_factors(self) -> "Column":
        """Return which columns are a factor's score."""
        import numpy as np

        factors = {one.key for one in self.factors}
        return np.array([name in factors for name in self.names])

    @property
    def believed(self) -> "Column":
        """Return what each coefficient is believed to be before data say anything."""
        import numpy as np

        return np.array([BELIEVED.get(name, 0.0) for name in self.names])

    def now(self, rows: Rows) -> "Column":
        """Return the columns that fade, as they are on the rows' own day."""
        import numpy as np

        found = np.zeros((len(rows.day), len(self.fading)))
        for n, one in enumerate(self.factors):
            value, missing = _factor(one, rows)
            found[:, 2 * n], found[:, 2 * n + 1] = value, missing
        at = 2 * len(self.factors)
        known = (rows.own != NONE) & (rows.coverage >= EDGES.known)
        found[:, at] = known & (rows.own < EDGES.yellow)
        found[:, at + 1] = known & (rows.own >= EDGES.yellow) & (rows.own < EDGES.green)
        found[:, at + 2] = ~known
        found[:, at + 3] = (np.log1p(rows.mrr) - self.size[0]) / self.size[1]
        found[:, at + 4] = rows.renewal == NONE
        found[:, at + 5] = rows.cancelled
        return found

    def later(self, rows: Rows, step: int) -> "Column":
        """Return the columns that do not fade, for a step (1 … 12)."""
        import numpy as np

        found = np.ones((len(rows.day), len(LASTING)))
        found[:, 1] = np.log(step)
        raw = rows.inputs["tenure"][0] if "tenure" in rows.inputs else np.full(len(rows.day), NONE)
        days = np.where(raw == NONE, YEAR, np.maximum(raw, 0) * YEAR / 1000)
        found[:, 2] = np.log1p(days / STEP + step - 1) - np.log1p(YEAR / STEP)
        ahead = rows.renewal - rows.day
        found[:, 3] = (rows.renewal != NONE) & (ahead > STEP * (step - 1)) & (ahead <= STEP * step)
        found[:, 4] = rows.ends[:, step - 1]
        return found

    def odds(self, rows: Rows, weights: "Column") -> "Column":
        """Return the log-odds of leaving in each of the twelve steps, having stayed until it (n × 12)."""
        import numpy as np

        cut = len(self.fading)
        now = times(self.now(rows), weights[:cut])
        return np.stack(
            [
                now * fading(step) + times(self.later(rows, step), weights[cut:])
                for step in range(1, STEPS + 1)
            ],
            axis=1,
        )

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "factors": [
                {
                    "key": one.key,
                    "curve": [list(point) for point in one.curve.points],
                    "fresh_for": one.fresh_for,
                }
                for one in self.factors
            ],
            "size": list(self.size),
        }


def read(told: Mapping[str, Any]) -> Features:
    """Return what `plain` told."""
    factors = [
        Factor(one["key"], Curve(tuple((x, y) for x, y in one["curve"])), one["fresh_for"])
        for one in told["factors"]
    ]
    return Features(factors, (told["size"][0], told["size"][1]))


def of_card(card: Card, rows: Rows) -> Features:
    """Return the features of a scorecard: its factors, and all shipped ones it does not weigh, by their own curves."""
    import numpy as np

    said = card.configuration.profile("", "").settings
    factors = [Factor(key, one.curve, one.fresh_for) for key, one in said.items() if key not in LEFT_OUT]
    factors += [
        Factor(key, Curve(tuple((round(x * 1000), round(y * 100)) for x, y in one.points)), one.fresh_for)
        for key, one in sources.SHIPPED.items()
        if key not in said and key not in LEFT_OUT
    ]
    size = np.log1p(rows.mrr) if len(rows.mrr) else np.zeros(1)
    return Features(factors, (round(float(size.mean()), 6), round(max(float(size.std()), 0.1), 6)))


def fading(step: int) -> float:
    """Return how much what is known now counts in a step."""
    return float(0.5 ** ((step - 1) / FADES_IN))


def _factor(factor: Factor, rows: Rows) -> tuple["Column", "Column"]:
    import numpy as np

    if factor.key not in rows.inputs:
        return np.zeros(len(rows.day)), np.ones(len(rows.day))
    raw, age = rows.inputs[factor.key]
    known = raw != NONE
    fresh = np.where(known, vectors.effective_weights(WHOLE, age, factor.fresh_for) / WHOLE, 0.0)
    score = vectors.curve_at(factor.curve, np.where(known, raw, 0)) / WHOLE * 2 - 1
    return score * fresh, 1 - fresh
