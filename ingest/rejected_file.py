"""The rejected rows as a file: as they stood, with the reason behind them, ready to be mended and imported again."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from ingest.reasons import sentence
from ingest.staging import Refusal

REASON = "reason"


class _Echo:
    def write(self, text: str) -> str:
        """Give back what a csv writer would write."""
        return text


def told(refusal: Refusal) -> str:
    """Say where and why a row was rejected, on one line."""
    return f"{place(refusal)}: {why(refusal)}"


def place(refusal: Refusal) -> str:
    """Say the line and the column."""
    if refusal.column:
        return _("line %(line)s, %(column)s") % {"line": refusal.line, "column": refusal.column}
    return _("line %(line)s") % {"line": refusal.line}


def why(refusal: Refusal) -> str:
    """Say the reason, on one line."""
    return " ".join(sentence(refusal.code, refusal.params).split())


def rejected_lines(
    refusals: Iterable[Refusal], *, names: list[str] | None, known: Iterable[str], delimiter: str
) -> Iterator[str]:
    """Give the lines of the CSV. `names` is the file's header; a JSON file has the kind's columns instead."""
    header = list(known if names is None else names)
    kept = [i for i, name in enumerate(header) if name.strip().lower() != REASON]
    writer = csv.writer(_Echo(), delimiter=delimiter, lineterminator="\r\n")
    yield _line(writer, [*(header[i] for i in kept), REASON])
    for refusal in refusals:
        row = refusal.row
        if isinstance(row, dict):
            cells = [row.get(name, "") for name in header]
        else:
            cells = [*row, *[""] * (len(header) - len(row))]
        reason = f"{refusal.column}: {why(refusal)}" if refusal.column else why(refusal)
        yield _line(writer, [*(cells[i] for i in kept), *cells[len(header) :], reason])


def _line(writer: Any, cells: list[str]) -> str:
    return str(writer.writerow(cells))
