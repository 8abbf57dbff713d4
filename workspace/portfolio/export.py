"""The portfolio as a CSV file, streamed: its rows in its order, the columns shown, ready to be imported again."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from accounts import audit
from core.csv import safe_cell
from customers.models import Customer
from workspace.portfolio.export_values import EXPORT_ALWAYS, Exported
from workspace.portfolio.portfolio import Portfolio
from workspace.portfolio.rows import load_rows

CHUNK = 1000


def exported_columns(portfolio: Portfolio) -> list[Exported]:
    """Return the file's columns: the customer's own first, then those of the columns shown."""
    found = {one.header: one for one in EXPORT_ALWAYS}
    for column in portfolio.columns:
        found.update({one.header: one for one in column.exports})
    return list(found.values())


def export_lines(portfolio: Portfolio) -> Iterator[str]:
    """Yield the file in parts; needs constant memory however many customers match."""
    columns = exported_columns(portfolio)
    yield _lines([[column.header for column in columns]])
    customers = portfolio.ordered().iterator(chunk_size=CHUNK)
    while chunk := list(islice(customers, CHUNK)):
        yield _lines(_cells(chunk, portfolio, columns))


def record_export(portfolio: Portfolio) -> None:
    """Note in the audit trail who took which customers out."""
    audit.record(
        actor=portfolio.scope.user,
        action="portfolio.exported",
        subject=("portfolio", portfolio.state.base or "-"),
        changes={"query": (None, portfolio.state.query())},
    )


def _cells(chunk: list[Customer], portfolio: Portfolio, columns: list[Exported]) -> Iterator[list[str]]:
    for row in load_rows(chunk, portfolio.scope, portfolio.columns, page=False):
        yield [safe_cell(column.value(row)) for column in columns]


def _lines(rows: object) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()
