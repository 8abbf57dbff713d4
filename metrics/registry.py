"""Every figure the product shows: one entry here, one function beside it. METRICS.md is what they follow."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from metrics.book import Book

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Unit(StrEnum):
    """What a figure is measured in. Money is in cents inside, a string with two decimals outside."""

    MONEY = "money"
    COUNT = "count"
    RATE = "rate"  # a share, shown in per cent
    RATIO = "ratio"  # a number without a unit


class Good(StrEnum):
    """In which direction a figure gets better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Kind(StrEnum):
    """A stock is told at the end of a day, a flow over a period."""

    STOCK = "stock"
    FLOW = "flow"


SLICES = ("segment", "stage", "owner", "tag")


@dataclass(frozen=True)
class Result:
    """A figure's exact value and, for a share, what it was divided from; None where it is not defined."""

    value: int | Fraction | None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True)
class Figure:
    """What is known about a figure: words for people, unit, direction, where it comes from and how it may be cut.

    `counted_in`: the units of numerator and denominator. `window_days`: its usual window on boards and targets.
    """

    key: str
    name: "StrPromise"
    formula: "StrPromise"
    unit: Unit
    good: Good
    kind: Kind
    compute: Callable[[Book], Result]
    sources: tuple[str, ...] = ("subscriptions",)
    cuts: tuple[str, ...] = SLICES
    counted_in: tuple[Unit, Unit] = (Unit.COUNT, Unit.COUNT)
    window_days: int = 30


FIGURES: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """Add a figure. Raises ValueError when its key is taken."""
    if figure.key in FIGURES:
        raise ValueError(f"There are two figures called {figure.key}.")
    FIGURES[figure.key] = figure


def share(numerator: int, denominator: int) -> Result:
    """Return an exact share with what it was divided from; without a denominator it is not defined."""
    value = Fraction(numerator, denominator) if denominator else None
    return Result(value, numerator, denominator)
