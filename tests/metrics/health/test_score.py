"""Score, coverage, range and bands: METRICS.md, Health."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from metrics.health.bands import Band, Edges, Seen, Standing, check, step
from metrics.health.score import NOTHING, Part, score


def test_the_example_of_the_definition() -> None:
    found = score([Part(8000, 4000), Part(6000, 3000)], all_weight=10_000)
    assert (found.value, found.coverage, found.low, found.high) == (7143, 7000, 5000, 8000)


def test_without_anything_known_there_is_no_score() -> None:
    assert score([], all_weight=10_000) == NOTHING
    assert score([Part(9000, 0)], all_weight=10_000) == NOTHING


def test_a_half_stale_factor_weighs_half_and_leaves_the_rest_unknown() -> None:
    found = score([Part(10_000, 5000), Part(0, 2500)], all_weight=10_000)
    assert (found.value, found.coverage) == (6667, 7500)


def test_a_coverage_just_under_an_edge_does_not_reach_it() -> None:
    assert score([Part(5000, 49_999)], all_weight=100_000).coverage == 4999


@given(
    st.lists(st.builds(Part, st.integers(0, 10_000), st.integers(0, 5000)), max_size=9), st.integers(0, 5000)
)
def test_the_range_holds_the_score(parts: list[Part], missing: int) -> None:
    whole = sum(part.weight for part in parts) + missing
    found = score(parts, all_weight=whole)
    if found.value is not None:
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.value <= found.high <= 10_000


def fold(scores: list[int | None], *, coverage: int = 10_000, edges: Edges = Edges()) -> list[str]:  # noqa: B008
    bands, now = [], None
    for one in scores:
        now = step(now, Seen(one, coverage), edges)
        bands.append(now.band.key)
    return bands


def test_first_scores_take_the_band_of_their_edges() -> None:
    assert [fold([score])[0] for score in (6990, 7000, 4000, 3990)] == ["yellow", "green", "yellow", "red"]


def test_two_points_past_the_edge_change_the_band_at_once() -> None:
    assert fold([6900, 7200]) == ["yellow", "green"]
    assert fold([7100, 6800]) == ["green", "yellow"]
    assert fold([7100, 6801]) == ["green", "green"]


def test_across_the_edge_the_band_changes_on_the_third_day() -> None:
    assert fold([6900, 7100, 7100, 7100]) == ["yellow", "yellow", "yellow", "green"]
    assert fold([6900, 7100, 6950, 7100, 7100]) == ["yellow"] * 5
    assert fold([4100, 3950, 3950, 3950]) == ["yellow", "yellow", "yellow", "red"]


def test_a_leap_over_one_edge_that_only_touches_the_next_stops_between() -> None:
    assert fold([3000, 7100, 7100, 7100]) == ["red", "yellow", "yellow", "green"]
    assert fold([9000, 3900, 3900, 3900]) == ["green", "yellow", "yellow", "red"]


def test_little_coverage_is_unknown_and_never_a_colour() -> None:
    assert step(Standing(Band.GREEN), Seen(100, 4999), Edges()) == Standing(Band.UNKNOWN)
    assert step(None, Seen(None, 0), Edges()) == Standing(Band.UNKNOWN)
    assert step(Standing(Band.UNKNOWN), Seen(7000, 5000), Edges()) == Standing(Band.GREEN)


def test_a_score_set_by_hand_takes_its_band_at_once() -> None:
    assert step(Standing(Band.GREEN), Seen(6950, 0, by_hand=True), Edges()) == Standing(Band.YELLOW)


def test_waiting_for_one_day_is_not_waiting() -> None:
    assert fold([6900, 7000, 6999], edges=Edges(days=1)) == ["yellow", "green", "yellow"]


@pytest.mark.parametrize(
    "edges", [Edges(yellow=7000), Edges(yellow=0), Edges(green=10_001), Edges(known=10_001), Edges(days=0)]
)
def test_edges_that_make_no_bands_are_refused(edges: Edges) -> None:
    with pytest.raises(ValidationError):
        check(edges)
