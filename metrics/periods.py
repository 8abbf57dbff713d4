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


def cut(first: dt.date, end: dt.date, grain: str | None, *, year_starts: int = 1) -> list[Period]:
    """Cut `[first, end)` where a week (on Monday), month, quarter or year begins; without a grain it stays whole.

    `year_starts`: the month (1–12) with which years begin, and quarters every third month from it.
    """
    if grain is None:
        return [Period(first, end)]
    edges = [first, *_edges(first, end, grain, year_starts), end]
    return [Period(a, b) for a, b in pairwise(edges)]


def _edges(first: dt.date, end: dt.date, grain: str, year_starts: int) -> Iterator[dt.date]:
    edge = unit(grain, first, year_starts=year_starts).end
    while edge < end:
        yield edge
        edge = unit(grain, edge, year_starts=year_starts).end


def unit(grain: str, day: dt.date, *, year_starts: int = 1, week_starts: int = 0) -> Period:
    """Return the day, week, month, quarter or year in which a day falls.

    `year_starts`: as `cut` has it; `week_starts`: the day with which weeks begin, Monday is 0.
    """
    if grain == "day":
        return Period(day, day + dt.timedelta(days=1))
    if grain == "week":
        first = day - dt.timedelta(days=(day.weekday() - week_starts) % 7)
        return Period(first, first + dt.timedelta(days=7))
    size = {"month": 1, "quarter": 3, "year": 12}[grain]
    first = add_months(day.replace(day=1), -((day.month - year_starts) % size))
    return Period(first, add_months(first, size))


def add_months(first_of_month: dt.date, months: int) -> dt.date:
    """Return the first day of the month so many months later (or earlier)."""
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def months_between(first: dt.date, end: dt.date) -> int:
    """Return how many months lie between two firsts of a month."""
    return (end.year - first.year) * 12 + end.month - first.month
