"""Logistic regression with a bell-shaped prior on every coefficient, by Newton's steps. Pure calculation.

The prior keeps a coefficient near what is believed before seeing data, the more so the less the data say, which is
what keeps a model of thirty lost customers from claiming much. The same rows in the same order give the same numbers,
on however many processors: products of matrices are summed in small pieces, which no library shares out.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

MOST_STEPS = 50
CLOSE = 1e-10
PIECE = 100  # rows
EDGE = 30.0  # log-odds beyond which a probability is 0 or 1 for every purpose


def fit(
    rows: "Column",
    happened: "Column",
    *,
    believed: "Column",
    spread: "Column",
    weight: float = 1.0,
) -> "Column":
    """Return the coefficients of `rows` (n × k) that make what happened most likely, given what is believed of them.

    `believed` and `spread` are the prior's mean and standard deviation for each column (an infinite spread: nothing
    is believed); every row counts `weight` times.
    """
    import numpy as np

    at = believed.astype(float).copy()
    share = min(max(float(happened.mean()), 1e-6), 1 - 1e-6) if len(happened) else 0.5
    at[np.isinf(spread)] = np.log(share / (1 - share))
    pull = np.where(np.isinf(spread), 0.0, 1 / np.square(spread))
    loss = _loss(rows, happened, at, believed, pull, weight)
    for _n in range(MOST_STEPS):
        told = chance(times(rows, at))
        slope = weight * times(rows.T, told - happened) + pull * (at - believed)
        bend = weight * _square(rows, told * (1 - told)) + np.diag(pull)
        step = np.linalg.solve(bend + np.eye(len(at)) * 1e-9, slope)
        size = 1.0
        while size > 1e-4:
            there = at - size * step
            better = _loss(rows, happened, there, believed, pull, weight)
            if better <= loss:
                break
            size /= 2
        else:
            break
        close = loss - better < CLOSE * (1 + abs(loss))
        at, loss = there, better
        if close:
            break
    return at


def chance(odds: "Column") -> "Column":
    """Return the probabilities of log-odds."""
    import numpy as np

    found: Column = 1 / (1 + np.exp(-np.clip(odds, -EDGE, EDGE)))
    return found


def log_odds(probability: "Column") -> "Column":
    """Return the log-odds of probabilities, cut at the edges."""
    import numpy as np

    inside = np.clip(probability, 1e-12, 1 - 1e-12)
    found: Column = np.clip(np.log(inside / (1 - inside)), -EDGE, EDGE)
    return found


def times(rows: "Column", vector: "Column") -> "Column":
    """Return the product of a matrix and a vector, summed in the same order everywhere."""
    import numpy as np

    found: Column = np.einsum("ij,j->i", rows, vector)
    return found


def _square(rows: "Column", weights: "Column") -> "Column":
    """Return the sum over rows of weight × row × row (k × k)."""
    import numpy as np

    found = np.zeros((rows.shape[1], rows.shape[1]))
    for start in range(0, len(rows), PIECE):
        piece = rows[start : start + PIECE]
        found += (piece * weights[start : start + PIECE, None]).T @ piece
    return found


def _loss(
    rows: "Column", happened: "Column", at: "Column", believed: "Column", pull: "Column", weight: float
) -> float:
    import numpy as np

    odds = np.clip(times(rows, at), -EDGE, EDGE)
    misses = np.logaddexp(0, np.where(happened, -odds, odds)).sum()
    return float(weight * misses + (pull * np.square(at - believed)).sum() / 2)
