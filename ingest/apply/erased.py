"""Rows about erased people: they bring nobody back (docs/adr/0021)."""

from dataclasses import replace
from typing import Any

from ingest.apply.context import Run
from ingest.apply.tables import Fields
from ingest.reasons import Rejected
from ingest.staging import Staged

GONE = "[erased]"
ABOUT = ("subject", "summary", "comment")  # what a fact says in words about the person it names


def refuse_erased(run: Run, row: Staged, fields: Fields) -> bool:
    """Reject a contact's row that would bring an erased person back; the rejected row does not say who."""
    if run.kind != "contacts":
        return False
    firm = fields["customer_id"]
    known = next(
        (name for name in ("email", "external_id") if run.erased.find(firm, row.values.get(name, ""))), ""
    )
    if not known:
        return False
    run.note("erased", row.line)
    run.staging.reject(replace(row, row=_emptied(row.row)), Rejected(known, "erased"))
    run.counts["rejected"] += 1
    return True


def stay_anonymous(run: Run, row: Staged, fields: Fields, email: str) -> bool:
    """Let a fact that names an erased person belong to the anonymous row, without its words; tell whether it does."""
    known = run.erased.find(fields.get("customer_id") or 0, email)
    if known is None:
        return False
    fields["contact_id"] = known.contact_id
    for name in ABOUT:
        if name in fields:
            fields[name] = ""
    run.note("erased", row.line)
    return True


def _emptied(row: Any) -> Any:
    return dict.fromkeys(row, GONE) if isinstance(row, dict) else [GONE for _cell in row]
