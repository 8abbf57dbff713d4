"""The success gap, calculated: what is due by a day, what was reached, and how far the views lie apart.

Follows METRICS.md, Onboarding and value. Imports no model. Values are exact fractions: shares of 1, gaps in percentage
points (share × 100). A target may lie below the baseline (cost, time): the way from one to the other is what counts.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

MOST = Fraction(3, 2)  # more than one and a half times the promise tells nothing more
ENOUGH = Fraction(1, 2)  # the share of weight that must be confirmed before a plan has a total
Value = Decimal | Fraction | int


@dataclass(frozen=True)
class Way:
    """The way an objective goes: from the baseline on one day to the target on another.

    Raises ValueError, in words for people, where there is no way to go or no time to go it.
    """

    baseline: Fraction
    target: Fraction
    starts_on: dt.date
    due_on: dt.date

    def __post_init__(self) -> None:
        if self.baseline == self.target:
            raise ValueError(_("Baseline and target are the same: there is nothing to reach."))
        if self.due_on <= self.starts_on:
            raise ValueError(_("The due day must come after the start."))

    def share_due(self, day: dt.date) -> Fraction:
        """Return the share of the way that is due by a day, 0 to 1."""
        share = Fraction((day - self.starts_on).days, (self.due_on - self.starts_on).days)
        return min(max(share, Fraction(0)), Fraction(1))

    def expected(self, day: dt.date) -> Fraction:
        """Return the expectation line on a day, in the objective's unit."""
        return self.baseline + (self.target - self.baseline) * self.share_due(day)

    def attainment(self, value: Value) -> Fraction:
        """Return the share of the way that a value has gone, 0 to 1.5."""
        share = (Fraction(value) - self.baseline) / (self.target - self.baseline)
        return min(max(share, Fraction(0)), MOST)


@dataclass(frozen=True)
class Standing:
    """An objective on a day: its weight, the share due, and the two attained shares that are never mixed.

    `customer` None: the customer never confirmed it. `ours` None: nobody measured or assessed it.
    """

    weight: Fraction
    due: Fraction
    customer: Fraction | None = None
    ours: Fraction | None = None

    @property
    def value_gap(self) -> Fraction | None:
        """What the customer has against what is due, in points; below zero: it has less."""
        return None if self.customer is None else (self.customer - self.due) * 100

    @property
    def perception_gap(self) -> Fraction | None:
        """What we believe against what the customer confirms, in points."""
        if self.customer is None or self.ours is None:
            return None
        return (self.ours - self.customer) * 100


@dataclass(frozen=True)
class Total:
    """A plan on a day. Without half of the weight `confirmed` by the customer it has no attainment and no gaps."""

    confirmed: Fraction
    due: Fraction | None = None
    customer: Fraction | None = None
    ours: Fraction | None = None
    value_gap: Fraction | None = None
    perception_gap: Fraction | None = None


def total(standings: Sequence[Standing]) -> Total:
    """Return a plan's total: means weighted by the objectives' weights, each over those that have a value.

    Objectives the customer never confirmed are left out of its attainment and of both gaps.
    """
    whole = sum((one.weight for one in standings), Fraction(0))
    if not whole:
        return Total(confirmed=Fraction(0))
    said = [one for one in standings if one.customer is not None]
    confirmed = sum((one.weight for one in said), Fraction(0)) / whole
    told = Total(
        confirmed=confirmed,
        due=_mean([(one.weight, one.due) for one in standings]),
        ours=_mean([(one.weight, one.ours) for one in standings]),
    )
    if confirmed < ENOUGH:
        return told
    return Total(
        confirmed=confirmed,
        due=told.due,
        ours=told.ours,
        customer=_mean([(one.weight, one.customer) for one in said]),
        value_gap=_mean([(one.weight, one.value_gap) for one in said]),
        perception_gap=_mean([(one.weight, one.perception_gap) for one in said]),
    )


def portfolio(totals: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Return the mean of customers' values, each with its weight: their MRR, or 1 by head; None: not known."""
    return _mean(totals)


def one_voice(said: Sequence[Value]) -> Fraction | None:
    """Return what a customer says with several voices: the plain mean of what each said last."""
    return sum((Fraction(value) for value in said), Fraction(0)) / len(said) if said else None


def _mean(pairs: Sequence[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    known = [(weight, value) for weight, value in pairs if value is not None]
    whole = sum((weight for weight, _value in known), Fraction(0))
    return sum((weight * value for weight, value in known), Fraction(0)) / whole if whole else None
