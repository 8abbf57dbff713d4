"""The way out: rows of every kind with the columns of CONTRACT.md, so that what is exported can be imported.

StreamingHttpResponse(export_lines("customers", Customer.objects.visible_to(user)))
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core import time
from core.csv import safe_cell
from core.money import from_cents
from customers.models import Customer, CustomerHistory
from ingest.apply.tables import TABLES
from ingest.parsers.catalogue import HISTORY_FIELDS
from ingest.parsers.columns import ATTRIBUTE, Column, Kind
from ingest.services.run import kind_named
from metrics.models import UsageEvent

CHUNK = 2000
Getter = Callable[[Any], Any]

_BY_NAME: dict[str, Getter] = {
    "customer_external_id": lambda row: row.customer.external_id,
    "contact_email": lambda row: row.contact.email if row.contact else "",
    "owner_email": lambda row: row.owner.email if row.owner else row.wanted_owner_email,
    "tags": lambda row: "|".join(sorted(tag.name for tag in row.tags.all())),
    "parent_external_id": lambda row: row.parent.external_id if row.parent else "",
    "referred_by_external_id": lambda row: row.referred_by.external_id if row.referred_by else "",
}


def export_columns(kind_name: str) -> list[str]:
    """Return the header of a kind's export, attributes included."""
    return [column.name for column in _columns(kind_named(kind_name))]


def export_queryset(kind_name: str) -> QuerySet[Any]:
    """Return all rows of a kind, in a steady order."""
    if kind_name == "customers":
        return Customer.objects.filter(merged_into__isnull=True).order_by("pk")
    if kind_name == "usage":
        return UsageEvent.objects.order_by("pk")
    if kind_name == "history":
        return CustomerHistory.objects.filter(superseded_at__isnull=True, field__in=HISTORY_FIELDS).order_by(
            "customer_id", "field", "valid_from"
        )
    return TABLES[kind_name].model._default_manager.order_by("pk")


def export_rows(kind_name: str, rows: QuerySet[Any] | None = None) -> Iterator[list[str]]:
    """Give the cells of each row as text, harmless to a spreadsheet; memory holds one chunk.

    A segment or stage that the rules decided is left empty, so that it is not pinned when it comes back in.
    """
    kind = kind_named(kind_name)
    getters = [_getter(column) for column in _columns(kind)]
    found = _related(kind_name, export_queryset(kind_name) if rows is None else rows)
    for row in found.iterator(chunk_size=CHUNK):
        yield [_text(get(row)) for get in getters]


def export_lines(kind_name: str, rows: QuerySet[Any] | None = None) -> Iterator[str]:
    """Give the lines of a CSV: the header, then `export_rows`."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield str(writer.writerow(export_columns(kind_name)))
    for cells in export_rows(kind_name, rows):
        yield str(writer.writerow(cells))


class _Echo:
    def write(self, text: str) -> str:
        """Give back what a csv writer would write."""
        return text


def _columns(kind: Kind) -> list[Column]:
    return [column for column in kind.columns if column.name != "currency"]


def _related(kind_name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    if kind_name == "customers":
        return rows.select_related("owner", "parent", "referred_by").prefetch_related("tags")
    names = {field.name for field in rows.model._meta.get_fields()}
    return rows.select_related(*(name for name in ("customer", "contact") if name in names))


def _getter(column: Column) -> Getter:
    name, field = column.name, column.field
    if name.startswith(ATTRIBUTE):
        key = name.removeprefix(ATTRIBUTE)
        return lambda row: row.attributes.get(key)
    if name in {"segment", "stage"}:
        return lambda row: "" if getattr(row, f"{name}_by") == "rule" else getattr(row, name)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if field.endswith("_cents"):
        return lambda row: None if getattr(row, field) is None else from_cents(getattr(row, field))
    if name == "month":
        return lambda row: f"{row.month:%Y-%m}"
    return lambda row: getattr(row, field)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(time.workspace_zone()).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return safe_cell(str(value))
