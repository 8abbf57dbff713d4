"""Every figure the product shows: one entry here, one function beside it. METRICS.md is what they follow."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Unit(StrEnum):
    """What a figure is measured in. Money is in cents inside, a string with two decimals outside."""

    MONEY = "money"
    COUNT = "count"
    RATE = "rate"  # a share, shown in per cent
    RATIO = "ratio"  # a number without a unit
    POINTS = "points"  # −100 … 100, shown whole, rounded half away from zero
    SCORE = "score"  # a mean on the scale of its survey
    HOURS = "hours"
    DAYS = "days"


class Good(StrEnum):
    """In which direction a figure gets better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Kind(StrEnum):
    """A stock is told at the end of a day, a flow over a period."""

    STOCK = "stock"
    FLOW = "flow"


Number = int | Fraction | float
SLICES = ("segment", "stage", "owner", "tag")


@dataclass(frozen=True)
class Result:
    """A figure's exact value and, for a share, what it was divided from; None where it is not defined.

    `denominator` of a median is the number of cases. `interval`: the limits of its margin of error or, while it is
    `provisional` (some of it is not known yet), the lowest and the highest it can become. `margin`: half of a margin of
    error, by which two results are told apart. `note`: what people should know when they read it.
    """

    value: Number | None
    numerator: Number | None = None
    denominator: int | None = None
    interval: tuple[Number, Number] | None = None
    margin: float | None = None
    provisional: bool = False
    note: "StrPromise | str" = ""


@dataclass(frozen=True)
class Figure:
    """What is known about a figure: words for people, unit, direction, where it comes from and how it may be cut.

    `compute` takes the dataclass of its `family` (metrics/families.py). `counted_in`: the units of numerator and
    denominator. `window_days`: its usual window on boards and targets.
    """

    key: str
    name: "StrPromise"
    formula: "StrPromise"
    unit: Unit
    good: Good
    kind: Kind
    compute: Callable[[Any], Result]
    family: str = "book"
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
