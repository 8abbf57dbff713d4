"""The forecast: its parts add up, its band is as wide as what is not known, and past ones are judged once."""

import datetime as dt

import pytest

from core import time
from customers.models import Customer
from metrics.forecast import checks, reading
from metrics.forecast.forecast import Band, forecast, told
from metrics.forecast.reading import Ahead, Base, Month
from metrics.models import CustomerDay, ForecastCheck, RiskDay
from metrics.periods import add_months
from metrics.risk import work
from tests.metrics.risk import world
from tests.metrics.risk.world import LAST, D

DAY = dt.date(2024, 6, 30)


def base(*, leaves=0.0, spread=0.0, months=12, expansion=0, wobble=0, sure=25.0) -> Base:
    behind = [Month(1_000_000, 0, expansion + (wobble if n % 2 else -wobble), 0, 0, 0) for n in range(months)]
    ahead = {days: Ahead(leaves * days / 90, spread, 2, 300_000, leaves / 2) for days in reading.HORIZONS}
    return Base(DAY, 10, 1_000_000, own=True, sure=sure, ahead=ahead, months=behind)


def test_where_nothing_moves_nothing_is_expected_to():
    found = told(base(), 90)
    assert (found.base, found.total) == (Band(1_000_000, 1_000_000, 1_000_000),) * 2


def test_the_parts_add_up_and_the_band_holds_four_of_five():
    found = told(base(leaves=100_000, spread=400_000_000, expansion=20_000), 90)
    assert found.expansion == round(950_000 * 0.02 * 3)
    assert found.base.expected == 1_000_000 - 100_000 + found.expansion - found.contraction
    # One coin a customer (20 000²) and a level learned from 25 losses (100 000 / 5)²; nothing else differs.
    reach = 1.2815515655446004 * (400_000_000 + 20_000**2) ** 0.5
    assert found.base.high - found.base.expected == pytest.approx(reach, abs=1)
    assert found.base.expected - found.base.low == pytest.approx(reach, abs=1)
    assert found.base.holds(found.base.expected)
    assert not found.base.holds(found.base.high + 1)
    assert (found.due, found.due_leaves) == (2, 50_000)


def test_a_pace_that_differs_and_a_longer_time_widen_the_band():
    def width(days, **values):
        band = told(base(**values), days).base
        return band.high - band.low

    assert width(90, wobble=5_000) > width(90) == 0
    assert width(360, wobble=5_000) > 2 * width(90, wobble=5_000)
    assert width(90, leaves=100_000, sure=4.0) > width(90, leaves=100_000, sure=100.0)


@pytest.mark.django_db
def test_it_reads_what_is_due_and_what_moved():
    world.build(customers=40, lost=10, months=14)
    found = reading.read(LAST)
    assert (found.customers, found.mrr, found.own) == (30, 300_000, False)
    assert len(found.months) == 12
    assert sum(one.lost for one in found.months) == sum(one.churn for one in found.months) // 10_000
    assert found.months[0].opening == 300_000 + found.months[0].churn
    exposed = sum(one.opening for one in found.months)
    share = sum(one.churn for one in found.months) / exposed
    assert found.ahead[90].leaves == pytest.approx(300_000 * (1 - (1 - share) ** 3))
    due = CustomerDay.objects.filter(day=LAST, mrr_cents__gt=0).order_by("customer_id")[:3]
    for n, row in enumerate(due):
        CustomerDay.objects.filter(pk=row.pk).update(renewal_on=LAST + (60 * n + 60) * D)
    ahead = reading.read(LAST).ahead
    assert [ahead[days].due for days in reading.HORIZONS] == [1, 3, 3]
    assert ahead[180].due_mrr == 30_000
    one = Customer.objects.filter(pk=due[0].customer_id)
    alone = forecast(LAST, one)
    assert (alone.customers, alone.mrr) == (1, 10_000)
    assert alone.horizons[0].due == 1


@pytest.mark.django_db
def test_with_own_risks_each_customer_counts_with_its_own(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    world.build()
    while work.work():
        pass
    found = reading.read(LAST)
    assert found.own
    shares = RiskDay.objects.filter(day=LAST).values_list("within_180", flat=True)
    assert found.ahead[180].leaves == pytest.approx(sum(shares))
    spread = sum(10_000**2 * one / 10_000 * (1 - one / 10_000) for one in shares)
    assert found.ahead[180].spread == pytest.approx(spread)


@pytest.mark.django_db
def test_too_little_history_claims_nothing():
    world.build(customers=20, lost=0, months=4)
    found = forecast(LAST)
    assert (found.months, found.enough, list(found.horizons)) == (3, False, [])
    assert not forecast(dt.date(2020, 1, 1)).enough
    assert checks.missing() == []


@pytest.mark.django_db
def test_past_quarters_are_judged_once_by_what_was_known_then(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    world.build(months=20)
    assert checks.work() == 0  # the risks come first
    while work.work():
        pass
    assert checks.due()
    while checks.work():
        pass
    assert not checks.due()
    found = {(one.day, one.days): one for one in ForecastCheck.objects.all()}
    assert set(found) == {
        (end, days)
        for n in range(8)
        for end in [add_months(dt.date(2024, 4, 1), -3 * n) - D]
        for days in (90, 180, 360)
        if end + days * D <= LAST and reading.months_known(end) >= 6
    }
    day = dt.date(2023, 12, 31)
    one = found[day, 90]
    made = {told.days: told for told in forecast(day).horizons}[90]
    assert (one.base_cents, one.base_low_cents) == (made.base.expected, made.base.low)
    (whole,) = [told for told in checks.coverage(list(found.values())) if told.days == 90]
    assert whole.checks == len([1 for _day, days in found if days == 90])
    assert 0 <= whole.base <= whole.checks
