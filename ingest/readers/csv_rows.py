"""Rows of a CSV file: comma or semicolon, told by the header."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ingest.readers.rows import MAX_CELL, MAX_LINE, Row
from ingest.reasons import FileProblem

csv.field_size_limit(MAX_CELL)


def delimiter_of(line: str) -> str:
    """Tell from a header line whether cells are parted by semicolons or commas (outside quotation marks)."""
    outside = "".join(line.split('"')[::2])
    return ";" if outside.count(";") > outside.count(",") else ","


class CsvReader:
    """A CSV file that was checked to be text."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._size = max(path.stat().st_size, 1)
        self._bytes = path.open("rb")
        self._file = io.TextIOWrapper(self._bytes, encoding=encoding, newline="")
        self._skipped = 0
        first = _bounded(self._file, 0)
        while first.strip().lower() in {"sep=;", "sep=,"} or (first and not first.strip()):
            self._skipped += 1
            first = _bounded(self._file, self._skipped)
        if not first:
            raise FileProblem("empty")
        self.delimiter = delimiter_of(first)
        self.brazilian = self.delimiter == ";"
        self._reader = csv.reader(self._lines(first), delimiter=self.delimiter, strict=True)
        try:
            self.names: list[str] | None = next(self._reader)
        except (csv.Error, StopIteration):
            raise FileProblem("bad_quotes", line=self._skipped + 1, limit=MAX_CELL) from None

    def _lines(self, first: str) -> Iterator[str]:
        yield first
        line = self._skipped + 1
        while text := self._file.readline(MAX_LINE + 1):
            if len(text) > MAX_LINE:
                raise FileProblem("line_too_long", line=line + 1, limit=MAX_LINE)
            line += 1
            yield text

    def rows(self) -> Iterator[Row]:
        """Give the rows; blank lines are passed over."""
        reader = self._reader
        while True:
            line = self._skipped + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "field limit" in str(error):
                    raise FileProblem("bad_quotes", line=line, limit=MAX_CELL) from None
                yield Row(line, [], bad="open_quote" if "end of data" in str(error) else "bad_quote")
                continue
            if cells:
                yield Row(line, cells)

    def read_share(self) -> float:
        """Tell how much of the file was read (a buffer may be ahead of the rows)."""
        return min(self._bytes.tell() / self._size, 1.0)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _bounded(file: TextIO, before: int) -> str:
    text = file.readline(MAX_LINE + 1)
    if len(text) > MAX_LINE:
        raise FileProblem("line_too_long", line=before + 1, limit=MAX_LINE)
    return text
