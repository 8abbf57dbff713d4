"""What a playbook changed: customers that got it against comparable ones that did not. Pure: numbers in, numbers out.

Each that got it is compared with the `PAIRS` nearest others of its cell (segment × stage), near in score, tenure and
log MRR, each measured in standard deviations; the difference that nearness leaves is taken out by a linear regression
among the compared (Abadie and Imbens 2011, "Bias-Corrected Matching Estimators for Average Treatment Effects"). The
variance is theirs for the effect on those that got it, with the same customer compared several times counted as such
(Abadie and Imbens 2006). Customers held back by lot are compared as they are: the difference of the two means with
Welch's interval.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]

PAIRS = 3
LEAST = 20  # that got it; fewer, or fewer compared ones, and nothing is claimed
SURE = 0.95


@dataclass(frozen=True)
class Group:
    """Customers with what they are compared by and what became of them.

    `cells`: any key of segment and stage; `by`: one row each of score, tenure and log MRR; `came`: the outcome;
    `weights`: how much each counts (the MRR for a share of MRR), all 1 where left out.
    """

    cells: NDArray[np.int64]
    by: Numbers
    came: Numbers
    weights: Numbers | None = None

    def __len__(self) -> int:
        return len(self.came)


@dataclass(frozen=True)
class Effect:
    """The difference with its 95 % interval: `got` and `compared` are the two means, `n` and `others` how many.

    `is_known`: the interval leaves zero out. None in place of all of it: too few to say anything.
    """

    difference: float
    low: float
    high: float
    got: float
    compared: float
    n: int
    others: int

    @property
    def is_known(self) -> bool:
        """Whether there is evidence of a change, in either direction."""
        return self.low > 0 or self.high < 0


def matched(got: Group, others: Group, pairs: int = PAIRS) -> Effect | None:
    """Return the effect on those that got it, by matching; None where fewer than 20 find a comparable customer."""
    if len(got) < LEAST or len(others) < LEAST:
        return None
    near = _neighbours(got, others, pairs)
    kept = np.array([len(found) > 0 for found in near], dtype=bool)
    if kept.sum() < LEAST:
        return None
    rows = [found for found in near if len(found)]
    weights = (np.ones(len(got)) if got.weights is None else got.weights)[kept]
    if weights.sum() <= 0:
        return None
    used = np.unique(np.concatenate(rows))
    slopes, spread = _regression(others, used)
    by, came = got.by[kept], got.came[kept]
    instead = np.array(
        [
            np.mean(others.came[found] + (mine - others.by[found]) @ slopes)
            for mine, found in zip(by, rows, strict=True)
        ]
    )
    differences = came - instead
    total = weights.sum()
    effect = float(differences @ weights / total)
    variance = float((weights**2) @ ((differences - effect) ** 2)) / total**2
    variance += _shared(rows, weights, len(others)) * spread / total**2
    return _effect(
        effect, math.sqrt(variance), float(came @ weights / total), int(kept.sum()), len(used), degrees=None
    )


def by_lot(got: Group, others: Group) -> Effect | None:
    """Return the effect against customers held back by lot; None with fewer than 20 in either group."""
    if len(got) < LEAST or len(others) < LEAST:
        return None
    means, errors, counts = [], [], []
    for group in (got, others):
        weights = np.ones(len(group)) if group.weights is None else group.weights
        if weights.sum() <= 0:
            return None
        share = weights / weights.sum()
        mean = float(share @ group.came)
        means.append(mean)
        errors.append(float((share**2) @ ((group.came - mean) ** 2)) * len(group) / (len(group) - 1))
        counts.append(len(group))
    variance = sum(errors)
    below = sum(error**2 / (n - 1) for error, n in zip(errors, counts, strict=True))
    degrees = variance**2 / below if below else float(min(counts) - 1)
    return _effect(means[0] - means[1], math.sqrt(variance), means[0], counts[0], counts[1], degrees=degrees)


def _effect(
    difference: float, error: float, got: float, n: int, others: int, *, degrees: float | None
) -> Effect:
    times = stats.t.ppf(0.5 + SURE / 2, n - 1 if degrees is None else degrees)
    half = float(times) * error
    return Effect(difference, difference - half, difference + half, got, got - difference, n, others)


def _neighbours(got: Group, others: Group, pairs: int) -> list[NDArray[np.int64]]:
    """Return for each that got it the places of its nearest others in the same cell; none where there are too few."""
    scale = np.vstack([got.by, others.by]).std(axis=0)
    scale[scale == 0] = 1.0
    mine, theirs = got.by / scale, others.by / scale
    found: list[NDArray[np.int64]] = []
    by_cell = {cell: np.flatnonzero(others.cells == cell) for cell in np.unique(got.cells)}
    for place, cell in enumerate(got.cells):
        there = by_cell[cell]
        if len(there) < pairs:
            found.append(np.array([], dtype=np.int64))
            continue
        far = ((theirs[there] - mine[place]) ** 2).sum(axis=1)
        found.append(there[np.argpartition(far, pairs - 1)[:pairs]])
    return found


def _regression(others: Group, used: NDArray[np.int64]) -> tuple[Numbers, float]:
    """Return how the outcome goes with score, tenure and MRR among the compared, and the variance that is left."""
    by, came = others.by[used], others.came[used]
    columns = np.column_stack([np.ones(len(used)), by])
    fitted, *_rest = np.linalg.lstsq(columns, came, rcond=None)
    left = came - columns @ fitted
    degrees = max(len(used) - columns.shape[1], 1)
    return np.asarray(fitted[1:], dtype=np.float64), float(left @ left) / degrees


def _shared(rows: list[NDArray[np.int64]], weights: Numbers, size: int) -> float:
    """Return by how much the variance grows because some were compared with several: Σⱼ((Σᵢ wᵢ/M)² − Σᵢ(wᵢ/M)²)."""
    sums, squares = np.zeros(size), np.zeros(size)
    for weight, found in zip(weights, rows, strict=True):
        part = weight / len(found)
        sums[found] += part
        squares[found] += part**2
    return float((sums**2 - squares).sum())
