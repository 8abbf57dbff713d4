"""Would a scorecard have told who leaves? Scores of past month ends against what happened in the next 90 days.

METRICS.md, Health. Outcomes count only once they are known: a month end is used when 90 days have passed since.
With fewer than 30 customers that left nothing is claimed.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.health.bands import Band
from metrics.health.configuration import Configuration
from metrics.health.facts import NONE
from metrics.health.preview import Stored, joined, only, scored, stored
from metrics.models import HealthInput
from metrics.periods import add_months

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

HORIZON = dt.timedelta(days=90)
MONTHS = 24
LEAST_LOST = 30
DRAWS = 200
STEPS = 11  # of the gains: every tenth
WARNED = (60, 90)  # days before leaving at which a warning must have been there


@dataclass(frozen=True)
class Outcome:
    """Stored month ends with what became of them: `left` within 90 days."""

    rows: Stored
    left: "Column"
    months: int


@dataclass(frozen=True)
class Verdict:
    """How well a scorecard told who leaves; None where there is nothing to tell it by.

    `auc`: the chance that one that left scored lower than one that stayed, with its 95 % interval by customers drawn
    again; `churn`: share that left, by band; `lift`: that of red over that of all; `warned`: share of those that left
    that were not green 60 to 90 days before; `monotone`: red loses more than yellow, yellow more than green; `gains`:
    the share of all that left among the lowest 0, 10 … 100 % of the scores.
    """

    rows: int
    lost: int
    months: int
    auc: float | None
    low: float | None
    high: float | None
    churn: dict[str, tuple[int, int]]
    lift: float | None
    warned: float | None
    monotone: bool | None
    gains: tuple[float, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether enough customers left to say anything."""
        return self.lost >= LEAST_LOST

    @property
    def evidence(self) -> bool:
        """Whether the score told better than chance: the interval lies above one half."""
        return self.enough and self.low is not None and self.low > 0.5


def month_ends(last_night: dt.date) -> list[dt.date]:
    """Return the month ends up to 24 months back whose 90 days are over and whose inputs are kept, in order."""
    first_of_month = last_night.replace(day=1)
    ends = [add_months(first_of_month, -n) - dt.timedelta(days=1) for n in range(MONTHS)]
    ends = [day for day in ends if day + HORIZON <= last_night]
    return sorted(
        HealthInput.objects.filter(day__in=ends).order_by().values_list("day", flat=True).distinct()
    )


def outcomes(
    last_night: dt.date,
    *,
    cell: tuple[str, str] = ("", ""),
    tell: Callable[[float], None] = lambda share: None,
) -> Outcome:
    """Return the stored month ends up to 24 months back whose 90 days are over, of customers that paid then.

    One month after the other, so that the memory needed does not grow with their number; `tell` hears how far it is.
    """
    import numpy as np

    days = month_ends(last_night)
    if not days:
        return Outcome(stored([dt.date.min], cell=cell), np.zeros(0, dtype=bool), 0)
    months = []
    for n, day in enumerate(days):
        rows = stored([day], cell=cell)
        months.append(only(rows, rows.mrr > 0))
        tell((n + 1) / len(days))
    rows = joined(months)
    return Outcome(rows, _left(rows, _lost(days[0], last_night)), len(days))


def _left(rows: Stored, lost: dict[int, list[int]]) -> "Column":
    """Return which rows' customers left within 90 days after their day."""
    import numpy as np

    left = np.zeros(len(rows.customer), dtype=bool)
    for n in np.flatnonzero(np.isin(rows.customer, list(lost))):
        day = int(rows.day[n])
        left[n] = any(day < gone <= day + HORIZON.days for gone in lost[int(rows.customer[n])])
    return left


def verdict(found: Outcome, card: Configuration, *, seed: int = 1) -> Verdict:
    """Return how well a scorecard would have told who leaves."""
    return judged(found, *scored(found.rows, card), seed=seed)


