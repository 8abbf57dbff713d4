"""A scorecard as plain data: what is refused, and what holds for whom."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from metrics.health.configuration import configuration, plain
from metrics.health.profiles import applying, cell, parsed

UP = [[0, 0], [10_000, 10_000]]


def definition(**changes: Any) -> dict[str, Any]:
    default = {key: {"weight": 5000, "curve": UP, "fresh_for": None} for key in ("use", "said")}
    return {"factors": ["use", "said"], "cells": {"": default}, "edges": {}} | changes


def with_cells(**cells: Any) -> dict[str, Any]:
    said = definition()
    return said | {
        "cells": said["cells"]
        | {name.replace("__", ",").replace("_", "="): one for name, one in cells.items()}
    }


def test_the_most_specific_cell_wins_word_by_word() -> None:
    card = configuration(
        with_cells(
            segment_mid={"use": {"weight": 1000}, "said": {"fresh_for": 30}},
            stage_ongoing={"use": {"weight": 2000}},
            segment_mid__stage_ongoing={"said": {"weight": 300}},
        )
    )
    both = card.profile("mid", "ongoing")
    assert both.name == "segment=mid,stage=ongoing"
    assert (both.settings["use"].weight, both.settings["said"].weight, both.settings["said"].fresh_for) == (
        2000,
        300,
        30,
    )
    assert card.profile("mid", "").settings["use"].weight == 1000
    assert card.profile("mid", "support").name == "segment=mid"
    assert card.profile("volume", "ongoing").name == "stage=ongoing"
    assert card.profile("volume", "").name == ""


def test_edges_are_inherited_too() -> None:
    card = configuration(definition(edges={"": {"green": 7500}, "stage=support": {"yellow": 5000}}))
    edges = card.profile("", "support").edges
    assert (edges.yellow, edges.green) == (5000, 7500)


def test_it_can_be_written_down_and_read_again() -> None:
    card = configuration(with_cells(segment_mid={"use": {"weight": 1}}))
    assert plain(configuration(plain(card))) == plain(card)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (definition(factors=[]), "1 to 40 factors"),
        (definition(factors=["use", "use"]), "named twice"),
        (definition(factors=["use", "said", "more"]), "no weight, curve and freshness for “more”"),
        (definition(edges={"": {"yellow": 8000}}), "Yellow must begin"),
        (definition(edges={"": {"purple": 1}}), "edges"),
        (definition(edges={"colour=red": {"green": 1}}), "names no profile"),
        (with_cells(segment_mid={"use": {"weight": -1}}), "between 0 and 1000"),
        (with_cells(segment_mid={"use": {"weight": True}}), "between 0 and 1000"),
        (with_cells(segment_mid={"use": {"fresh_for": 0}}), "1 to 1095 days"),
        (with_cells(segment_mid={"use": {"curve": [[0, 0], [1, 9], [2, 3]]}}), "up and down"),
        (with_cells(segment_mid={"use": {"colour": 1}}), "nothing else"),
        (with_cells(segment_mid={"more": {"weight": 1}}), "not a factor"),
        (
            with_cells(segment_mid={"use": {"weight": 0}}, stage_ongoing={"said": {"weight": 0}}),
            "“segment=mid,stage=ongoing”|sum to 0",
        ),
    ],
)
def test_what_makes_no_scorecard_is_refused_with_the_reason(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        configuration(said)


def test_cells_have_one_name() -> None:
    assert parsed(cell("mid", "ongoing")) == ("mid", "ongoing")
    assert applying("mid", "ongoing", {"segment=mid", "stage=ongoing"}) == "stage=ongoing"
    for wrong in ("mid", "segment=", "segment=a,segment=b", "owner=3"):
        with pytest.raises(ValueError, match=wrong):
            parsed(wrong)
