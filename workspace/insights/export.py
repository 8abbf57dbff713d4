"""What customers said as a CSV file, for the teams that work with spreadsheets: one line an insight, streamed."""

import csv
import io
from collections.abc import Iterable, Iterator

from accounts import audit
from core.csv import safe_cell
from customers.models import Insight, InsightTheme
from metrics.models import CustomerDay
from workspace.insights.board import Board

HEADER = (
    "theme",
    "kind",
    "area",
    "team",
    "state",
    "owner",
    "due_on",
    "customer_external_id",
    "customer",
    "mrr",
    "quote",
    "said_by",
    "said_on",
    "source",
)
CHUNK = 500


def export_lines(board: Board) -> Iterator[str]:
    """Yield the file in parts: all that was said in the period about the themes that match."""
    yield _line(HEADER)
    themes = {row.pk: row for row in board.themes()}
    rows = (
        board.said.filter(theme__in=themes)
        .select_related("customer", "contact")
        .order_by("theme", "-said_on", "pk")
    )
    found = CustomerDay.objects.filter(day=board.night, customer__in=rows.order_by().values("customer"))
    mrr = dict(found.values_list("customer", "mrr_cents"))
    for row in rows.iterator(chunk_size=CHUNK):
        yield _line(_cells(row, themes[row.theme_id or 0], mrr.get(row.customer_id)))


def record_export(board: Board) -> None:
    """Note in the audit trail who took it out."""
    audit.record(
        actor=board.user,
        action="insights.exported",
        subject=("insights", "-"),
        changes={"team": (None, board.team), "state": (None, board.state), "kind": (None, board.kind)},
    )


def _cells(row: Insight, theme: InsightTheme, mrr: int | None) -> list[str]:
    return [
        theme.name,
        row.kind,
        row.area or theme.area,
        theme.team,
        theme.state,
        theme.owner.email if theme.owner else "",
        theme.due_on.isoformat() if theme.due_on else "",
        row.customer.external_id,
        row.customer.name,
        "" if mrr is None else f"{mrr / 100:.2f}",
        row.quote,
        str(row.contact) if row.contact else row.said_by,
        row.said_on.isoformat(),
        row.source,
    ]


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
