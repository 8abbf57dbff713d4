"""The straight line from baseline to target, and what it makes of a figure's value."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.aim import Aim, Status
from metrics.registry import Good

JAN, JULY, DEC = dt.date(2026, 1, 1), dt.date(2026, 7, 2), dt.date(2026, 12, 31)


def rising(baseline: int | None = 100) -> Aim:
    return Aim(Fraction(200), DEC, None if baseline is None else Fraction(baseline), JAN)


def falling() -> Aim:
    return Aim(Fraction(4), DEC, Fraction(10), JAN)


@pytest.mark.parametrize(
    ("value", "on", "status"),
    [
        (100, JAN, Status.ON_TRACK),
        (149, JULY, Status.AT_RISK),
        (150, JULY, Status.ON_TRACK),
        (250, JULY, Status.ON_TRACK),
        (199, DEC, Status.MISSED),
        (200, DEC, Status.REACHED),
        (199, dt.date(2027, 3, 1), Status.MISSED),
        (None, JULY, Status.NO_VALUE),
        (None, dt.date(2027, 3, 1), Status.NO_VALUE),
        (100, dt.date(2025, 12, 31), Status.NOT_BEGUN),
    ],
)
def test_a_rising_target(value, on, status):
    assert rising().status(value, on, Good.UP) is status


@pytest.mark.parametrize(
    ("value", "on", "status"),
    [
        (10, JAN, Status.ON_TRACK),
        (Fraction(71, 10), JULY, Status.AT_RISK),
        (7, JULY, Status.ON_TRACK),
        (3, JULY, Status.ON_TRACK),
        (5, DEC, Status.MISSED),
        (4, DEC, Status.REACHED),
    ],
)
def test_a_falling_target(value, on, status):
    assert falling().status(value, on, Good.DOWN) is status


def test_the_line_is_half_way_at_half_the_time_and_flat_from_the_due_day_on():
    assert rising().expected(JULY) == 150
    assert falling().expected(JULY) == 7
    assert rising().expected(DEC) == rising().expected(dt.date(2028, 1, 1)) == 200
    assert rising().expected(dt.date(2025, 12, 31)) is None


def test_without_a_baseline_only_the_target_itself_can_be_met():
    assert rising(None).status(200, JULY, Good.UP) is Status.ON_TRACK
    assert rising(None).status(199, JULY, Good.UP) is Status.NO_BASELINE
    assert rising(None).status(199, DEC, Good.UP) is Status.MISSED
    assert rising(None).expected(JULY) is None


def test_a_baseline_better_than_the_target_is_a_line_that_may_be_lost_along():
    aim = Aim(Fraction(3), DEC, Fraction(2), JAN)  # churn may rise from 2 to 3
    assert aim.status(3, JULY, Good.DOWN) is Status.ON_TRACK, "the target itself is met"
    assert aim.status(4, JULY, Good.DOWN) is Status.AT_RISK


def test_a_figure_that_is_neither_good_up_nor_down_goes_where_its_target_is():
    assert falling().status(7, JULY, Good.NEITHER) is Status.ON_TRACK
    assert rising().status(140, JULY, Good.NEITHER) is Status.AT_RISK


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(0, 800))
def test_the_line_stays_between_its_ends_and_never_turns(baseline, value, days):
    aim = Aim(Fraction(value), DEC, Fraction(baseline), JAN)
    here, next_ = (aim.expected(JAN + dt.timedelta(days=n)) for n in (days, days + 1))
    assert here is not None
    assert next_ is not None
    assert min(baseline, value) <= here <= max(baseline, value)
    assert (next_ - here) * (value - baseline) >= 0


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(0, 800))
def test_falling_is_rising_seen_in_a_mirror(baseline, target, value, days):
    on = JAN + dt.timedelta(days=days)
    up = Aim(Fraction(target), DEC, Fraction(baseline), JAN).status(value, on, Good.UP)
    down = Aim(Fraction(-target), DEC, Fraction(-baseline), JAN).status(-value, on, Good.DOWN)
    assert up is down
