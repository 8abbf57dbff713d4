"""An effect: what is said about it, and the figures that move."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from metrics.periods import Period, add_months
from metrics.registry import FIGURES, Result
from workspace.metrics import words

SUPPORT_DAYS = 90


@dataclass(frozen=True)
class Move:
    """A figure as it is and as it would be."""

    name: str
    before: str
    after: str
    change: SafeString


@dataclass(frozen=True)
class Effect:
    """What a change of one setting would do. `title` names setting and time; `says`: sentences on what is restated."""

    title: str
    says: tuple[str, ...]
    moves: tuple[Move, ...]


def moves(before: Mapping[str, Result], after: Mapping[str, Result]) -> tuple[Move, ...]:
    """Compare figures by key."""
    return tuple(
        Move(
            name=str(FIGURES[key].name),
            before=words.value(before[key].value, FIGURES[key].unit),
            after=words.value(after[key].value, FIGURES[key].unit),
            change=words.change(FIGURES[key], after[key], before[key]),
        )
        for key in before
    )


def year_to(night: dt.date) -> Period:
    """Return the twelve months that end with the last whole month by a night."""
    end = (night + dt.timedelta(days=1)).replace(day=1)
    return Period(add_months(end, -12), end)


def month_to(night: dt.date) -> Period:
    """Return the last whole month by a night."""
    end = (night + dt.timedelta(days=1)).replace(day=1)
    return Period(add_months(end, -1), end)


def days_to(night: dt.date, days: int) -> Period:
    """Return so many days that end with a night."""
    end = night + dt.timedelta(days=1)
    return Period(end - dt.timedelta(days=days), end)
