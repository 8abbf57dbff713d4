"""Weights that would have told best who leaves, as a proposal: logistic loss with weights ≥ 0, cross-validated.

Each factor's score enters by how far it lies from the mean, times how fresh it is, so that what is not known pulls
nowhere. The loss of "left within 90 days" is made least by a bounded quasi-Newton search (scipy's L-BFGS-B), with a
ridge whose strength is chosen on customers held out. What is promised is measured on customers held out as well: the
scorecard with weights learned from the others, against the one in force. No more than 200 000 customer-months are
read; with fewer than 30 customers that left nothing is proposed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from metrics.health import backtest, configuration, vectors
from metrics.health.backtest import Outcome, Verdict
from metrics.health.configuration import Configuration
from metrics.health.facts import NONE
from metrics.health.preview import only, scored
from metrics.health.rounding import adding_up

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

MOST_ROWS = 200_000
FOLDS = 5
RIDGES = (0.001, 0.01, 0.1)
WHOLE = 10_000  # hundredths: the weights proposed sum to 100
SEED = 20_240_601


@dataclass(frozen=True)
class Suggestion:
    """A proposal: `weights` by factor in hundredths that sum to 100, empty where nothing is proposed.

    `now` and `then`: how the card in force and the proposed weights told who leaves, among customers that the weights
    were not learned from. `better`: the proposal's AUC is higher by more than its uncertainty among the same rows.
    """

    rows: int
    lost: int
    weights: Mapping[str, int]
    now: Verdict | None
    then: Verdict | None
    better: bool

    @property
    def enough(self) -> bool:
        """Whether enough customers left to propose anything."""
        return self.lost >= backtest.LEAST_LOST


def suggest(
    found: Outcome,
    definition: Mapping[str, Any],
    cell: str,
    *,
    tell: Callable[[float], None] = lambda share: None,
) -> Suggestion:
    """Return the weights proposed for the factors of a definition's cell; `tell` hears how far it is (0 … 1)."""
    import numpy as np

    chance = np.random.default_rng(SEED)
    found = sample(found, chance)
    lost = len(set(found.rows.customer[found.left].tolist()))
    card = configuration.configuration(definition)
    if lost < backtest.LEAST_LOST:
        return Suggestion(len(found.left), lost, {}, None, None, better=False)
    names, places = np.unique(found.rows.customer, return_inverse=True)
    fold = _folds(found.left, places, len(names), chance)
    columns = _columns(found, card)
    ridge, steps = RIDGES[0], len(RIDGES) * FOLDS + FOLDS + 1
    losses = []
    for n, one in enumerate(RIDGES):
        loss = 0.0
        for k in range(FOLDS):
            learn = fold != k
            fitted = fit(columns[learn], found.left[learn], one)
            loss += _loss(columns[~learn], found.left[~learn], fitted) * int((~learn).sum())
            tell((n * FOLDS + k + 1) / steps)
        losses.append(loss)
    ridge = RIDGES[int(np.argmin(losses))]
    value, band = _held_out(found, definition, cell, columns, fold, ridge, card)
    tell((steps - 1) / steps)
    weights = _whole(card.factors, fit(columns, found.left, ridge)[:-1])
    now = backtest.verdict(found, card)
    then = backtest.judged(found, value, band)
    return Suggestion(len(found.left), lost, weights, now, then, better=_better(found, card, value))


def with_weights(definition: Mapping[str, Any], cell: str, weights: Mapping[str, int]) -> dict[str, Any]:
    """Return the definition with these weights (hundredths) in a cell."""
    cells = {name: {key: dict(one) for key, one in of.items()} for name, of in definition["cells"].items()}
    of_cell = cells.setdefault(cell, {})
    for key, weight in weights.items():
        of_cell[key] = of_cell.get(key, {}) | {"weight": weight}
    return {**definition, "cells": cells}


def sample(found: Outcome, chance: "np.random.Generator") -> Outcome:
    """Return at most 200 000 rows, whole customers drawn by chance."""
    import numpy as np

    if len(found.left) <= MOST_ROWS:
        return found
    names, places, counts = np.unique(found.rows.customer, return_inverse=True, return_counts=True)
    order = chance.permutation(len(names))
    kept = np.zeros(len(names), dtype=bool)
    kept[order[np.cumsum(counts[order]) <= MOST_ROWS]] = True
    wanted = kept[places]
    return replace(found, rows=only(found.rows, wanted), left=found.left[wanted])


