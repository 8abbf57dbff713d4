"""The statistics of METRICS.md by their examples and by what must always hold."""

import statistics as plain
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics import Margin, kaplan_meier_median, no_real_change, nps, nps_margin, whole, wilson

counts = st.integers(0, 200)
times = st.dictionaries(st.integers(0, 60), st.integers(1, 5), max_size=12)


def margin(*answers: int) -> Margin:
    error = nps_margin(*answers)
    assert error is not None
    return error


@pytest.mark.parametrize(
    ("answers", "exact", "shown"),
    [((70, 10, 20), Fraction(50), 50), ((18, 11, 2), Fraction(1600, 31), 52), ((1, 6, 1), Fraction(0), 0)],
)
def test_nps_is_exact_and_rounded_for_display_only(answers, exact, shown):
    assert nps(*answers) == exact
    assert whole(exact) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(Fraction(1, 2), 1), (Fraction(-1, 2), -1), (51.6, 52), (-51.4, -51), (0, 0)]
)
def test_halves_are_rounded_away_from_zero(value, shown):
    assert whole(value) == shown


def test_18_promoters_11_passives_and_2_detractors_are_off_by_21_7():
    error = margin(18, 11, 2)
    assert round(error.margin, 1) == 21.7
    assert (round(error.low, 1), round(error.high, 1)) == (29.9, 73.3)


def test_three_promoters_are_50_give_or_take_56_6_cut_at_100():
    error = margin(3, 0, 0)
    assert round(error.margin, 1) == 56.6
    assert (round(error.low, 1), error.high) == (-6.6, 100)


def test_many_answers_of_one_class_still_have_a_margin():
    error = margin(0, 0, 50)
    assert error.low == -100
    assert -100 < error.high < -85
    assert margin(0, 50, 0).margin > 0


def test_29_answers_are_few_and_30_are_not():
    assert margin(20, 5, 5).margin == pytest.approx(196 * (25 / 30 - 0.25) ** 0.5 / 30**0.5)
    assert margin(20, 5, 4).margin == pytest.approx(196 * (25.5 / 32 - (16 / 32) ** 2) ** 0.5 / 32**0.5)


def test_without_answers_nothing_is_known():
    assert nps(0, 0, 0) is None
    assert nps_margin(0, 0, 0) is None
    assert wilson(0, 0) is None


def test_8_of_10_are_49_to_94_per_cent():
    assert [round(limit, 2) for limit in wilson(8, 10) or ()] == [0.49, 0.94]


def test_a_difference_within_its_own_margin_is_no_real_change():
    assert no_real_change(-24, 20, 15)
    assert not no_real_change(25, 20, 15)
    assert not no_real_change(-26, 20, 15)


@given(counts, counts, counts)
def test_limits_hold_their_score_and_stay_on_the_scale(promoters, passives, detractors):
    score, error = nps(promoters, passives, detractors), nps_margin(promoters, passives, detractors)
    if error is None or score is None:
        assert promoters + passives + detractors == 0
        return
    assert error.margin > 0
    assert -100 <= error.low < error.high <= 100
    if promoters + passives + detractors >= 30:
        assert error.low - 1e-9 <= score <= error.high + 1e-9


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_share_lies_in_its_interval(hits, misses):
    interval = wilson(hits, hits + misses)
    if interval is None:
        return
    low, high = interval
    share = hits / (hits + misses)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_2_5_and_9_days_and_two_still_waiting_are_9():
    assert kaplan_meier_median({2: 1, 5: 1, 9: 1}, {20: 1, 30: 1}) == 9


def test_a_curve_that_never_falls_to_a_half_has_no_median():
    assert kaplan_meier_median({2: 1}, {3: 2}) is None
    assert kaplan_meier_median({}, {20: 4}) is None
    assert kaplan_meier_median({}, {}) is None


def test_who_left_early_makes_the_later_ones_weigh_more():
    # 4 start; one gets there on day 1 (¾ left), two are gone by day 2, the last gets there on day 3.
    assert kaplan_meier_median({1: 1, 3: 1}, {2: 2}) == 3


@given(times.filter(bool))
def test_with_nobody_waiting_it_is_the_lower_median(reached):
    days = [day for day, count in reached.items() for _ in range(count)]
    assert kaplan_meier_median(reached, {}) == plain.median_low(days)


@given(times, times)
def test_the_median_is_where_the_curve_counted_by_hand_falls_to_a_half(reached, censored):
    cases = [(day, 0) for day, n in reached.items() for _ in range(n)]
    cases += [(day, 1) for day, n in censored.items() for _ in range(n)]
    left, expected = Fraction(1), None
    for at in range(61):
        waiting = sum(day >= at for day, _ in cases)
        there = sum(day == at and not still for day, still in cases)
        if there:
            left *= 1 - Fraction(there, waiting)
            if left <= Fraction(1, 2):
                expected = at
                break
    assert kaplan_meier_median(reached, censored) == expected


@given(times, times, st.integers(1, 30))
def test_waiting_longer_never_makes_the_median_shorter(reached, censored, more):
    longer = {day + more: count for day, count in censored.items()}
    first, second = kaplan_meier_median(reached, censored), kaplan_meier_median(reached, longer)
    assert second is None or (first is not None and second >= first)
