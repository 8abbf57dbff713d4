"""Apply a chunk of `history` rows: what was known of customers before they moved in.

A file of history replaces our guesses about that time (the first value reaching back to the start of the
customer). From the day the customer came in its own row says what holds; that value is recorded for that day.
"""

import datetime as dt
from collections import defaultdict

from core import time
from customers.models import Customer, CustomerHistory
from customers.models.customer import Decided
from customers.services.tags import tag_lists
from ingest.apply import references
from ingest.apply.context import Run
from ingest.apply.ledger import PER_STATEMENT, Change, keep_changes
from ingest.apply.stale import mark_first_days
from ingest.apply.tables import snapshot
from ingest.reasons import Rejected
from ingest.staging import Staged

FROM_FILE = "history"  # the reason by which rows of a history file are known from our own
Rows = dict[tuple[int, str], dict[dt.date, CustomerHistory]]


def apply_past(run: Run, rows: list[Staged]) -> None:
    """Apply one chunk, inside the caller's transaction."""
    ids = references.customer_ids(row.values["customer_external_id"] for row in rows)
    customers = Customer.objects.select_related("owner").in_bulk(sorted(set(ids.values())))
    recorded = _recorded(list(customers))
    tags = tag_lists(customers)
    owners = references.owners(row.values["value"] for row in rows if row.values["field"] == "owner")
    new: list[CustomerHistory] = []
    ended: list[CustomerHistory] = []
    first: dict[int, dt.date] = {}
    touched: set[tuple[int, str]] = set()
    for row in rows:
        try:
            customer = customers.get(ids.get(row.values["customer_external_id"], 0))
            if customer is None:
                raise Rejected(
                    "customer_external_id", "unknown_customer", value=row.values["customer_external_id"]
                )
            field, since, value = row.values["field"], row.values["from"], row.values["value"]
            own = _own(customer, field, tags[customer.pk])
            came = time.local_day(customer.created_at)
            if since >= came and value != own:
                raise Rejected("from", "before_move_in", value=since, day=came)
        except Rejected as why:
            run.staging.reject(row, why)
            run.counts["rejected"] += 1
            continue
        known = recorded[customer.pk, field].get(since)
        if since >= came or (known and known.reason == FROM_FILE and known.value == value):
            run.counts["unchanged"] += 1
            continue
        run.counts["changed" if known and known.reason == FROM_FILE else "new"] += 1
        if known and known.pk is None:  # twice in one file, by way of a merged customer
            known.value = value
            continue
        if known:
            ended.append(known)
        made = CustomerHistory(
            customer=customer,
            field=field,
            valid_from=since,
            value=value,
            owner=owners.get(value) if field == "owner" else None,
            decided_by=Decided.FILE,
            actor=run.person,
            reason=FROM_FILE,
            recorded_at=run.at,
        )
        recorded[customer.pk, field][since] = made
        new.append(made)
        touched.add((customer.pk, field))
        first[customer.pk] = min(first.get(customer.pk, since), since)
    for key, field in touched:
        more, over = _own_from_arrival(run, customers[key], field, tags[key], recorded[key, field])
        new += more
        ended += over
    if run.write:
        _write(run, new, ended)
        mark_first_days(first, reason="history")


def _recorded(keys: list[int]) -> Rows:
    found: Rows = defaultdict(dict)
    for one in CustomerHistory.objects.filter(customer_id__in=keys, superseded_at__isnull=True).order_by():
        found[one.customer_id, one.field][one.valid_from] = one
    return found


def _own(customer: Customer, field: str, tags: str) -> str:
    if field == "owner":
        return customer.owner.email if customer.owner else ""
    return tags if field == "tag" else str(getattr(customer, field))


def _own_from_arrival(
    run: Run, customer: Customer, field: str, tags: str, recorded: dict[dt.date, CustomerHistory]
) -> tuple[list[CustomerHistory], list[CustomerHistory]]:
    """Let the customer's own row hold from its arrival on; return rows to be made and our guesses to be ended."""
    came = time.local_day(customer.created_at)
    guesses = [one for day, one in recorded.items() if day < came and one.reason != FROM_FILE and one.pk]
    if came in recorded:
        return [], guesses
    own = max(guesses, key=lambda one: one.valid_from, default=None)
    made = CustomerHistory(
        customer=customer,
        field=field,
        valid_from=came,
        value=own.value if own else _own(customer, field, tags),
        owner_id=(own.owner_id if own else customer.owner_id) if field == "owner" else None,
        decided_by=own.decided_by if own else Decided.FILE,
        actor=run.person,
        recorded_at=run.at,
    )
    return [made], guesses


def _write(run: Run, new: list[CustomerHistory], ended: list[CustomerHistory]) -> None:
    # What is ended goes first, so that undoing from the back never has two rows of one day.
    known = {one.pk: one for one in ended if one.pk}
    for one in known.values():
        one.superseded_at = run.at
    CustomerHistory.objects.bulk_update(known.values(), ["superseded_at"], batch_size=PER_STATEMENT)
    made = CustomerHistory.objects.bulk_create(new, batch_size=PER_STATEMENT)
    changes = [Change(one, {"superseded_at": None}, {"superseded_at": run.at}) for one in known.values()]
    keep_changes(run, [*changes, *(Change(one, None, snapshot(one)) for one in made)])
