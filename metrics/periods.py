"""Periods: half-open spans of days, cut by day, week, month, quarter or year at the edges of the whole span."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

GRAINS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, order=True)
class Period:
    """The days `[first, end)`."""

    first: dt.date
    end: dt.date

    @property
    def last(self) -> dt.date:
        """The last day of the period."""
        return self.end - dt.timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.first).days

    def previous(self) -> "Period":
        """The period before to compare with: for whole months as many months, else as many days."""
        if self.first.day == 1 and self.end.day == 1:
            return Period(add_months(self.first, -months_between(self.first, self.end)), self.first)
        return Period(self.first - dt.timedelta(days=self.days), self.first)


def cut(first: dt.date, end: dt.date, grain: str | None) -> list[Period]:
    """Cut `[first, end)` where a week (on Monday), month, quarter or year begins; without a grain it stays whole."""
    if grain is None:
        return [Period(first, end)]
    edges = [first, *_edges(first, end, grain), end]
    return [Period(a, b) for a, b in pairwise(edges)]


def _edges(first: dt.date, end: dt.date, grain: str) -> Iterator[dt.date]:
    edge = _next(first, grain)
    while edge < end:
        yield edge
        edge = _next(edge, grain)


def _next(day: dt.date, grain: str) -> dt.date:
    """Return the first day of the next unit of the grain after `day`."""
    if grain == "day":
        return day + dt.timedelta(days=1)
    if grain == "week":
        return day + dt.timedelta(days=7 - day.weekday())
    size = {"month": 1, "quarter": 3, "year": 12}[grain]
    begun = day.replace(day=1, month=(day.month - 1) // size * size + 1)
    return add_months(begun, size)


def add_months(first_of_month: dt.date, months: int) -> dt.date:
    """Return the first day of the month so many months later (or earlier)."""
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def months_between(first: dt.date, end: dt.date) -> int:
    """Return how many months lie between two firsts of a month."""
    return (end.year - first.year) * 12 + end.month - first.month
