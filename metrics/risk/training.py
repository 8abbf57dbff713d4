"""Learning who leaves: a discrete-time hazard, judged on months it had not seen, and silent without evidence.

1. The ends of the last 24 months, and for each customer that paid then the twelve steps of thirty days after it
   (`panel.py`); the columns that a step's hazard is told by (`features.py`).
2. Held out: the last third of the months whose 90 days are over. A model learned from what was known when they began
   tells them; from that come the AUC with its interval (customers drawn again) and the calibration.
3. Calibrated: on the months held out the log-odds are set right by a straight line (Platt), which also makes them
   tell less of later steps if they did. What is shown of the calibration is told across customers: nobody's line was
   drawn through his own row.
4. The model itself is learned again from all that is known, and keeps that line.

A better factor never raises the risk: by chance alone some would, among thirty lost customers and forty coefficients,
and nobody could act on it.

Customers that gave notice are learned from, but not counted in the AUC and the calibration: of them it is no art.
Fewer than 30 lost customers, or fewer than ten on either side of the cut: nothing is claimed. Nor is it where the
interval of the AUC reaches one half.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from metrics import statistics
from metrics.health import backtest, cards
from metrics.models import RiskModel
from metrics.risk import features, panel
from metrics.risk.features import Features
from metrics.risk.logistic import chance, fit
from metrics.risk.panel import Panel
from metrics.risk.spans import MAIN, STEP, STEPS

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

LEAST_LOST = backtest.LEAST_LOST
LEAST_EACH = 10  # lost customers before and after the cut
LEAST_MONTHS = 3
HELD = 3  # one of so many months is held out
FOLDS = 5
BINS = 8
CALIBRATED = MAIN // STEP  # steps by which the line is drawn
NEAR = 3  # steps over which a customer's reasons are told
OUT = 1e-6  # the spread of a coefficient that is held at 0
DIGITS = 8  # of what is kept of a coefficient
SEED = 20_240_601
LINE = ((0.0, 1.0, 0.0), (1.0, 0.5, 0.25))  # believed of constant, slope and later steps, and how firmly


@dataclass(frozen=True)
class Bin:
    """Customers told about the same: how many left of them, against what was told; with the 95 % interval."""

    rows: int
    told: float
    left: int
    low: float
    high: float


@dataclass(frozen=True)
class Judged:
    """How well months not seen were told. `auc` with its interval, None where too few left."""

    rows: int
    lost: int
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    bins: Sequence[Bin] = ()
    line: tuple[float, float, float] = (0.0, 1.0, 0.0)

    @property
    def evidence(self) -> bool:
        """Whether it told better than chance."""
        return self.low is not None and self.low > 0.5


@dataclass(frozen=True)
class Learned:
    """What learning came to; `definition` is empty where nothing is claimed."""

    state: str
    rows: int
    customers: int
    lost: int
    months: int
    judged: Judged
    definition: Mapping[str, Any]


def learn(day: dt.date) -> Learned:
    """Learn from what is known at the end of a day."""
    found = panel.read(day)
    return learned(found, features.of_card(cards.in_force([day])[0], found.rows))


def learned(found: Panel, read: Features) -> Learned:
    """Learn from customer-months and what became of them."""
    counts = {
        "rows": len(found.gone),
        "customers": len(set(found.rows.customer.tolist())),
        "lost": found.lost,
        "months": len(set(found.rows.day.tolist())),
    }
    judged = judge(found, read) if counts["lost"] >= LEAST_LOST else Judged(0, 0)
    if judged.auc is None:
        return Learned(RiskModel.State.LITTLE, **counts, judged=judged, definition={})
    if not judged.evidence:
        return Learned(RiskModel.State.NONE, **counts, judged=judged, definition={})
    weights, means = _fitted(found, read)
    year = found.only(found.known * STEP >= MAIN)
    definition = {
        **read.plain(),
        "names": read.names,
        "weights": weights.round(DIGITS).tolist(),
        "means": means.round(DIGITS).tolist(),
        "line": [round(one, DIGITS) for one in judged.line],
        "usual": round(float(year.left_within(MAIN).mean()), DIGITS),
    }
    return Learned(RiskModel.State.USED, **counts, judged=judged, definition=definition)


def judge(found: Panel, read: Features) -> Judged:
    """Tell months held out by a model that had not seen them, and compare."""
    import numpy as np

    days = sorted(set(found.rows.day[found.rows.day + MAIN <= found.until].tolist()))
    if len(days) < LEAST_MONTHS:
        return Judged(0, 0)
    cut = days[-max(1, len(days) // HELD)]
    before = found.as_of(cut)
    held = found.only((found.rows.day >= cut) & (found.rows.day + STEP <= found.until) & ~found.rows.noticed)
    whole = held.rows.day + MAIN <= held.until
    left = held.left_within(MAIN)
    lost = len(set(held.rows.customer[whole & left].tolist()))
    if before.lost < LEAST_EACH or lost < LEAST_EACH:
        return Judged(int(whole.sum()), lost)
    odds = read.odds(held.rows, _fitted(before, read)[0])
    told = within(_hazards_across(held, odds))[:, CALIBRATED - 1]
    score, gone, customer = -told[whole], left[whole], held.rows.customer[whole]
    draws = backtest.draws(score, gone, customer, np.random.default_rng(SEED))
    low, high = (float(one) for one in np.percentile(draws, [2.5, 97.5]))
    return Judged(
        int(whole.sum()),
        lost,
        backtest.auc(score, gone),
        low,
        high,
        bins(-score, gone),
        line(held, odds),
    )


def line(held: Panel, odds: "Column") -> tuple[float, float, float]:
    """Return constant, slope and change by the logarithm of the step that set log-odds (n × 12) right."""
    import numpy as np

    known, left_in = held.known, held.left_in
    rows, left = [], []
    for step in range(1, CALIBRATED + 1):
        mine = np.flatnonzero((known >= step) & (left_in >= step))
        rows.append(
            np.stack([np.ones(len(mine)), odds[mine, step - 1], np.full(len(mine), np.log(step))], axis=1)
        )
        left.append(left_in[mine] == step)
    happened = np.concatenate(left)
    found = fit(
        np.vstack(rows),
        happened,
        believed=np.array(LINE[0]),
        spread=np.array(LINE[1]),
        weight=_weight(held, happened),
    )
    return float(found[0]), float(max(found[1], 0.0)), float(found[2])


def hazards(odds: "Column", drawn: Sequence[float]) -> "Column":
    """Return the probabilities of leaving in each step from log-odds, set right by a line."""
    import numpy as np

    steps = np.log(np.arange(1, STEPS + 1))
    return chance(drawn[0] + drawn[1] * odds + drawn[2] * steps)


def within(hazard: "Column") -> "Column":
    """Return the probabilities of having left by the end of each step, from those of each step."""
    import numpy as np

    found: Column = 1 - np.cumprod(1 - hazard, axis=1)
    return found


def bins(told: "Column", left: "Column") -> list[Bin]:
    """Return rows in order of what was told of them, in parts of the same size."""
    import numpy as np

    order = np.argsort(told, kind="stable")
    found = []
    for part in np.array_split(order, BINS):
        if len(part):
            gone = int(left[part].sum())
            low, high = statistics.wilson(gone, len(part)) or (0.0, 1.0)
            mean = round(float(told[part].mean()), 6)
            found.append(Bin(len(part), mean, gone, round(float(low), 6), round(float(high), 6)))
    return found


def plain(judged: Judged) -> list[dict[str, Any]]:
    """Return the calibration as plain data."""
    return [asdict(one) for one in judged.bins]


def _fitted(found: Panel, read: Features) -> tuple["Column", "Column"]:
    """Return the coefficients, and the columns' means over the first steps.

    No factor may make leaving likelier by being better: one that would is left out, and the others are fitted again.
    """
    import numpy as np

    columns, left, step, _places = found.stacked(read)
    spread, of_factors = read.spread, read.of_factors
    while True:
        weights = fit(columns, left, believed=read.believed, spread=spread, weight=_weight(found, left))
        wrong = of_factors & (weights > 0) & (spread > OUT)
        if not wrong.any():
            break
        spread = np.where(wrong, OUT, spread)
    return np.where(spread == OUT, 0.0, weights), columns[step <= NEAR].mean(axis=0)


def _weight(found: Panel, left: "Column") -> float:
    """Return how much a step counts: one loss is seen from several month ends, and is one loss all the same."""
    return found.lost / max(int(left.sum()), found.lost, 1)


def _hazards_across(held: Panel, odds: "Column") -> "Column":
    """Return hazards set right by lines drawn through the other customers."""
    import numpy as np

    names, places = np.unique(held.rows.customer, return_inverse=True)
    fold = np.random.default_rng(SEED).permutation(np.arange(len(names)) % FOLDS)[places]
    found = np.zeros_like(odds)
    for n in range(FOLDS):
        mine = fold == n
        found[mine] = hazards(odds[mine], line(held.only(~mine), odds[~mine]))
    return found
