"""Every revenue figure of METRICS.md a second time, in plain Python and in the document's own words: no SQL.

Money is in cents, rates are exact fractions, None is "not defined". `Life` is a customer with all its facts.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from tests.properties.oracle import DAY, MOVEMENTS, Story

Rate = Fraction | None
Histories = Mapping[str, Sequence[tuple[dt.date, str]]]


@dataclass(frozen=True)
class Term:
    """A contract `[start, end)`; `end` is the due day, `renews` the name of the one it renews."""

    name: str
    start: dt.date
    end: dt.date
    cents: int | None
    signed: dt.date | None
    renews: str

    def known(self, day: dt.date) -> bool:
        """Known from the signature, else from the start."""
        return (self.signed or self.start) <= day

    @property
    def monthly(self) -> Rate:
        """The value of the whole term by its months, every month having 30 days."""
        if self.cents is None:
            return None

        def count(day: dt.date) -> int:
            return (day.year * 12 + day.month) * 30 + min(day.day, 30)

        return Fraction(self.cents * 30, max(count(self.end) - count(self.start), 1))


@dataclass(frozen=True)
class Life:
    """A customer from `started` on: what it pays, its contracts, its payments, and what it was from a day on."""

    story: Story
    started: dt.date
    grace: int
    terms: Sequence[Term] = ()
    payments: Sequence[tuple[dt.date, int]] = ()
    histories: Histories = field(default_factory=dict)

    @cached_property
    def _mrr(self) -> dict[dt.date, int]:
        return {}

    @cached_property
    def _moved(self) -> dict[dt.date, tuple[str, int, int] | None]:
        return {}

    def mrr(self, day: dt.date) -> int:
        """What it pays a month at the end of a day."""
        if day not in self._mrr:
            self._mrr[day] = self.story.mrr(day, self.grace)
        return self._mrr[day]

    def moved(self, day: dt.date) -> tuple[str, int, int] | None:
        """What moved on a day: the movement, its cents, and the cents of it that are cross-sell."""
        if self.mrr(day) == self.mrr(day - DAY):
            return None
        if day not in self._moved:
            moved = self.story.movement(day, self.grace)
            self._moved[day] = moved and (*moved, self.story.cross_sell(day, self.grace))
        return self._moved[day]

    def part(self, by: str, first: dt.date) -> str:
        """The slice it belongs to in a period that begins on `first`."""
        day = max(first, self.started)
        told = sorted(self.histories.get(by, ()))
        held = [value for since, value in told if since <= day] or [value for _, value in told[:1]]
        return (held[-1] if held else "") or "none"


@dataclass(frozen=True)
class Company:
    """All customers, and what is told of the workspace."""

    lives: Sequence[Life]
    margin: Fraction
    costs: Mapping[dt.date, int]  # by the first day of the month
    as_of: dt.date

    def of(self, by: str | None, part: str | None, first: dt.date) -> list[Life]:
        """The customers of a slice in a period that begins on `first`."""
        return [life for life in self.lives if by is None or life.part(by, first) == part]


def share(part: int | Fraction, of: int | Fraction) -> Rate:
    """A rate; None over nothing."""
    return Fraction(part) / of if of else None


def figures(
    company: Company, first: dt.date, end: dt.date, by: str | None = None, part: str | None = None
) -> dict[str, Rate | int]:
    """Return every revenue figure of `[first, end)` by key, of the whole or of one part of a cut."""
    lives = company.of(by, part, first)
    eve, last = first - DAY, end - DAY
    days = [first + n * DAY for n in range((end - first).days)]
    cohort = [life for life in lives if life.mrr(eve)]
    opening, closing = sum(life.mrr(eve) for life in lives), sum(life.mrr(last) for life in lives)
    active = sum(life.mrr(last) > 0 for life in lives)
    moves = [moved for life in lives for day in days if (moved := life.moved(day))]
    sums = {name: sum(cents for kind, cents, _ in moves if kind == name) for name in MOVEMENTS}
    crossed = sum(cents for _, _, cents in moves)
    kept = sum(life.mrr(last) for life in cohort)
    floor = sum(min(life.mrr(eve), life.mrr(last)) for life in cohort)
    lost = sum(life.mrr(last) == 0 for life in cohort)
    won = sum(kind == "new" for kind, _, _ in moves)
    arpa = share(closing, active)
    cost = _cost(company, first, end) if by is None else None
    cac = None if cost is None else share(cost, won)
    earned = None if arpa is None else arpa * company.margin
    churn = _monthly_churn(company, end, by, part)
    ltv = earned / churn if earned is not None and churn else None
    paid = [cents for life in lives if (cents := sum(c for day, c in life.payments if day <= last)) > 0]
    return {
        "mrr": closing,
        "arr": 12 * closing,
        "active_customers": active,
        "arpa": arpa,
        **{f"mrr_{name}": cents for name, cents in sums.items()},
        "mrr_cross_sell": crossed,
        "mrr_upsell": sums["expansion"] - crossed,
        "customer_churn_rate": share(lost, len(cohort)),
        "customer_retention_rate": share(len(cohort) - lost, len(cohort)),
        "net_customer_growth": share(active - len(cohort), len(cohort)),
        "nrr": share(kept, opening),
        "grr": share(floor, opening),
        "net_mrr_churn_rate": share(opening - kept, opening),
        "gross_mrr_churn_rate": share(opening - floor, opening),
        "quick_ratio": share(
            sums["new"] + sums["expansion"] + sums["reactivation"], sums["contraction"] + sums["churn"]
        ),
        "ltv_historic": share(sum(paid), len(paid)),
        "ltv_predictive": ltv,
        **(
            {}
            if by
            else {
                "cac": cac,
                "ltv_cac": ltv / cac if ltv is not None and cac else None,
                "cac_payback_months": cac / earned if cac is not None and earned else None,
            }
        ),
    }


def month_before(first: dt.date) -> dt.date:
    """The first day of the month before."""
    return (first - DAY).replace(day=1)


def _cost(company: Company, first: dt.date, end: dt.date) -> int | None:
    """The cost of whole months that each have one."""
    if first.day != 1 or end.day != 1:
        return None
    cents, month = 0, end
    while month > first:
        month = month_before(month)
        if month not in company.costs:
            return None
        cents += company.costs[month]
    return cents


def _monthly_churn(company: Company, end: dt.date, by: str | None, part: str | None) -> Rate:
    """Plain mean of the customer churn of the six calendar months finished by closing, empty ones skipped."""
    rates, month_end = [], end.replace(day=1)
    for _ in range(6):
        month = month_before(month_end)
        cohort = [life for life in company.of(by, part, month) if life.mrr(month - DAY)]
        if cohort:
            rates.append(Fraction(sum(life.mrr(month_end - DAY) == 0 for life in cohort), len(cohort)))
        month_end = month
    return sum(rates, Fraction()) / len(rates) if rates else None


@dataclass(frozen=True)
class Renewed:
    """Renewals due: how many and of what monthly value, renewed and not decided yet."""

    due: int
    renewed: int
    undecided: int
    value_due: Fraction
    value_kept: Fraction
    value_open: Fraction


def renewals(
    company: Company, first: dt.date, end: dt.date, by: str | None = None, part: str | None = None
) -> Renewed:
    """Return how the renewals due in `[first, end)` went, as told at the end of the day looked at."""
    told = [
        _renewal(life, company.as_of, due)
        for life in company.of(by, part, first)
        for due in sorted({term.end for term in _known(life, company.as_of) if first <= term.end < end})
    ]
    return Renewed(
        due=len(told),
        renewed=sum(won for won, _, _, _ in told),
        undecided=sum(not won and open_ for won, open_, _, _ in told),
        value_due=_sum(old for _, _, old, _ in told),
        value_kept=_sum(
            min(new, old) for won, _, old, new in told if won and old is not None and new is not None
        ),
        value_open=_sum(old for _, open_, old, new in told if open_ and new is None),
    )


def _sum(values: Iterable[Rate]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction())


def _known(life: Life, as_of: dt.date) -> list[Term]:
    return [term for term in life.terms if term.known(as_of) and term.end > term.start]


def _renewal(life: Life, as_of: dt.date, due: dt.date) -> tuple[bool, bool, Rate, Rate]:
    """Tell of one due day: whether it is renewed, whether that is open, the old and the new monthly value."""
    terms = _known(life, as_of)
    ending = [term for term in terms if term.end == due]
    old = _values(ending)
    grace_end = due + 30 * DAY
    is_open = grace_end > as_of
    paid = Fraction(life.mrr(grace_end)) if not is_open else None
    names = {term.name for term in ending}
    follow = [term for term in terms if term.renews in names - {term.name}] or [
        term for term in terms if not term.renews and abs((term.start - due).days) <= 30 and term.end > due
    ]
    if follow:
        new = _values(follow)
        return True, is_open, old, paid if new is None else new
    later = any(term.start > due for term in terms)
    return bool(not later and paid), is_open, old, paid


def _values(terms: Sequence[Term]) -> Rate:
    """The monthly values of contracts that have one, together; None where none has."""
    values = [term.monthly for term in terms if term.cents is not None]
    return sum((value for value in values if value is not None), Fraction()) if values else None


def cohort(company: Company, month: dt.date, month_ends: Sequence[dt.date]) -> tuple[list[int], list[int]]:
    """Return, of the customers whose first MRR above zero was in a month, how many are active and what they pay.

    `month_ends` are the last days looked at, the first being the month's own; month 0 is all who started.
    """
    lives = []
    for life in company.lives:
        days = [
            row.start for row in life.story.rows if row.cents and (row.end is None or row.end > row.start)
        ]
        if days and month <= min(days) <= month_ends[0]:
            lives.append(life)
    active = [sum(life.mrr(day) > 0 for life in lives) for day in month_ends]
    return [len(lives), *active[1:]], [sum(life.mrr(day) for life in lives) for day in month_ends]
