"""Curves and freshness: METRICS.md, Health."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from metrics.health.curve import curve
from metrics.health.freshness import effective_weight
from metrics.health.rounding import adding_up, divided


def test_between_points_the_score_is_straight_and_outside_them_flat() -> None:
    days = curve([[0, 0], [20_000, 10_000]])
    assert [days.at(raw) for raw in (-5000, 0, 5000, 20_000, 10**15)] == [0, 0, 2500, 10_000, 10_000]
    assert days.rises


def test_a_falling_curve_scores_more_the_lower() -> None:
    late = curve([[0, 10_000], [2000, 6000], [5000, 0]])
    assert [late.at(raw) for raw in (0, 1000, 2000, 3500, 9000)] == [10_000, 8000, 6000, 3000, 0]
    assert not late.rises


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([[0, 0]], "2 to 12 points"),
        ([[0, 0], [1500, 5000], [1500, 6000]], "Two points stand at the value 1.5"),
        ([[0, 0], [1000, 9000], [2000, 5000]], "goes up and down"),
        ([[0, 0], [1000, 10_001]], "between 0 and 100"),
        ([[0, 0], [10**13, 10_000]], "too large"),
    ],
)
def test_what_is_no_curve_is_refused_with_the_reason(points: list[list[int]], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        curve(points)


@given(
    st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 10_000)), min_size=2, max_size=12),
    st.integers(-(10**13), 10**13),
    st.integers(-(10**13), 10**13),
)
def test_a_curve_keeps_its_direction_and_its_bounds(points: list[tuple[int, int]], a: int, b: int) -> None:
    xs = sorted({x for x, _ in points})
    ys = sorted(y for _, y in points)[: len(xs)]
    if len(xs) < 2:
        return
    one = curve(list(zip(xs, ys, strict=True)))
    low, high = one.at(min(a, b)), one.at(max(a, b))
    assert ys[0] <= low <= high <= ys[-1]


def test_a_value_fades_after_its_time_and_is_gone_after_twice_as_long() -> None:
    assert effective_weight(2000, age=135, fresh_for=90) == 1000  # METRICS.md: weight 20 → 10
    assert [effective_weight(2000, age=age, fresh_for=90) for age in (0, 90, 180, 1000)] == [2000, 2000, 0, 0]
    assert effective_weight(2000, age=10_000, fresh_for=None) == 2000


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_halves_go_to_the_even_number(numerator: int, denominator: int) -> None:
    whole = divided(numerator, denominator)
    assert abs(2 * (whole * denominator - numerator)) <= denominator
    if abs(2 * (whole * denominator - numerator)) == denominator:
        assert whole % 2 == 0


@given(st.dictionaries(st.integers(), st.fractions(-(10**6), 10**6), min_size=1), st.integers(-50, 50))
def test_rounded_parts_add_up(parts, off) -> None:
    total = round(sum(parts.values())) + off
    assert sum(adding_up(parts, total).values()) == total
