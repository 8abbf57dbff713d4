"""Apply a chunk of customers: fields, attributes, tags, owner, segment and stage, with their history."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F

from accounts import audit
from accounts.models import User
from core import time
from customers.models import Customer, Tag
from customers.models.customer import Decided
from customers.services.history import details_record
from customers.services.tags import tag_lists
from ingest.apply import references
from ingest.apply.context import Run
from ingest.apply.customer_history import HISTORY, decided_by_hand, first_history, record_history
from ingest.apply.facts import resulting
from ingest.apply.ledger import PER_STATEMENT, Change, keep_changes
from ingest.apply.stale import mark_first_days
from ingest.apply.tables import Fields, snapshot
from ingest.parsers.catalogue import CUSTOMERS
from ingest.parsers.columns import ATTRIBUTE
from ingest.reasons import Rejected
from ingest.staging import Staged

PLAIN = ("name", "started_on", "domain", "industry", "country", "locale")
LINKS = {"parent_external_id": "parent_id", "referred_by_external_id": "referred_by_id"}


@dataclass
class _Known:
    """A customer as it is, with what stands in other tables."""

    row: Customer
    before: Fields
    links: dict[str, str] = field(default_factory=dict)


def apply_customers(run: Run, rows: list[Staged]) -> None:
    """Apply one chunk, inside the caller's transaction. Links between customers are made by `apply_links`."""
    owners = references.owners(row.values.get("owner_email", "") for row in rows)
    known = _known([row.values["external_id"] for row in rows])
    new: list[tuple[Customer, Fields]] = []
    changed: list[tuple[_Known, Fields]] = []
    for row in rows:
        one = known.get(row.values["external_id"])
        try:
            fields = _fields(run, row, one, owners)
            if one is None:
                new.append((_make(row, fields), fields))
                run.tell("new", row.line)
                continue
        except Rejected as why:
            run.staging.reject(row, why)
            run.counts["rejected"] += 1
            continue
        if one.row.merged_into_id is not None:
            run.note("merged_customer", row.values["external_id"])
            run.tell("unchanged", row.line)
            continue
        after = resulting(run, one.before, fields, row)
        if after:
            changed.append((one, after))
            run.show(
                row.line, one.row.name, {name: (one.before[name], value) for name, value in after.items()}
            )
        if after or _links_differ(row, one):
            run.tell("changed", row.line)
        else:
            run.tell("unchanged", row.line)
    if run.write:
        _write(run, new, changed)


def _known(external_ids: list[str]) -> dict[str, _Known]:
    """Read the customers that are there, their tags, links, and which fields a person decided on."""
    found = {row.external_id: row for row in Customer.objects.filter(external_id__in=external_ids).order_by()}
    keys = [row.pk for row in found.values()]
    tags = tag_lists(keys)
    links = {
        key: {"parent_external_id": parent or "", "referred_by_external_id": referrer or ""}
        for key, parent, referrer in Customer.objects.filter(pk__in=keys)
        .order_by()
        .values_list("pk", "parent__external_id", "referred_by__external_id")
    }
    by_hand = decided_by_hand(keys)
    known = {}
    for external_id, row in found.items():
        before = snapshot(row)
        before["tags"] = tags[row.pk]
        before["hand_edited"] = sorted({*row.hand_edited, *by_hand.get(row.pk, set())})
        known[external_id] = _Known(row, before, links[row.pk])
    return known


def _fields(run: Run, row: Staged, one: _Known | None, owners: dict[str, User]) -> Fields:
    """Turn a row into attributes of the table; `tags` is the list as history tells it."""
    values = row.values
    fields: Fields = {name: values[name] for name in PLAIN if name in values}
    for name in ("segment", "stage"):
        if name in values:
            fields[name] = values[name]
            fields[f"{name}_by"] = str(Decided.FILE if values[name] else Decided.RULE)
            if one and f"{name}" in one.before["hand_edited"] and one.before[name] == values[name]:
                del fields[f"{name}_by"]  # what the file says was decided by hand already
    if "owner_email" in values:
        email = values["owner_email"]
        owner = owners.get(email)
        fields["owner_id"] = owner.pk if owner else None
        fields["wanted_owner_email"] = "" if owner else email
        if email and owner is None:
            run.note("unknown_owner", email)
    if "tags" in values:
        fields["tags"] = "|".join(sorted(values["tags"]))
    attributes = {name.removeprefix(ATTRIBUTE): v for name, v in values.items() if name.startswith(ATTRIBUTE)}
    if attributes:
        merged = {**(one.row.attributes if one else {}), **attributes}
        fields["attributes"] = {name: value for name, value in merged.items() if value is not None}
    if one and not run.file_wins:
        _keep_hand_decisions(run, row, one, fields)
    return fields


