"""A list as a CSV file, streamed line by line; text that a spreadsheet would run is made harmless."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from core import time
from core.csv import safe_cell


def csv_file(name: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> StreamingHttpResponse:
    """Return the file `name-YYYY-MM-DD.csv`."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{time.today().isoformat()}.csv"'
    return response


def money(cents: int | None) -> str:
    """Return cents as the files write money: 1234.56; empty where nothing is known."""
    return "" if cents is None else f"{cents / 100:.2f}"


def _lines(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
