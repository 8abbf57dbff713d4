"""Why a score moved: the parts add up exactly, and the worked examples come out."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.health.curve import Curve
from metrics.health.profiles import Setting
from metrics.health.rounding import divided
from metrics.health.split import CAUSES, Day, Input, shown, split

UP = Curve(((0, 0), (100_000, 10_000)))
DOWN = Curve(((0, 10_000), (30_000, 2500)))
KEYS = ("use", "said", "tickets", "pulse")


def day(
    override: int | None = None, *, weights: dict[str, int] | None = None, **raws: int | tuple[int, int]
) -> Day:
    weights = {"use": 5000, "said": 3000, "tickets": 2000, "pulse": 1000} | (weights or {})
    inputs = {key: Input(*one) if isinstance(one, tuple) else Input(one) for key, one in raws.items()}
    return Day({key: Setting(weight, UP, 90) for key, weight in weights.items()}, inputs, override)


def test_behaviour_alone() -> None:
    found = split(day(use=80_000, said=60_000), day(use=64_000, said=60_000))
    assert found is not None
    assert found.causes == {"human": 0, "configuration": 0, "data": 0, "behaviour": -1000}
    assert found.parts["behaviour"] == {"use": -1000}


def test_a_value_that_only_fades_is_data() -> None:
    found = split(day(use=80_000, said=20_000), day(use=80_000, said=(20_000, 135)))
    assert found is not None
    assert found.causes["data"] == found.total > 0
    assert set(found.parts["data"]) == {"use", "said"}


def test_other_weights_are_configuration() -> None:
    found = split(day(use=80_000, said=20_000), day(use=80_000, said=20_000, weights={"said": 0}))
    assert found is not None
    assert found.causes["configuration"] == found.total == 8000 - 5750


def test_a_pulse_and_an_override_are_human() -> None:
    found = split(day(use=50_000), day(use=50_000, pulse=100_000))
    assert found is not None
    assert found.causes["human"] == found.total
    set_by_hand = split(day(use=50_000), day(9000, use=40_000))
    assert set_by_hand is not None
    assert set_by_hand.causes == {"human": 5000, "configuration": 0, "data": 0, "behaviour": -1000}
    ended = split(day(9000, use=50_000), day(use=50_000))
    assert ended is not None
    assert ended.causes["human"] == -4000


def test_nothing_known_at_an_end_is_no_difference() -> None:
    assert split(day(), day(use=1)) is None
    assert split(day(use=1), day()) is None


settings_of = st.dictionaries(
    st.sampled_from(KEYS),
    st.builds(
        Setting,
        st.integers(0, 5000),
        st.sampled_from([UP, DOWN, Curve(((-7000, 3333), (11_000, 3334)))]),
        st.one_of(st.none(), st.integers(1, 90)),
    ),
)
inputs_of = st.dictionaries(
    st.sampled_from(KEYS), st.builds(Input, st.integers(-(10**9), 10**9), st.integers(0, 200))
)
days = st.builds(Day, settings_of, inputs_of, st.one_of(st.none(), st.integers(0, 10_000)))


def _law(first: Day, second: Day) -> None:
    found = split(first, second)
    start, end = shown(first), shown(second)
    if start is None or end is None:
        assert found is None
        return
    assert found is not None
    total = divided(end.numerator, end.denominator) - divided(start.numerator, start.denominator)
    assert found.total == total == sum(found.causes.values())
    assert set(found.causes) == set(CAUSES)
    for cause, parts in found.parts.items():
        assert sum(parts.values()) == found.causes[cause]


@settings(max_examples=300, deadline=None)
@given(days, days)
def test_the_parts_sum_to_the_difference(first: Day, second: Day) -> None:
    _law(first, second)


@pytest.mark.long
@settings(
    max_examples=10_000,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(days, days)
def test_the_parts_sum_to_the_difference_for_ten_thousand_pairs(first: Day, second: Day) -> None:
    _law(first, second)


@settings(max_examples=200, deadline=None)
@given(days)
def test_a_day_does_not_differ_from_itself(one: Day) -> None:
    found = split(one, one)
    if found is not None:
        assert found.total == 0
        # Pulses come off and on again, which is one cause; nothing else moves.
        assert all(not value for value in found.causes.values())


def test_shown_is_exact() -> None:
    assert shown(day(use=33_333, said=66_667)) == Fraction(5000 * 3333 + 3000 * 6667, 8000)
