"""Was it right? Forecasts of past quarter ends, made from what was known then, beside what came of them.

Each is made once, outside the night, when the day it speaks of is over and the risks of its own day are filled in.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from core.models import WorkState
from metrics.forecast import reading
from metrics.forecast.forecast import HORIZONS, LEAST_MONTHS, forecast
from metrics.models import CustomerDay, ForecastCheck, Night
from metrics.nights import last_finished_day
from metrics.periods import add_months
from metrics.risk import work as learning

KIND = "forecast"
QUARTERS = 8


@dataclass(frozen=True)
class Coverage:
    """How many forecasts over so many days there were, and how many of them held: of today's customers, of all."""

    days: int
    checks: int
    base: int
    total: int


def due() -> bool:
    """Tell whether a past forecast can be judged that was not; risks are learned first."""
    return bool(missing()) and not learning.due()


def work() -> int:
    """Judge the forecasts of one quarter end; return how many."""
    if learning.due():
        return 0
    waiting = missing()
    first = [pair for pair in waiting if pair[0] == waiting[0][0]]
    if not first:
        return 0
    day = first[0][0]
    made = forecast(day)
    told = {one.days: one for one in made.horizons}
    rows = []
    for _day, days in first:
        one, later = told[days], day + dt.timedelta(days=days)
        base, total = _actual(day, later)
        rows.append(
            ForecastCheck(
                day=day,
                days=days,
                own=made.own,
                opening_cents=one.opening,
                base_cents=one.base.expected,
                base_low_cents=one.base.low,
                base_high_cents=one.base.high,
                base_actual_cents=base,
                total_cents=one.total.expected,
                total_low_cents=one.total.low,
                total_high_cents=one.total.high,
                total_actual_cents=total,
            )
        )
    ForecastCheck.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def missing() -> list[tuple[dt.date, int]]:
    """Return the quarter ends and days ahead that can be judged and were not, the oldest first."""
    last = last_finished_day()
    if last is None:
        return []
    first_of_quarter = last.replace(day=1, month=(last.month - 1) // 3 * 3 + 1)
    ends = sorted(add_months(first_of_quarter, -3 * n) - dt.timedelta(days=1) for n in range(QUARTERS))
    known = {end for end in ends if reading.months_known(end) >= LEAST_MONTHS}
    pairs = [
        (end, days)
        for end in ends
        for days in HORIZONS
        if end in known and end + dt.timedelta(days=days) <= last
    ]
    if not pairs or Night.objects.exclude(state=WorkState.DONE).filter(day__lte=last).exists():
        return []
    done = set(ForecastCheck.objects.values_list("day", "days"))
    return [pair for pair in pairs if pair not in done]


def coverage(found: Sequence[ForecastCheck]) -> list[Coverage]:
    """Return how often forecasts of past quarter ends held, by how far they looked."""
    return [
        Coverage(
            days,
            len(of),
            sum(one.base_held for one in of),
            sum(one.total_held for one in of),
        )
        for days in HORIZONS
        if (of := [one for one in found if one.days == days])
    ]


def _actual(day: dt.date, later: dt.date) -> tuple[int, int]:
    """Return what the customers that paid on `day` pay on the later day, and what all pay then."""
    then = CustomerDay.objects.filter(day=later)
    paid = CustomerDay.objects.filter(day=day, mrr_cents__gt=0).values("customer")
    base = then.filter(customer__in=paid).aggregate(mrr=Sum("mrr_cents"))["mrr"]
    return int(base or 0), int(then.aggregate(mrr=Sum("mrr_cents"))["mrr"] or 0)
