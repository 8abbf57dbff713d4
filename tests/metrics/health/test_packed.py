"""The stored form of a score's inputs gives back what was put in."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.health import packed
from metrics.health.curve import FARTHEST
from metrics.health.packed import NONE, Layout

RAW = st.one_of(st.just(NONE), st.integers(-FARTHEST, FARTHEST))
INPUTS = st.lists(st.tuples(RAW, st.integers(0, 10_000)), min_size=3, max_size=3)
PARTS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 100_000)), min_size=2, max_size=2)
LAYOUT = Layout(("a", "b", "event:é:30"), ("a", "c"))


def _column(rows: list[Any], kind: int, n: int, k: int) -> np.ndarray[Any, Any]:
    return np.array([row[kind][n][k] for row in rows], dtype=np.int64)


@settings(max_examples=40)
@given(st.lists(st.tuples(INPUTS, PARTS), min_size=1, max_size=5))
def test_what_is_packed_comes_back(rows):
    inputs = {key: (_column(rows, 0, n, 0), _column(rows, 0, n, 1)) for n, key in enumerate(LAYOUT.inputs)}
    parts = {key: (_column(rows, 1, n, 0), _column(rows, 1, n, 1)) for n, key in enumerate(LAYOUT.factors)}
    stored = [row.tobytes() for row in packed.pack(LAYOUT, inputs, parts, len(rows))]
    for (told, made), one in zip(rows, stored, strict=True):
        known = {key: list(pair) for key, pair in zip(LAYOUT.inputs, told, strict=True) if pair[0] != NONE}
        counts = {key: list(pair) for key, pair in zip(LAYOUT.factors, made, strict=True) if pair[1]}
        assert packed.inputs_of(LAYOUT, one) == known
        assert packed.parts_of(LAYOUT, one) == counts
    columns = packed.columns([(7, one) for one in stored], {7: LAYOUT})
    for key, (raw, age) in columns.items():
        assert raw.tolist() == inputs[key][0].tolist()
        assert age[raw != NONE].tolist() == inputs[key][1][raw != NONE].tolist()
    assert all((inputs[key][0] == NONE).all() for key in set(LAYOUT.inputs) - set(columns))


def test_rows_of_several_layouts_are_read_together_and_an_empty_row_knows_nothing():
    other = Layout(("b",), ())
    column = np.array([5], dtype=np.int64)
    one = packed.pack(
        LAYOUT, dict.fromkeys(LAYOUT.inputs, (column, column)), dict.fromkeys("ac", (column, column)), 1
    )
    two = packed.pack(other, {"b": (column + 1, column)}, {}, 1)
    read = packed.columns(
        [(1, one.tobytes()), (0, b""), (2, two.tobytes())], {0: packed.NOTHING, 1: LAYOUT, 2: other}
    )
    assert read["a"][0].tolist() == [5, NONE, NONE]
    assert read["b"][0].tolist() == [5, NONE, 6]
    assert packed.inputs_of(packed.NOTHING, b"") == packed.parts_of(packed.NOTHING, b"") == {}


def test_the_key_is_made_of_the_names_in_their_order():
    assert LAYOUT.key == Layout(LAYOUT.inputs, LAYOUT.factors).key
    assert (
        len({LAYOUT.key, Layout(("b", "a"), ()).key, Layout(("a", "b"), ()).key, Layout(("a",), ("b",)).key})
        == 4
    )
