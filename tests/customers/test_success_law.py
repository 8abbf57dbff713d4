"""The success gap: the example of METRICS.md, and the laws that hold for every plan."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customers.success import MOST, Standing, Way, one_voice, portfolio, total

START = dt.date(2026, 1, 1)
values = st.integers(-1000, 1000).map(Fraction)
days = st.integers(-50, 500).map(lambda n: START + dt.timedelta(days=n))
shares = st.fractions(0, MOST, max_denominator=40)
maybe = st.none() | shares


@st.composite
def ways(draw):
    baseline, target = draw(values), draw(values)
    assume(baseline != target)
    return Way(baseline, target, START, START + dt.timedelta(days=draw(st.integers(1, 400))))


standings = st.builds(
    Standing,
    weight=st.fractions(0, 5, max_denominator=10),
    due=st.fractions(0, 1, max_denominator=20),
    customer=maybe,
    ours=maybe,
)


def test_the_example_of_the_definitions():
    way = Way(Fraction(10), Fraction(4), START, START + dt.timedelta(days=100))
    half = START + dt.timedelta(days=50)
    assert way.expected(half) == 7
    one = Standing(Fraction(1), way.share_due(half), way.attainment(8), way.attainment(6))
    assert one.customer == Fraction(1, 3) and one.ours == Fraction(2, 3)
    assert one.value_gap == Fraction(-50, 3) and one.perception_gap == Fraction(100, 3)  # −16.7 and +33.3


@settings(deadline=None)
@given(ways(), days, days)
def test_the_expectation_line_moves_only_towards_the_target_and_stays_there(way, one, other):
    earlier, later = sorted((one, other))
    low, high = sorted((way.baseline, way.target))
    assert low <= way.expected(earlier) <= high
    assert abs(way.target - way.expected(later)) <= abs(way.target - way.expected(earlier))
    assert way.expected(way.due_on) == way.target == way.expected(way.due_on + dt.timedelta(days=9))
    assert way.expected(way.starts_on) == way.baseline


@settings(deadline=None)
@given(ways(), values)
def test_attainment_goes_from_the_baseline_to_the_target_in_either_direction(way, value):
    assert way.attainment(way.baseline) == 0 and way.attainment(way.target) == 1
    assert 0 <= way.attainment(value) <= MOST
    mirrored = Way(-way.baseline, -way.target, way.starts_on, way.due_on)
    assert mirrored.attainment(-value) == way.attainment(value)


@settings(deadline=None)
@given(st.lists(standings, max_size=8))
def test_a_plan_is_the_exact_weighted_mean_of_its_objectives(plan):
    told = total(plan)
    whole = sum((one.weight for one in plan), Fraction(0))
    said = [one for one in plan if one.customer is not None]
    weight = sum((one.weight for one in said), Fraction(0))
    if not whole or weight / whole < Fraction(1, 2):
        assert told.customer is told.value_gap is told.perception_gap is None
        return
    assert told.confirmed == weight / whole
    assert told.customer == sum(one.weight * one.customer for one in said) / weight
    assert told.value_gap == sum(one.weight * one.value_gap for one in said) / weight
    assert min(one.customer for one in said) <= told.customer <= max(one.customer for one in said)
    both = [one for one in said if one.perception_gap is not None and one.weight]
    if both:
        assert told.perception_gap == sum(one.weight * one.perception_gap for one in both) / sum(
            one.weight for one in both
        )
    else:
        assert told.perception_gap is None


@settings(deadline=None)
@given(st.lists(standings, min_size=1, max_size=6), shares)
def test_an_objective_nobody_confirmed_never_counts_as_reached(plan, ours):
    before = total(plan)
    unconfirmed = Standing(Fraction(1), Fraction(1, 2), None, ours)
    after = total([*plan, unconfirmed])
    assert after.customer is None or after.customer == before.customer
    assert after.value_gap is None or after.value_gap == before.value_gap
    assert after.confirmed <= before.confirmed


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000).map(Fraction), maybe), max_size=8))
def test_the_portfolio_is_the_exact_weighted_mean_of_its_customers(customers):
    known = [(weight, value) for weight, value in customers if value is not None]
    whole = sum((weight for weight, _value in known), Fraction(0))
    expected = sum(weight * value for weight, value in known) / whole if whole else None
    assert portfolio(customers) == expected


def test_weights_that_are_all_zero_give_no_total():
    assert total([Standing(Fraction(0), Fraction(1), Fraction(1), Fraction(1))]).customer is None
    assert total([]).customer is None


def test_several_voices_count_alike():
    assert one_voice([Fraction(8), Fraction(10)]) == 9
    assert one_voice([]) is None


@pytest.mark.parametrize(("target", "due", "said"), [(10, 30, "nothing to reach"), (4, 0, "after the start")])
def test_a_way_that_is_none_is_refused_in_words(target, due, said):
    with pytest.raises(ValueError, match=said):
        Way(Fraction(10), Fraction(target), START, START + dt.timedelta(days=due))
