"""The figures as text: a table for a terminal, a CSV for a spreadsheet."""

import csv
import io
from typing import Any

from metrics.registry import FIGURES, Unit
from metrics.statistics import whole

UNKNOWN = "—"
_FORMATS = {
    Unit.RATIO: "{:.2f}",
    Unit.SCORE: "{:.2f}",
    Unit.HOURS: "{:.1f} h",
    Unit.DAYS: "{:.0f} d",
}


def as_csv(report: dict[str, Any]) -> str:
    """Return one line per row: from, to, slice, then a column per figure; what is not defined is empty."""
    keys = list(report["rows"][0]["values"])
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["from", "to", "slice", *keys])
    for row in report["rows"]:
        values = [row["values"].get(key) for key in keys]
        lines.writerow(
            [row["from"], row["to"], label(row["slice"]), *("" if v is None else v for v in values)]
        )
    return text.getvalue()


def as_table(report: dict[str, Any]) -> str:
    """Return a block per slice with a line per figure and a column per period."""
    blocks: dict[str, list[dict[str, Any]]] = {}
    for row in report["rows"]:
        blocks.setdefault(label(row["slice"]), []).append(row)
    return "\n\n".join(_block(name, rows) for name, rows in blocks.items()) + "\n"


def label(slice_: dict[str, str] | None) -> str:
    """Return a slice as `segment=mid`, the whole as nothing."""
    return " ".join(f"{key}={value}" for key, value in (slice_ or {}).items())


def _block(name: str, rows: list[dict[str, Any]]) -> str:
    head = [name, *(f"{row['from']}…{row['to']}" for row in rows)]
    lines = [[key, *(_cell(key, row["values"].get(key)) for row in rows)] for key in rows[0]["values"]]
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [head, *lines]
    )


def _cell(key: str, value: Any) -> str:
    if value is None:
        return UNKNOWN
    if FIGURES[key].unit is Unit.RATE:
        return f"{value * 100:.1f} %"
    if FIGURES[key].unit is Unit.POINTS:
        return str(whole(value))
    return _FORMATS.get(FIGURES[key].unit, "{}").format(value)