def judged(found: Outcome, value: "Column", band: "Column", *, seed: int = 1) -> Verdict:
    """Return how well scores and bands told who left."""
    import numpy as np

    known = value != NONE
    lost_customers = len(set(found.rows.customer[found.left].tolist()))
    churn = {one.key: (int((found.left & (band == one)).sum()), int((band == one).sum())) for one in Band}
    total, gone = len(found.left), int(found.left.sum())
    if lost_customers < LEAST_LOST:
        return Verdict(total, lost_customers, found.months, None, None, None, churn, None, None, None)
    told = auc(value[known], found.left[known])
    low, high = _interval(
        value[known], found.left[known], found.rows.customer[known], np.random.default_rng(seed)
    )
    red_left, red = churn["red"]
    base = gone / total
    shares = [churn[one][0] / churn[one][1] for one in ("red", "yellow", "green") if churn[one][1]]
    return Verdict(
        total,
        lost_customers,
        found.months,
        told,
        low,
        high,
        churn,
        (red_left / red) / base if red and base else None,
        _warned(found, band),
        all(a >= b for a, b in pairwise(shares)) if len(shares) > 1 else None,
        gains(value[known], found.left[known]),
    )


def gains(score: "Column", left: "Column") -> tuple[float, ...]:
    """Return the share of those that left among the lowest 0, 10 … 100 % of the scores; like scores share theirs."""
    import numpy as np

    if not left.any():
        return ()
    _values, places, counts = np.unique(score, return_inverse=True, return_counts=True)
    ends = np.concatenate([[0], np.cumsum(counts)])
    gone = np.concatenate([[0], np.cumsum(np.bincount(places, weights=left, minlength=len(counts)))])
    at = np.linspace(0, len(score), STEPS)
    return tuple(round(float(share), 4) for share in np.interp(at, ends, gone / gone[-1]))


def _warned(found: Outcome, band: "Column") -> float | None:
    """Return the share of losses whose month end 60 to 90 days before was known and not green."""
    import numpy as np

    lost = _lost(dt.date.fromordinal(int(found.rows.day.min())), dt.date.max) if len(found.rows.day) else {}
    seen = warned = 0
    days, customers = found.rows.day, found.rows.customer
    for n in np.flatnonzero(found.left):
        ahead = [gone - int(days[n]) for gone in lost.get(int(customers[n]), ()) if gone > days[n]]
        if ahead and WARNED[0] <= min(ahead) <= WARNED[1] and band[n] != Band.UNKNOWN:
            seen += 1
            warned += band[n] != Band.GREEN
    return float(warned / seen) if seen else None


def auc(score: "Column", left: "Column") -> float | None:
    """Return the chance that a row that left scores lower than one that stayed, ties counting half."""
    import numpy as np

    gone, stayed = int(left.sum()), int((~left).sum())
    if not gone or not stayed:
        return None
    values, places, counts = np.unique(score, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = ends - (counts - 1) / 2
    of_gone = float(ranks[places][left].sum())
    return 1 - (of_gone - gone * (gone + 1) / 2) / (gone * stayed) if len(values) else None


def _interval(
    score: "Column", left: "Column", customer: "Column", chance: "np.random.Generator"
) -> tuple[float | None, float | None]:
    """Return the 95 % interval of the AUC."""
    import numpy as np

    found = draws(score, left, customer, chance)
    if len(found) < DRAWS // 2:
        return None, None
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def draws(score: "Column", left: "Column", customer: "Column", chance: "np.random.Generator") -> list[float]:
    """Return the AUC of 200 draws: customers, not rows, are drawn again, because their months are alike."""
    import numpy as np

    order = np.argsort(score, kind="stable")
    ordered, gone = score[order], left[order]
    names, places = np.unique(customer[order], return_inverse=True)
    first = np.searchsorted(ordered, ordered[gone], side="left")
    last = np.searchsorted(ordered, ordered[gone], side="right")
    found = []
    for _n in range(DRAWS):
        times = np.bincount(chance.integers(0, len(names), len(names)), minlength=len(names))[places]
        stayed = np.concatenate([[0], np.cumsum(np.where(gone, 0, times))])
        weights = times[gone]
        pairs = weights.sum() * stayed[-1]
        if pairs:
            above = stayed[-1] - stayed[last] + (stayed[last] - stayed[first]) / 2
            found.append(float((weights * above).sum() / pairs))
    return found


def _lost(first: dt.date, last: dt.date) -> dict[int, list[int]]:
    """Return by customer the days (ordinals) on which all its MRR was lost."""
    rows = sql.tuples(
        "SELECT customer_id, day FROM metrics_customerday"
        " WHERE day BETWEEN %(first)s AND %(last)s AND NOT (mrr_cents = opening_mrr_cents) AND mrr_churn_cents > 0",
        {"first": sql.date(first), "last": sql.date(last)},
    )
    found: dict[int, list[int]] = {}
    for customer, day in rows:
        found.setdefault(customer, []).append(sql.as_day(day).toordinal())
    return found
