"""Whole columns come out as single values do, to the last digit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.health import bands, vectors
from metrics.health.bands import Edges, Seen, Standing
from metrics.health.configuration import configuration
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.health.freshness import effective_weight
from metrics.health.score import Part, score

CURVES = [
    [[0, 0], [4000, 3500], [12_000, 7500], [20_000, 10_000]],
    [[-1000, 10_000], [333, 5001], [7000, 0]],
    [[5, 5000], [6, 5000]],
]
known = st.one_of(st.none(), st.tuples(st.integers(-30_000, 30_000), st.integers(0, 200)))
rows = st.lists(st.tuples(known, known, known, st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8)


def card(weights: list[int], fresh: list[int | None]):
    cells = {
        "": {f"f{n}": {"weight": weights[n], "curve": CURVES[n], "fresh_for": fresh[n]} for n in range(3)},
        "segment=mid": {"f0": {"weight": weights[0] + 7}},
        "stage=ongoing": {"f1": {"fresh_for": 3, "curve": CURVES[0]}},
    }
    return configuration({"factors": ["f0", "f1", "f2"], "cells": cells, "edges": {}})


@settings(max_examples=150, deadline=None)
@given(
    rows,
    st.lists(st.integers(1, 5000), min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.integers(1, 100)), min_size=3, max_size=3),
)
def test_scores_of_columns_are_those_of_rows(found, weights, fresh) -> None:
    told = card(weights, fresh)
    inputs = {
        f"f{n}": (
            np.array([NONE if row[n] is None else row[n][0] for row in found]),
            np.array([0 if row[n] is None else row[n][1] for row in found]),
        )
        for n in range(3)
    }
    segment, stage = np.array([row[3] for row in found]), np.array([row[4] for row in found])
    together = vectors.score(told, inputs, segment, stage)
    for n, row in enumerate(found):
        profile = told.profile(SEGMENTS[row[3]], STAGES[row[4]])
        parts = []
        for k in range(3):
            if row[k] is None:
                continue
            setting = profile.settings[f"f{k}"]
            weight = effective_weight(setting.weight, age=row[k][1], fresh_for=setting.fresh_for)
            parts.append(Part(setting.curve.at(row[k][0]), weight))
            assert (together.parts[f"f{k}"][0][n], together.parts[f"f{k}"][1][n]) == (parts[-1].score, weight)
        single = score(parts, all_weight=profile.all_weight)
        value = None if together.value[n] == NONE else together.value[n]
        assert (value, together.coverage[n]) == (single.value, single.coverage)
        if value is not None:
            assert (together.low[n], together.high[n]) == (single.low, single.high)
        assert together.profiles[together.profile[n]].name == profile.name


days = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 10_000)), st.integers(0, 10_000), st.booleans()),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(
    days, st.sampled_from([Edges(), Edges(margin=0), Edges(days=1), Edges(yellow=6000, green=6100, days=5)])
)
def test_bands_of_columns_are_those_of_rows(story, edges: Edges) -> None:
    single: Standing | None = None
    columns = (np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    edge = vectors.edge_columns([edges], np.zeros(1, dtype=np.int64))
    for value, coverage, hand in story:
        by_hand = hand and value is not None
        single = bands.step(single, Seen(value, coverage, by_hand), edges)
        score_column = np.array([NONE if value is None else value])
        columns = vectors.step(columns, score_column, np.array([coverage]), np.array([by_hand]), edge)
        assert (columns[0][0], columns[1][0]) == (single.band, single.across)
