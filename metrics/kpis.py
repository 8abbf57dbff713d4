"""The figures per period as one plain object: what `kpis --format json` prints and the API returns."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Workspace
from customers.models import Customer, Segment, Stage
from metrics import (
    economics,
    figures,  # noqa: F401 - registers them
)
from metrics.as_published import known_of, reader
from metrics.drivers import DRIVERS
from metrics.families import FAMILIES, Reader, Readings
from metrics.kpi_output import label
from metrics.nights import last_closed_day, last_finished_day, missing_days
from metrics.once import BooksOnce
from metrics.periods import GRAINS, Period, cut
from metrics.plain import plain
from metrics.publishing import restated
from metrics.questions import BadRequest, check_night, check_segment, check_span
from metrics.recorded import Recorded
from metrics.registry import FIGURES, Figure, Result
from metrics.slices import NONE, Only
from metrics.statistics import no_real_change
from metrics.targets import Targets

Cut = Mapping[str, Readings]  # by family
CUTS = ("segment", "stage", "owner", "tag", "product", "member", "driver")


def kpis(
    *,
    first: dt.date,
    end: dt.date,
    grain: str | None = None,
    keys: Sequence[str] = (),
    segment: str | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
    published: bool = False,
    visible: QuerySet[Customer] | None = None,
) -> dict[str, Any]:
    """Return the figures of `[first, end)` per period, laid out as CONTRACT.md says.

    Money is a string with two decimals, a rate an unrounded fraction, null what is not defined. A period with days
    whose night is not finished has only nulls and says under `missing_nights` how many. What needs time to be known
    is told by the end of `as_of`, without it of the last finished night. `published` gives what was first
    published (with `as_of`: what that night showed) in place of what is known now; a period of which rows changed
    since carries the moment under `restated`. `visible` keeps to the customers of that queryset. Raises BadRequest.
    Years and quarters are those of the workspace's fiscal year.
    """
    chosen = _chosen(first, end, grain, keys, segment, by)
    check_night(as_of)
    periods = cut(first, end, grain, year_starts=Workspace.get().fiscal_year_start)
    partial = _cut_by(chosen, by)
    read = _Read(
        sorted({*periods, *(period.previous() for period in periods)}),
        Only.of(segment, visible),
        as_of,
        chosen if published else None,
    )
    whole = read.readings(chosen, None)
    parts = read.readings(partial, by) if by else {}
    rows = [
        row
        for period in periods
        for row in [
            read.row(period, chosen, whole, None, _slice(segment, None, None)),
            *(
                read.row(period, partial, parts, part, _slice(segment, by, part))
                for part in (_parts(by, parts) if by else [])
            ),
        ]
    ]
    return {
        "from": first.isoformat(),
        "to": end.isoformat(),
        "grain": grain,
        "currency": settings.CURRENCY,
        **({"published": True} if published else {}),
        "rows": rows,
    }


class _Read:
    """What is read once for all rows: every period and the one before it, by family, and the missing nights."""

    def __init__(
        self,
        periods: Sequence[Period],
        only: Only,
        as_of: dt.date | None,
        published: Sequence[Figure] | None = None,
    ) -> None:
        self.periods = list(periods)
        self.known = None if published is None else known_of(self.periods, past=as_of)
        self.recorded = (
            None if published is None else Recorded(published, self.periods, everybody=only.among is None)
        )
        self.restated = restated(self.periods)
        books = BooksOnce()
        self.once: dict[str, Reader] = {"book": books, "economics": partial(economics.read, read_books=books)}
        self.only = only
        self.targets = Targets(periods if only.among is None else ())  # they are set for all customers
        self.as_of = as_of or last_finished_day() or last_closed_day()
        missing = missing_days(periods[0].first, max(period.end for period in periods))
        self.missing = {p: sum(p.first <= day < p.end for day in missing) for p in self.periods}

    def readings(self, chosen: Sequence[Figure], by: str | None) -> Cut:
        """Return what the figures' families read, cut `by`."""
        return {
            key: self._reader(key)(self.periods, by, self.only, self.as_of)
            for key in dict.fromkeys(figure.family for figure in chosen)
        }

    def _reader(self, family: str) -> Reader:
        if self.known is not None:
            return reader(family, self.known)
        return self.once.get(family, FAMILIES[family].read)

    def row(
        self,
        period: Period,
        chosen: Sequence[Figure],
        of: Cut,
        part: str | None,
        labels: dict[str, str] | None,
    ) -> dict[str, Any]:
        results = self._results(period, chosen, of, part, labels)
        aims = self.targets.in_force(label(labels), period)
        before = self._results(period.previous(), chosen, of, part, labels)
        row: dict[str, Any] = {
            "from": period.first.isoformat(),
            "to": period.end.isoformat(),
            "slice": labels,
            "values": {figure.key: plain(results[figure.key].value, figure.unit) for figure in chosen},
            "counts": {
                figure.key: {
                    "numerator": plain(results[figure.key].numerator, figure.counted_in[0]),
                    "denominator": plain(results[figure.key].denominator, figure.counted_in[1]),
                }
                for figure in chosen
                if results[figure.key].denominator is not None
            },
            "previous": {figure.key: plain(before[figure.key].value, figure.unit) for figure in chosen},
        }
        beside = {
            "targets": {
                figure.key: plain(aims[figure.key], figure.unit) for figure in chosen if figure.key in aims
            },
            "intervals": {
                figure.key: [plain(limit, figure.unit) for limit in results[figure.key].interval or ()]
                for figure in chosen
                if results[figure.key].interval is not None
            },
            "provisional": [figure.key for figure in chosen if results[figure.key].provisional],
            "notes": {
                figure.key: str(results[figure.key].note) for figure in chosen if results[figure.key].note
            },
            "no_real_change": [
                figure.key for figure in chosen if _alike(results[figure.key], before[figure.key])
            ],
            "missing_nights": self.missing[period],
            "restated": since.isoformat() if (since := self.restated[period]) else None,
        }
        return row | {name: told for name, told in beside.items() if told}

    def _results(
        self,
        period: Period,
        chosen: Sequence[Figure],
        of: Cut,
        part: str | None,
        labels: Mapping[str, str] | None,
    ) -> dict[str, Result]:
        if self.missing[period]:
            return {figure.key: Result(None) for figure in chosen}
        found = {
            figure.key: figure.compute(
                of[figure.family].get((period, part)) or FAMILIES[figure.family].empty()
            )
            for figure in chosen
        }
        if self.recorded is None:
            return found
        if self.known is not None and self.known[period] is None:
            return {key: Result(None) for key in found}
        return {
            figure.key: self.recorded.result(figure, period, found[figure.key], labels or {})
            for figure in chosen
        }


