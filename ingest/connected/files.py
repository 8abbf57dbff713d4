"""Their export files as rows of our import kinds, brought to the upload page: looked at before anything is written."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from accounts.principals import Principal
from ingest.connected.file_rows import (
    stripe_customer,
    stripe_invoice,
    stripe_subscription,
    zendesk_csv_ticket,
    zendesk_json_ticket,
)
from ingest.connected.matching import customers_of
from ingest.connected.sent import Row, Told
from ingest.models import Batch
from ingest.services.upload import reading_set, upload_create

MOST_BYTES = 50 << 20
Reader = Callable[[Mapping[str, Any]], Told | None]


class NotAnExport(Exception):  # noqa: N818
    """The file is none that we know; the text says so in the reader's language."""


@dataclass(frozen=True)
class Export:
    """A kind of export: by which columns it is known, what it is, and how a row is read."""

    columns: frozenset[str]
    name: str
    read: Reader


SUBSCRIPTIONS = frozenset({"id", "Customer ID", "Plan", "Interval", "Status"})
INVOICES = frozenset({"id", "Amount Due", "Customer", "Currency"})
CUSTOMERS = frozenset({"id", "Email", "Created (UTC)", "Delinquent"})
TICKETS = frozenset({"Id", "Requester", "Status", "Created at"})
JSON_TICKETS = frozenset({"id", "requester_id", "status", "created_at"})
EXPORTS = (
    Export(SUBSCRIPTIONS, "stripe-subscriptions", stripe_subscription),
    Export(INVOICES, "stripe-invoices", stripe_invoice),
    Export(CUSTOMERS, "stripe-customers", stripe_customer),
    Export(TICKETS, "zendesk-tickets", zendesk_csv_ticket),
    Export(JSON_TICKETS, "zendesk-tickets", zendesk_json_ticket),
)


def bring_export(*, file: Any, actor: Principal) -> list[Batch]:
    """Make uploads of an export file, in our columns: one a kind of row there is in it. Raises `NotAnExport`."""
    if file.size > MOST_BYTES:
        raise NotAnExport(_("The file is larger than 50 MB; export a shorter span."))
    export, rows = _open(file.read())
    told = [one for one in (export.read(row) for row in rows) if one is not None and one.rows]
    kinds = list(dict.fromkeys(kind for one in told for kind in one.rows))
    if not kinds:
        raise NotAnExport(_("There is nothing in this file that Zelo keeps."))
    firms = customers_of(told)
    return [_upload(kind, export.name, _found(kind, told, firms), actor) for kind in kinds]


def _upload(kind: str, name: str, rows: Iterable[Row], actor: Principal) -> Batch:
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    file = ContentFile(lines.encode())
    batch = upload_create(kind=kind, file=file, name=f"{name}.jsonl", actor=actor, options={"read": True})
    return reading_set(batch=batch, columns={}, dates="iso", file_wins=False)


def _found(kind: str, told: list[Told], firms: list[str]) -> Iterator[Row]:
    """Give the rows with their customers; where there is none its key stands, so that the check names it."""
    for one, firm in zip(told, firms, strict=True):
        for row in one.rows.get(kind, ()):
            whose = {} if kind == "customers" else {"customer_external_id": firm or one.customer or one.email}
            yield {**row, **whose}


def _open(raw: bytes) -> tuple[Export, Iterable[Mapping[str, Any]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAnExport(
            _("The file is not UTF-8; export it again without opening it in a spreadsheet.")
        ) from None
    rows = _json(text) if text.lstrip()[:1] in {"{", "["} else list(csv.DictReader(io.StringIO(text)))
    names = {str(name) for name in (rows[0] if rows else {}) if name}
    for export in EXPORTS:
        if export.columns <= names:
            return export, rows
    said = _("This is no export of Stripe or Zendesk that Zelo knows. Its columns are: %(names)s.")
    raise NotAnExport(said % {"names": ", ".join(sorted(names)[:20]) or "—"})


def _json(text: str) -> list[Mapping[str, Any]]:
    """Return the objects of a JSON file: one a line, a list, or `{"tickets": [...]}`."""
    try:
        found = json.loads(text)
    except ValueError:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise NotAnExport(_("The file is no JSON that can be read.")) from None
    if isinstance(found, dict):
        found = found.get("tickets", [found])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
