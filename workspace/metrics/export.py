"""A figure's rows as CSV: what its page shows, unrounded."""

import csv
import io

from core.csv import safe_cell
from core.money import from_cents
from metrics.registry import Number, Unit
from workspace.metrics.figure import FigurePage

HEAD = ("figure", "from", "to", "slice", "value", "numerator", "denominator")


def figure_csv(page: FigurePage) -> str:
    """Return one line per period, then per part of the last one; `to` is exclusive, what is not known is empty."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(HEAD)
    figure = page.figure
    above, below = figure.counted_in
    for period, part, result in page.rows():
        lines.writerow(
            [
                figure.key,
                period.first.isoformat(),
                period.end.isoformat(),
                safe_cell(part),
                plain(result.value, figure.unit),
                plain(result.numerator, above),
                plain(result.denominator, below),
            ]
        )
    return out.getvalue()


def plain(number: Number | None, unit: Unit) -> str:
    """Write a number as machines read it: money with two decimals, a rate as an unrounded fraction."""
    if number is None:
        return ""
    if unit is Unit.MONEY:
        return str(from_cents(round(number)))
    return str(int(number)) if unit is Unit.COUNT else repr(float(number))