def _keep_hand_decisions(run: Run, row: Staged, one: _Known, fields: Fields) -> None:
    """Drop what a person decided on, with everything that goes with it, and note it."""
    groups = {
        "segment": ("segment", "segment_by"),
        "stage": ("stage", "stage_by"),
        "owner": ("owner_id", "wanted_owner_email"),
    }
    for name, group in groups.items():
        if name in one.before["hand_edited"] and any(
            part in fields and fields[part] != one.before[part] for part in group
        ):
            run.note("kept_by_hand", [row.line, name])
            for part in group:
                fields.pop(part, None)


def _links_differ(row: Staged, one: _Known) -> bool:
    return any(row.values.get(name, one.links[name]) != one.links[name] for name in LINKS)


def _make(row: Staged, fields: Fields) -> Customer:
    for column in CUSTOMERS.columns:
        if column.required and column.name not in row.values:
            raise Rejected(column.name, "missing")
    plain = {name: value for name, value in fields.items() if name != "tags"}
    made = Customer(external_id=row.values["external_id"], **plain)
    if made.stage:
        made.stage_since = min(made.started_on or time.today(), time.today())
    return made


def _write(run: Run, new: list[tuple[Customer, Fields]], changed: list[tuple[_Known, Fields]]) -> None:
    changes: list[Change] = []
    first: dict[int, dt.date] = {}
    today = run.form.today
    made = Customer.objects.bulk_create([customer for customer, _ in new], batch_size=PER_STATEMENT)
    set_tags({c.pk: f["tags"] for c, f in new if f.get("tags")}, fresh=True)
    first_history(run, [(customer, fields.get("tags", "")) for customer, fields in new])
    for customer in made:
        first[customer.pk] = min(customer.started_on or today, today)
    changes += [
        Change(customer, None, {**snapshot(customer), "tags": fields.get("tags", "")})
        for customer, fields in new
    ]
    histories: dict[str, tuple[dict[int, str], dict[int, str]]] = {}
    for one, after in changed:
        row = one.row
        for name, value in after.items():
            if name != "tags":
                setattr(row, name, value)
        if "stage" in after:
            row.stage_since = after["stage_since"] = today if after["stage"] else None
        row.updated_at = run.at
        first[row.pk] = min(
            [today, *(d for d in (one.before["started_on"], row.started_on) if "started_on" in after and d)]
        )
        for name in HISTORY.keys() & after.keys():
            values, befores = histories.setdefault(name, ({}, {}))
            values[row.pk], befores[row.pk] = after[name], one.before[name]
        changes.append(Change(row, {name: one.before[name] for name in after}, after))
    columns = sorted({name for _, after in changed for name in after} - {"tags"})
    if columns:
        Customer.objects.bulk_update(
            [one.row for one, _ in changed],
            [*(n.removesuffix("_id") for n in columns), "updated_at"],
            batch_size=100,
        )
    if changed:
        Customer.objects.filter(pk__in=[one.row.pk for one, _ in changed]).update(version=F("version") + 1)
        set_tags({one.row.pk: after["tags"] for one, after in changed if "tags" in after}, fresh=False)
    record_history(actor=run.actor, today=today, histories=histories)
    details_record(
        befores={one.row.pk: one.before for one, _ in changed},
        afters={one.row.pk: after for one, after in changed},
        decided_by=Decided.FILE,
        actor=run.actor,
    )
    keep_changes(run, changes)
    _audit(run, new, changed)
    mark_first_days(first, reason="customer")


def set_tags(lists: dict[int, str], *, fresh: bool) -> None:
    """Give customers exactly these tags; names are matched whatever their case, missing tags are made."""
    if not lists:
        return
    through = Tag.customers.through
    names = {name for joined in lists.values() for name in joined.split("|") if name}
    tags = {tag.name.casefold(): tag.pk for tag in Tag.objects.all()}
    missing = {name.casefold(): name for name in sorted(names) if name.casefold() not in tags}
    made = Tag.objects.bulk_create([Tag(name=name) for name in missing.values()])
    tags.update({tag.name.casefold(): tag.pk for tag in made})
    if not fresh:
        through.objects.filter(customer_id__in=list(lists)).delete()
    through.objects.bulk_create(
        [
            through(customer_id=customer, tag_id=tags[name.casefold()])
            for customer, joined in lists.items()
            for name in joined.split("|")
            if name
        ],
        batch_size=PER_STATEMENT,
    )


def _audit(run: Run, new: list[tuple[Customer, Fields]], changed: list[tuple[_Known, Fields]]) -> None:
    audit.record_many(
        actor=run.actor,
        action="customer.created",
        model=Customer,
        changes={customer.pk: {"name": (None, customer.name)} for customer, _ in new},
        of_customers=True,
    )
    audit.record_many(
        actor=run.actor,
        action="customer.updated",
        model=Customer,
        changes={
            one.row.pk: {
                name.removesuffix("_id"): (one.before[name], value)
                for name, value in after.items()
                if name != "hand_edited"
            }
            for one, after in changed
        },
        of_customers=True,
    )
