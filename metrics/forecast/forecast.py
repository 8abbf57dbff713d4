"""The MRR in three, six and twelve months (of thirty days), with the band that holds it four times out of five.

Of the customers that pay today: what they pay, less what is expected to leave (each customer's MRR × its own
probability, the renewals due among them named apart), less contraction, plus expansion, both at the pace of the last
twelve months. Customers to come are added at last year's pace, apart, because nothing is known of them.

The band is worked out, not drawn by lot: leaving or staying is one coin a customer, the level of the probabilities is
as sure as the losses it was learned from, and the pace of a month differs as the months of the last year did.
"""

import datetime as dt
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from customers.models import Customer
from metrics.forecast import reading
from metrics.forecast.reading import HORIZONS, MONTH, Base, Month

__all__ = ["HORIZONS", "Band", "Forecast", "Told", "forecast", "told"]

LEAST_MONTHS = 6
REACH = 1.2815515655446004  # standard deviations on either side that hold 80 %


@dataclass(frozen=True)
class Band:
    """An expected amount and where it lies four times out of five; cents."""

    expected: int
    low: int
    high: int

    def holds(self, amount: int) -> bool:
        """Tell whether an amount lies in it."""
        return self.low <= amount <= self.high


@dataclass(frozen=True)
class Told:
    """The MRR after so many days, in cents. `base`: of today's customers; `total`: with those to come.

    base = opening − leaves − contraction + expansion; of what leaves, `due_leaves` is at the `due` renewals.
    """

    days: int
    opening: int
    leaves: int
    due: int
    due_mrr: int
    due_leaves: int
    contraction: int
    expansion: int
    base: Band
    new: int
    total: Band

    @property
    def months(self) -> int:
        """How many months ahead."""
        return self.days // MONTH


@dataclass(frozen=True)
class Forecast:
    """A forecast made at the end of a day; `horizons` is empty where the history is too short (`months` of it).

    `own`: by each customer's own risk, else by the rate at which customers left in the past.
    """

    day: dt.date
    customers: int
    mrr: int
    own: bool
    months: int
    horizons: Sequence[Told]
    past: Sequence[Month]

    @property
    def enough(self) -> bool:
        """Whether anything is claimed."""
        return bool(self.horizons)


def forecast(day: dt.date, customers: QuerySet[Customer] | None = None) -> Forecast:
    """Return the forecast of the end of a day, by what was known then, of these customers or of all."""
    base = reading.read(day, customers)
    enough = len(base.months) >= LEAST_MONTHS
    horizons = [told(base, days) for days in HORIZONS] if enough else []
    return Forecast(day, base.customers, base.mrr, base.own, len(base.months), horizons, base.months)


def told(base: Base, days: int) -> Told:
    """Return what is expected after so many days; at least two months of movements must be known."""
    ahead, n = base.ahead[days], days / MONTH
    stays = max(base.mrr - ahead.leaves / 2, 0.0)  # what is there to move, in the middle of the time
    up = _pace([one.expansion / one.opening for one in base.months if one.opening > 0])
    down = _pace([one.contraction / one.opening for one in base.months if one.opening > 0])
    net = _pace([(one.expansion - one.contraction) / one.opening for one in base.months if one.opening > 0])
    new = _pace([float(one.new) for one in base.months])
    moves = stays**2 * _drift(net, n, len(base.months))
    level = ahead.leaves**2 / max(base.sure, 1.0)
    expansion, contraction = stays * up[0] * n, stays * down[0] * n
    middle = base.mrr - ahead.leaves + expansion - contraction
    of_base = math.sqrt(ahead.spread + level + moves)
    of_total = math.sqrt(ahead.spread + level + moves + _drift(new, n, len(base.months)))
    comes = new[0] * n
    return Told(
        days=days,
        opening=base.mrr,
        leaves=round(ahead.leaves),
        due=ahead.due,
        due_mrr=ahead.due_mrr,
        due_leaves=round(ahead.due_leaves),
        contraction=round(contraction),
        expansion=round(expansion),
        base=_band(middle, of_base),
        new=round(comes),
        total=_band(middle + comes, of_total),
    )


def _pace(months: Sequence[float]) -> tuple[float, float]:
    """Return mean and standard deviation of a month."""
    if not months:
        return 0.0, 0.0
    return statistics.fmean(months), statistics.stdev(months) if len(months) > 1 else 0.0


def _drift(pace: tuple[float, float], n: float, seen: int) -> float:
    """Return the variance of the sum of `n` months of a pace whose mean was learned from `seen` of them."""
    return pace[1] ** 2 * (n + n * n / max(seen, 1))


def _band(middle: float, deviation: float) -> Band:
    reach = REACH * deviation
    return Band(round(middle), max(0, round(middle - reach)), round(middle + reach))