def fit(columns: "Column", left: "Column", ridge: float) -> "Column":
    """Return weights ≥ 0 of the columns, and the constant last, that make the loss of leaving least."""
    import numpy as np
    from scipy.optimize import minimize

    sign = np.where(left, 1.0, -1.0)
    count = columns.shape[1]

    def loss(at: "Column") -> tuple[float, "Column"]:
        weights, constant = at[:-1], at[-1]
        margin = sign * (constant - columns @ weights)
        value = np.logaddexp(0, -margin).mean() + ridge * (weights @ weights)
        slope = -sign / (1 + np.exp(np.clip(margin, -500, 500))) / len(sign)
        return value, np.append(-(columns.T @ slope) + 2 * ridge * weights, slope.sum())

    share = min(max(float(left.mean()), 1e-6), 1 - 1e-6)
    start = np.append(np.full(count, 0.5), np.log(share / (1 - share)))
    bounds = [(0.0, None)] * count + [(None, None)]
    result: Column = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return result


def _columns(found: Outcome, card: Configuration) -> "Column":
    """Return a column for each factor: its score from the mean in hundreds, times its freshness; 0 where not known.

    Weights are set aside by asking a card in which every factor weighs the same.
    """
    import numpy as np

    even = {
        name: {key: {k: v for k, v in one.items() if k != "weight"} for key, one in of.items()}
        for name, of in card.cells.items()
    }
    for key in card.factors:
        even[""][key]["weight"] = WHOLE
    told = vectors.score(
        configuration.configuration({"factors": card.factors, "cells": even, "edges": {}}),
        found.rows.inputs,
        found.rows.segment,
        found.rows.stage,
    )
    columns = np.zeros((len(found.left), len(card.factors)))
    for n, key in enumerate(card.factors):
        score, weight = told.parts[key]
        known = weight > 0
        if known.any():
            mean = float((score[known] * weight[known]).sum() / weight[known].sum())
            columns[known, n] = (score[known] - mean) / WHOLE * weight[known] / WHOLE
    return columns * 10  # a weight of 1 is then worth a tenth of the scale, near what is found


def _loss(columns: "Column", left: "Column", fitted: "Column") -> float:
    import numpy as np

    margin = np.where(left, 1.0, -1.0) * (fitted[-1] - columns @ fitted[:-1])
    return float(np.logaddexp(0, -margin).mean())


def _folds(left: "Column", places: "Column", names: int, chance: "np.random.Generator") -> "Column":
    """Return the fold of every row: customers are split, those that left evenly."""
    import numpy as np

    gone = np.zeros(names, dtype=bool)
    gone[places[left]] = True
    fold = np.zeros(names, dtype=np.int64)
    for of in (gone, ~gone):
        keys = np.flatnonzero(of)
        fold[keys] = chance.permutation(np.arange(len(keys)) % FOLDS)
    return fold[places]


def _held_out(
    found: Outcome,
    definition: Mapping[str, Any],
    cell: str,
    columns: "Column",
    fold: "Column",
    ridge: float,
    card: Configuration,
) -> tuple["Column", "Column"]:
    """Return score and band of every row by weights learned from the customers of the other folds."""
    import numpy as np

    value = np.full(len(found.left), NONE, dtype=np.int64)
    band = np.zeros(len(found.left), dtype=np.int64)
    for k in range(FOLDS):
        mine = fold == k
        weights = _whole(card.factors, fit(columns[~mine], found.left[~mine], ridge)[:-1])
        if not weights:
            continue
        learned = configuration.configuration(with_weights(definition, cell, weights))
        value[mine], band[mine] = scored(only(found.rows, mine), learned)
    return value, band


def _whole(factors: Sequence[str], fitted: "Column") -> dict[str, int]:
    """Return weights in whole points that sum to 100, as hundredths; empty where no factor helps."""
    total = float(fitted.sum())
    if total <= 1e-9:
        return {}
    shares = {key: Fraction(float(one) * 100 / total) for key, one in zip(factors, fitted, strict=True)}
    return {key: points * 100 for key, points in adding_up(shares, 100).items()}


def _better(found: Outcome, card: Configuration, value: "Column") -> bool:
    """Tell whether the proposal tells better than the card in force in 95 of 100 draws of the same customers."""
    import numpy as np

    now, _band = scored(found.rows, card)
    known = (now != NONE) & (value != NONE)
    if not known.any():
        return False
    left, customer = found.left[known], found.rows.customer[known]
    seeds = (np.random.default_rng(SEED), np.random.default_rng(SEED))
    before, after = (
        backtest.draws(one[known], left, customer, seed)
        for one, seed in zip((now, value), seeds, strict=True)
    )
    return bool(before) and float(np.percentile(np.array(after) - np.array(before), 5)) > 0
