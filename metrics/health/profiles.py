"""Which settings hold for a customer: default, per segment, per stage, per segment × stage; inherited cell by cell.

A *cell* names whom settings are for: "" everybody, `segment=mid`, `stage=onboarding`, `segment=mid,stage=onboarding`.
For each factor, and for each of weight, curve and freshness by itself, the most specific cell that says something
wins: segment × stage, then the stage, then the segment, then the default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from metrics.health.bands import Edges
from metrics.health.curve import Curve

DEFAULT = ""
Value = TypeVar("Value")


def cell(segment: str = "", stage: str = "") -> str:
    """Return the name of a cell."""
    parts = [("segment", segment), ("stage", stage)]
    return ",".join(f"{name}={value}" for name, value in parts if value)


def parsed(name: str) -> tuple[str, str]:
    """Return segment and stage of a cell, "" for any. Raises ValueError for what is no cell."""
    found = {"segment": "", "stage": ""}
    for part in filter(None, name.split(",")):
        field, _sep, value = part.partition("=")
        if field not in found or not value or found[field]:
            raise ValueError(name)
        found[field] = value
    return found["segment"], found["stage"]


def line(segment: str, stage: str) -> list[str]:
    """Return the cells that apply to a customer, the most specific first, the default last."""
    cells = [cell(segment, stage), cell("", stage), cell(segment), DEFAULT]
    return list(dict.fromkeys(cells))


@dataclass(frozen=True)
class Setting:
    """What a factor is worth to a customer: weight (hundredths), curve, days its value stays fresh (None: always)."""

    weight: int
    curve: Curve
    fresh_for: int | None


@dataclass(frozen=True)
class Profile:
    """All settings of a customer; `name` is the most specific cell that says anything of it."""

    name: str
    settings: Mapping[str, Setting]
    edges: Edges

    @property
    def all_weight(self) -> int:
        """Return what all factors weigh, known or not."""
        return sum(setting.weight for setting in self.settings.values())


def applying(segment: str, stage: str, cells: Iterable[str]) -> str:
    """Return the most specific of `cells` that applies to a customer."""
    there = set(cells)
    return next((name for name in line(segment, stage) if name in there), DEFAULT)


def inherited(said: Mapping[str, Mapping[str, Any]], segment: str, stage: str) -> dict[str, Any]:
    """Return what holds of everything that the cells say; the more specific word wins, name by name."""
    result: dict[str, Any] = {}
    for name in reversed(line(segment, stage)):
        result.update(said.get(name, {}))
    return result
