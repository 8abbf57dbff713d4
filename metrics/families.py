"""Families of figures: figures of one family are computed from the same reading of the facts.

A family is one dataclass of plain sums (for revenue the `Book`) and one reader that fills it for all periods and all
parts in one or few statements. A figure names its family (`Figure.family`) and computes its result from the
family's dataclass. To add one:

1. `metrics/<source>.py`: the dataclass, and `read(periods, by, only, as_of)` returning
   `{(period, part): dataclass}`. `slices.cut` does the slicing by the rule of METRICS.md. With `by` None the part is
   None; a part without rows may be missing, `empty()` stands for it (so does one for a whole without rows).
   `by` is only ever a cut that a figure of the family allows (`Figure.cuts`).
2. `metrics/figures/<section>.py`: `register_family(Family(key, read, empty))`, then the figures' functions and entries.
3. A line in `metrics/figures/__init__.py`.

`as_of` is the last finished night (or the day a page looks at): what needs time to be known is told by its end. A
result that may still change because of it sets `Result.provisional`; `Result.interval` is its range or its margin.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from metrics.periods import Period
from metrics.slices import Only

Readings = Mapping[tuple[Period, str | None], Any]


class Reader(Protocol):
    """Reads what a family's figures are computed from, for all periods and parts."""

    def __call__(self, periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Readings: ...


@dataclass(frozen=True)
class Family:
    """`read` fills the family's dataclass per period and part; `empty` makes the one of a part without rows."""

    key: str
    read: Reader
    empty: Callable[[], Any]


FAMILIES: dict[str, Family] = {}


def register_family(family: Family) -> None:
    """Add a family. Raises ValueError when its key is taken."""
    if family.key in FAMILIES:
        raise ValueError(f"There are two families called {family.key}.")
    FAMILIES[family.key] = family
