"""The stored form of what a score was computed from: numbers in a fixed order, without names (ADR 0019).

A row holds, little-endian and one block after the other: the raw values of all inputs (8 bytes; `NONE`: not known),
their ages in days (2), the scores of all factors in hundredths (2) and their effective weights (4; 0: does not
count). Which input or factor stands where is said once, by the row's layout.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]
    Pairs = Mapping[str, tuple["Column", "Column"]]

NONE = -(2**62)  # stands for "not known" in a column of whole numbers


@dataclass(frozen=True)
class Layout:
    """The names behind the numbers of a row, in order."""

    inputs: tuple[str, ...]
    factors: tuple[str, ...]

    @property
    def key(self) -> int:
        """A number made of the names, so that it is the same in every database."""
        told = "\n".join([*self.inputs, "", *self.factors])
        return int.from_bytes(sha256(told.encode()).digest()[:6], "big")

    @property
    def dtype(self) -> "np.dtype[Any]":
        """What a row is to NumPy."""
        import numpy as np

        inputs, factors = len(self.inputs), len(self.factors)
        return np.dtype(
            [
                ("raw", "<i8", (inputs,)),
                ("age", "<i2", (inputs,)),
                ("score", "<i2", (factors,)),
                ("weight", "<i4", (factors,)),
            ]
        )


NOTHING = Layout((), ())


def pack(layout: Layout, inputs: "Pairs", parts: "Pairs", rows: int) -> "Column":
    """Return rows as they are stored, from columns of (raw, age) by input and of (score, weight) by factor."""
    import numpy as np

    found = np.zeros(rows, dtype=layout.dtype)
    for n, key in enumerate(layout.inputs):
        raw, age = inputs[key]
        found["raw"][:, n] = raw
        found["age"][:, n] = np.where(raw == NONE, 0, age)
    for n, key in enumerate(layout.factors):
        score, weight = parts[key]
        found["score"][:, n] = np.where(weight > 0, score, 0)
        found["weight"][:, n] = weight
    return found


def inputs_of(layout: Layout, stored: bytes) -> dict[str, list[int]]:
    """Return the known inputs of one row: name → [raw, age in days]."""
    numbers, count = _numbers(layout, stored), len(layout.inputs)
    pairs = zip(layout.inputs, numbers[:count], numbers[count : 2 * count], strict=True) if numbers else ()
    return {key: [raw, age] for key, raw, age in pairs if raw != NONE}


def parts_of(layout: Layout, stored: bytes) -> dict[str, list[int]]:
    """Return the factors of one row that count: name → [score, effective weight]."""
    numbers, begin, count = _numbers(layout, stored), 2 * len(layout.inputs), len(layout.factors)
    pairs = (
        zip(layout.factors, numbers[begin : begin + count], numbers[begin + count :], strict=True)
        if numbers
        else ()
    )
    return {key: [score, weight] for key, score, weight in pairs if weight}


def columns(
    rows: Sequence[tuple[int, bytes]], layouts: Mapping[int, Layout]
) -> dict[str, tuple["Column", "Column"]]:
    """Return the inputs of many rows (layout's key, numbers) as columns of (raw, age), `NONE` where not known."""
    import numpy as np

    of = np.array([key for key, _stored in rows], dtype=np.int64)
    found: dict[str, tuple[Column, Column]] = {}
    for key in sorted({key for layout in layouts.values() for key in layout.inputs}):
        found[key] = (np.full(len(rows), NONE, dtype=np.int64), np.zeros(len(rows), dtype=np.int64))
    for place, layout in layouts.items():
        mine = np.flatnonzero(of == place)
        if not len(mine) or not layout.inputs:
            continue
        read = np.frombuffer(b"".join(rows[n][1] for n in mine.tolist()), dtype=layout.dtype)
        for n, key in enumerate(layout.inputs):
            found[key][0][mine], found[key][1][mine] = read["raw"][:, n], read["age"][:, n]
    return {key: pair for key, pair in found.items() if (pair[0] != NONE).any()}


def _numbers(layout: Layout, stored: bytes) -> tuple[int, ...]:
    inputs, factors = len(layout.inputs), len(layout.factors)
    return struct.unpack(f"<{inputs}q{inputs}h{factors}h{factors}i", stored) if stored else ()
