"""Figures over windows that may overlap: what boards and pages show (`kpis` cuts one span into parts).

A figure whose usual window is longer than a month (retention: 12 months) is told over that window, ending with the
period looked at, unless the period itself is longer. All windows of a family are read in one go.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet

from core.safely import safely
from customers.models import Customer, Segment, Stage
from metrics import economics
from metrics import figures as all_figures  # noqa: F401 - registers them
from metrics.as_published import known_of, reader
from metrics.drivers import DRIVERS
from metrics.families import FAMILIES, Reader, Readings
from metrics.kept import books_of, kept_reader, latest_event
from metrics.nights import last_closed_day, last_finished_day, missing_days
from metrics.periods import Period, add_months
from metrics.registry import Figure, Result
from metrics.slices import NONE, Only

LONGEST_MONTH = 31
YEAR = 365
# Families that rest on books read them as they are kept.
KEPT: dict[str, Reader] = {"book": books_of, "economics": partial(economics.read, read_books=books_of)}
# Families read from facts of which every change emits an event.
KEPT_FACTS = frozenset({"first_responses", "resolutions", "solved", "voice", "renewals"})


def window(figure: Figure, period: Period) -> Period:
    """Return the days over which a figure is told for a period."""
    days = figure.window_days
    if days <= LONGEST_MONTH or period.days >= days:
        return period
    if days == YEAR and period.end.day == 1:
        return Period(add_months(period.end, -12), period.end)
    return Period(period.end - dt.timedelta(days=days), period.end)


def back(period: Period, count: int) -> list[Period]:
    """Return `count` periods, each the one before the next; the last is `period`."""
    found = [period]
    while len(found) < count:
        found.append(found[-1].previous())
    return found[::-1]


Remembering = Callable[[Figure, Period, Result, str | None], Result]
"""Returns what was published of a figure over the days of its window, given what is known now and the part."""


@dataclass(frozen=True)
class Telling:
    """What figures were over the windows of some periods, as a whole or part by part.

    `failed`: families that could not be read, with the number under which the log tells why.
    """

    by: str | None
    cuts: frozenset[str]
    readings: dict[str, Readings]
    missing: dict[Period, int]
    failed: dict[str, str]
    recorded: Remembering | None = None
    event: int | None = None

    def result(self, figure: Figure, period: Period, part: str | None = None) -> Result:
        """Return a figure's result for a period.

        Nothing where a night of its window is missing, or the figure is not told of such a slice.
        """
        seen = window(figure, period)
        if self.missing[seen] or figure.family in self.failed or not self.cuts <= set(figure.cuts):
            return Result(None)
        found = figure.compute(
            self.readings[figure.family].get((seen, part)) or FAMILIES[figure.family].empty()
        )
        return found if self.recorded is None else self.recorded(figure, seen, found, part)

    def missing_nights(self, figure: Figure, period: Period) -> int:
        """Return how many nights of a figure's window are not finished."""
        return self.missing[window(figure, period)]

    def parts(self) -> list[str]:
        """Return the parts in the order people expect; "none" is the last."""
        if self.by == "driver":
            return list(DRIVERS)
        if self.by in ("segment", "stage"):
            names: list[str] = list(Segment.values if self.by == "segment" else Stage.values)
        else:
            read = {part for one in self.readings.values() for _, part in one if part is not None}
            names = sorted(read - {NONE})
        return names if self.by == "product" else [*names, NONE]


def tell(
    figures: Sequence[Figure],
    periods: Sequence[Period],
    *,
    by: str | None = None,
    segment: str | None = None,
    stage: str | None = None,
    owner: int | None = None,
    visible: QuerySet[Customer] | None = None,
    as_of: dt.date | None = None,
    bravely: bool = False,
    published: bool = False,
    past: dt.date | None = None,
    recorded: Remembering | None = None,
    kept: bool = False,
    beside: Telling | None = None,
) -> Telling:
    """Read figures for periods, cut `by` segment, stage, owner, tag or product, or as a whole.

    The number of statements depends on the families only. `by` must be a cut of every figure. Without `as_of` what
    needs time to be known is told by the last finished night. `segment`, `stage` and `owner` (a person's id) keep to a
    slice, `visible` to customers of that queryset. `bravely`: a family that cannot be read leaves the others alone.
    `published` gives what was first published (or, with `past`, what the night of that day showed) in place of what is
    known now; `recorded` says what was of figures that keep no versions (metrics/recorded.py). `kept`: what was read of
    facts a moment ago may be given again (metrics/kept.py), for pages. `beside`: what was told of the same windows
    already, so that their nights are not looked up again.
    """
    only = Only.of(segment, visible, stage=stage, owner=owner)
    day = as_of or last_finished_day() or last_closed_day()
    wanted: dict[str, set[Period]] = {}
    for figure in figures:
        wanted.setdefault(figure.family, set()).update(window(figure, period) for period in periods)
    seen = sorted(set().union(*wanted.values()))
    readings: dict[str, Readings] = {}
    failed: dict[str, str] = {}
    missing = _missing(seen) if beside is None else {one: beside.missing[one] for one in seen}
    known = known_of(seen, past=past) if published else None
    event = None
    if kept:
        event = latest_event() if beside is None or beside.event is None else beside.event
    for family, asked in wanted.items():
        windows = [one for one in asked if not missing[one]]  # of the others nothing is told
        if not windows:
            readings[family] = {}
            continue
        read = KEPT.get(family, FAMILIES[family].read)
        if event is not None and family in KEPT_FACTS:
            read = kept_reader(family, read, event)
        if known is not None:
            read = reader(family, known)
        if not bravely:
            readings[family] = read(sorted(windows), by, only, day)
            continue
        attempt = safely(partial(read, sorted(windows), by, only, day))
        readings[family] = attempt.value or {}
        if attempt.error:
            failed[family] = attempt.error
    return Telling(
        by=by,
        cuts=only.cuts,
        readings=readings,
        failed=failed,
        recorded=recorded,
        missing=missing,
        event=event,
    )


def _missing(windows: Sequence[Period]) -> dict[Period, int]:
    """Return how many nights of each window, in order, are not finished."""
    gone = missing_days(windows[0].first, max(one.end for one in windows))
    return {one: sum(one.first <= night < one.end for night in gone) for one in windows}