def _chosen(
    first: dt.date, end: dt.date, grain: str | None, keys: Sequence[str], segment: str | None, by: str | None
) -> list[Figure]:
    """Return the figures asked for. Raises BadRequest naming what is wrong with the question."""
    check_span(first, end)
    check_segment(segment)
    if grain is not None and grain not in GRAINS:
        raise BadRequest(f"There is no grain {grain}; there are {', '.join(GRAINS)}.")
    if by is not None and by not in CUTS:
        raise BadRequest(f"Figures cannot be cut by {by}; they can by {', '.join(CUTS)}.")
    unknown = [key for key in keys if key not in FIGURES]
    if unknown:
        raise BadRequest(f"There is no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}.")
    chosen = [FIGURES[key] for key in dict.fromkeys(keys or FIGURES)]
    if keys and by and not _cut_by(chosen, by):
        raise BadRequest(f"None of {', '.join(keys)} can be cut by {by}.")
    return chosen


def _cut_by(chosen: Sequence[Figure], by: str | None) -> list[Figure]:
    return [figure for figure in chosen if by in figure.cuts]


def _parts(by: str, of: Cut) -> list[str]:
    """Return the parts in the order people expect; "none" is the last, and there wherever parts must add up."""
    if by == "driver":
        return list(DRIVERS)
    if by in ("segment", "stage"):
        names = list(Segment.values if by == "segment" else Stage.values)
    else:
        names = sorted({part for read in of.values() for _, part in read if part is not None} - {NONE})
    return names if by == "product" else [*names, NONE]


def _slice(segment: str | None, by: str | None, part: str | None) -> dict[str, str] | None:
    labels = {"segment": segment} if segment else {}
    if by and part is not None:
        labels[by] = part
    return labels or None


def _alike(now: Result, before: Result) -> bool:
    """Tell whether two results differ by less than the margin of their difference."""
    if now.value is None or before.value is None or now.margin is None or before.margin is None:
        return False
    return no_real_change(float(now.value - before.value), now.margin, before.margin)
