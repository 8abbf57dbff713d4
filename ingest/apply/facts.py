"""Apply a chunk of rows of most kinds: compare with what is there, write what differs."""

from typing import Any

from django.db import models

from ingest.apply import references
from ingest.apply.context import Run
from ingest.apply.erased import refuse_erased, stay_anonymous
from ingest.apply.ledger import PER_STATEMENT, Change, keep_changes, keep_versions
from ingest.apply.stale import mark_facts
from ingest.apply.tables import TABLES, Fields, Table, snapshot
from ingest.apply.targets import check_target
from ingest.parsers import checks
from ingest.parsers.catalogue import KINDS
from ingest.parsers.columns import Kind, Values
from ingest.reasons import Rejected
from ingest.staging import Staged
from surveys.services.themes import comments_changed

CHECKS = {**checks.CHECKS, "targets": check_target}
CONTACT = "contact_email"
CUSTOMER = "customer_external_id"


def apply_facts(run: Run, rows: list[Staged]) -> None:
    """Apply one chunk, inside the caller's transaction."""
    kind, table = KINDS[run.kind], TABLES[run.kind]
    wanted = _wanted(run, kind, rows)
    existing = table.existing(fields for _, fields in wanted)
    new: dict[int, tuple[models.Model, Fields]] = {}
    changed: dict[int, tuple[models.Model, Fields]] = {}
    for row, fields in wanted:
        try:
            known = existing.get(table.key_of(fields))
            if known is None:
                made = _make(run, kind, table, row, fields)
                existing[table.key_of(fields)] = made
                new[id(made)] = (made, {})
                run.tell("new", row.line)
            else:
                before = snapshot(known)
                if _lay_over(run, row, known, before, fields):
                    if id(known) not in new:
                        changed.setdefault(id(known), (known, before))
                    run.tell("changed", row.line)
                else:
                    run.tell("unchanged", row.line)
        except Rejected as why:
            run.staging.reject(row, why)
            run.counts["rejected"] += 1
    if run.write:
        _write(run, table, [made for made, _ in new.values()], list(changed.values()))


def resulting(run: Run, known: Fields, fields: Fields, row: Staged | None) -> Fields:
    """Return what of `fields` changes a known row; what was edited by hand stays unless the file wins."""
    by_hand = set(known.get("hand_edited") or ())
    differing = {name: value for name, value in fields.items() if known[name] != value}
    for name in list(differing):
        if not run.file_wins and {name, name.removesuffix("_id"), name.removesuffix("_cents")} & by_hand:
            del differing[name]
            if row is not None:
                run.note("kept_by_hand", [row.line, name.removesuffix("_id").removesuffix("_cents")])
    if run.file_wins and differing and by_hand & set(differing):
        differing["hand_edited"] = sorted(by_hand - set(differing))
    return differing


def model_fields(kind: Kind, values: Values) -> Fields:
    """Turn values by column into attributes of the table; references are left out."""
    by_name = kind.by_name
    return {
        by_name[name].field: value
        for name, value in values.items()
        if by_name[name].field and name != CUSTOMER
    }


def _wanted(run: Run, kind: Kind, rows: list[Staged]) -> list[tuple[Staged, Fields]]:
    """Find what the rows point to and turn them into attributes of the table."""
    customers = references.customer_ids(row.values[CUSTOMER] for row in rows if CUSTOMER in row.values)
    contacts = references.contact_ids(
        (customers[row.values[CUSTOMER]], row.values[CONTACT])
        for row in rows
        if row.values.get(CONTACT) and row.values.get(CUSTOMER) in customers
    )
    wanted = []
    for row in rows:
        fields = model_fields(kind, row.values)
        for name in kind.optional_key:
            fields.setdefault(name, "")
        if CUSTOMER in row.values:
            fields["customer_id"] = customers.get(row.values[CUSTOMER])
            if fields["customer_id"] is None:
                why = Rejected(CUSTOMER, "unknown_customer", value=row.values[CUSTOMER])
                run.staging.reject(row, why)
                run.counts["rejected"] += 1
                continue
        if refuse_erased(run, row, fields):
            continue
        if CONTACT in row.values:
            email = row.values[CONTACT]
            fields["contact_id"] = contacts.get((fields.get("customer_id") or 0, email))
            if email and fields["contact_id"] is None and not stay_anonymous(run, row, fields, email):
                run.note("unknown_contact", email)
        wanted.append((row, fields))
    return wanted


def _make(run: Run, kind: Kind, table: Table, row: Staged, fields: Fields) -> models.Model:
    for column in kind.columns:
        if column.required and column.name not in row.values:
            raise Rejected(column.name, "missing")
    made = table.model(**fields)
    if hasattr(made, "recorded_at"):
        made.recorded_at = run.at
    _check(run, snapshot(made))
    return made


def _lay_over(run: Run, row: Staged, known: models.Model, before: Fields, fields: Fields) -> bool:
    """Lay a row over a known one in memory; tell whether that changes anything."""
    key = TABLES[run.kind].key
    differing = resulting(run, before, {n: v for n, v in fields.items() if n not in key}, row)
    if not differing:
        return False
    _check(run, {**before, **differing})
    for name, value in differing.items():
        setattr(known, name, value)
    run.show(row.line, str(known), {name: (before[name], value) for name, value in differing.items()})
    return True


def _check(run: Run, row: Fields) -> None:
    """Refuse a row whose values do not go together, or that names what is not there."""
    if run.kind in CHECKS:
        CHECKS[run.kind](row)


def _write(
    run: Run, table: Table, new: list[models.Model], changed: list[tuple[models.Model, Fields]]
) -> None:
    manager: Any = table.model._default_manager
    manager.bulk_create(new, batch_size=PER_STATEMENT)
    changes = [Change(made, None, snapshot(made)) for made in new]
    for row, before in changed:
        if "recorded_at" in before:
            row.recorded_at = run.at  # type: ignore[attr-defined]
        if "updated_at" in before:
            row.updated_at = run.at  # type: ignore[attr-defined]
        after = {name: value for name, value in snapshot(row).items() if before[name] != value}
        changes.append(Change(row, {name: before[name] for name in after}, after))
    names = sorted({name for change in changes[len(new) :] for name in change.after})
    if names:
        attnames = {field.attname: field.name for field in table.model._meta.concrete_fields}
        manager.bulk_update([row for row, _ in changed], [attnames[n] for n in names], batch_size=100)
    if table.versioned:
        keep_versions(run, changed)
    keep_changes(run, changes)
    comments_changed(change.row.pk for change in changes[len(new) :] if "comment" in change.after)
    mark_facts(run, table, [(change.row, change.before) for change in changes])
