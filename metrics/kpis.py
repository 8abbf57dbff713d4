"""The figures per period as one plain object: what `kpis --format json` prints and the API returns."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.conf import settings

from accounts.models import Workspace
from core.money import from_cents
from customers.models import Segment, Stage
from metrics import figures  # noqa: F401 - registers them
from metrics.book import NONE, Book, Books, books, books_by_product
from metrics.nights import missing_days
from metrics.periods import GRAINS, Period, cut
from metrics.registry import FIGURES, Figure, Result, Unit

CUTS = ("segment", "stage", "owner", "tag", "product")


class BadRequest(ValueError):  # noqa: N818 - what it is, not an error of ours
    """The question cannot be answered; the message says which part and what would be right."""


def kpis(
    *,
    first: dt.date,
    end: dt.date,
    grain: str | None = None,
    keys: Sequence[str] = (),
    segment: str | None = None,
    by: str | None = None,
) -> dict[str, Any]:
    """Return the figures of `[first, end)` per period, laid out as CONTRACT.md says.

    Money is a string with two decimals, a rate an unrounded fraction, null what is not defined. A period with days
    whose night is not finished has only nulls and says under `missing_nights` how many. Raises BadRequest.
    """
    chosen = _chosen(first, end, grain, keys, segment, by)
    periods = cut(first, end, grain)
    read = _Read(sorted({*periods, *(period.previous() for period in periods)}), segment)
    whole = read.books(None)
    parts = read.books(by) if by else {}
    rows = [
        row
        for period in periods
        for row in [
            read.row(period, chosen, whole, None, _slice(segment, None, None)),
            *(
                read.row(period, _cut_by(chosen, by), parts, part, _slice(segment, by, part))
                for part in (_parts(by, parts) if by else [])
            ),
        ]
    ]
    return {
        "from": first.isoformat(),
        "to": end.isoformat(),
        "grain": grain,
        "currency": settings.CURRENCY,
        "rows": rows,
    }


class _Read:
    """What is read once for all rows: the books of every period and of the one before it, and the missing nights."""

    def __init__(self, periods: Sequence[Period], segment: str | None) -> None:
        self.periods = list(periods)
        self.segment = segment
        missing = missing_days(periods[0].first, max(period.end for period in periods))
        self.missing = {p: sum(p.first <= day < p.end for day in missing) for p in self.periods}

    def books(self, by: str | None) -> Books:
        if by == "product":
            return books_by_product(self.periods, grace_days=Workspace.get().grace_days, segment=self.segment)
        return books(self.periods, by=by, segment=self.segment)

    def row(
        self,
        period: Period,
        chosen: Sequence[Figure],
        of: Books,
        part: str | None,
        labels: dict[str, str] | None,
    ) -> dict[str, Any]:
        results = self._results(period, chosen, of, part)
        before = self._results(period.previous(), chosen, of, part)
        row: dict[str, Any] = {
            "from": period.first.isoformat(),
            "to": period.end.isoformat(),
            "slice": labels,
            "values": {figure.key: _plain(results[figure.key].value, figure.unit) for figure in chosen},
            "counts": {
                figure.key: {
                    "numerator": _plain(results[figure.key].numerator, figure.counted_in[0]),
                    "denominator": _plain(results[figure.key].denominator, figure.counted_in[1]),
                }
                for figure in chosen
                if results[figure.key].denominator is not None
            },
            "previous": {figure.key: _plain(before[figure.key].value, figure.unit) for figure in chosen},
        }
        if self.missing[period]:
            row["missing_nights"] = self.missing[period]
        return row

    def _results(
        self, period: Period, chosen: Sequence[Figure], of: Books, part: str | None
    ) -> dict[str, Result]:
        if self.missing[period]:
            return {figure.key: Result(None) for figure in chosen}
        book = of.get((period, part), Book())
        return {figure.key: figure.compute(book) for figure in chosen}


def _chosen(
    first: dt.date, end: dt.date, grain: str | None, keys: Sequence[str], segment: str | None, by: str | None
) -> list[Figure]:
    """Return the figures asked for. Raises BadRequest naming what is wrong with the question."""
    if end <= first:
        raise BadRequest(f"The span is empty: --to {end} is exclusive and must be after --from {first}.")
    if grain is not None and grain not in GRAINS:
        raise BadRequest(f"There is no grain {grain}; there are {', '.join(GRAINS)}.")
    if segment is not None and segment not in (*Segment.values, NONE):
        raise BadRequest(f"There is no segment {segment}; there are {', '.join([*Segment.values, NONE])}.")
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


def _parts(by: str, of: Books) -> list[str]:
    """Return the parts in the order people expect; "none" is the last, and there wherever parts must add up."""
    if by in ("segment", "stage"):
        names = list(Segment.values if by == "segment" else Stage.values)
    else:
        names = sorted({part for _, part in of if part is not None} - {NONE})
    return names if by == "product" else [*names, NONE]


def _slice(segment: str | None, by: str | None, part: str | None) -> dict[str, str] | None:
    labels = {"segment": segment} if segment else {}
    if by and part is not None:
        labels[by] = part
    return labels or None


def _plain(value: int | Fraction | None, unit: Unit) -> str | int | float | None:
    """Return a value as JSON holds it: money rounded half-even to cents, a rate as it is."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return str(from_cents(round(value)))
    if unit is Unit.COUNT:
        return int(value)
    return float(value)
