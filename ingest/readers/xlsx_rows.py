"""Rows of the first sheet of an `.xlsx` workbook. A line is a row's number in the sheet."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ingest.parsers.columns import MAX_COLUMNS
from ingest.readers.rows import Row
from ingest.reasons import FileProblem

MAX_UNPACKED = 1 << 30  # a workbook that unpacks to more is no table of customers


class XlsxReader:
    """The first sheet of a workbook, read as a stream."""

    delimiter = ","
    brazilian = False

    def __init__(self, path: Path) -> None:
        try:
            with zipfile.ZipFile(path) as packed:
                if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                    raise FileProblem("too_large", limit=MAX_UNPACKED >> 20)
            self._book = load_workbook(path, read_only=True, data_only=True)
            sheet: Any = self._book.worksheets[0]
            sheet.reset_dimensions()
            self._rows = sheet.iter_rows(values_only=True)
            first = next(self._rows, None)
        except FileProblem:
            raise
        except Exception:  # openpyxl raises whatever its parsers raise on a broken workbook
            raise FileProblem("bad_xlsx") from None
        if first is None or not any(value is not None for value in first):
            raise FileProblem("empty")
        names = [_cell(value) for value in first]
        while names and not names[-1]:
            names.pop()
        if len(names) > MAX_COLUMNS:
            raise FileProblem("too_many_columns", limit=MAX_COLUMNS)
        self.names: list[str] | None = names
        self._done = False

    def rows(self) -> Iterator[Row]:
        """Give the rows; empty ones are passed over, short ones filled up (the sheet drops empty ends)."""
        width = len(self.names or [])
        line = 1
        while True:
            line += 1
            try:
                values = next(self._rows, None)
            except Exception:  # as above: the rest of the sheet is broken
                raise FileProblem("bad_xlsx") from None
            if values is None:
                self._done = True
                return
            cells = [_cell(value) for value in values]
            if any(cells):
                yield Row(line, cells + [""] * (width - len(cells)))

    def read_share(self) -> float:
        """Tell how much was read: a packed sheet only knows its end."""
        return 1.0 if self._done else 0.5

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        number = Decimal(repr(value))
        return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)
