"""Usage events at volume: parsed, found again by `message_id`, and written in large chunks.

Memory holds one chunk and the customers' keys, whatever the length of the file. Events are not staged:
a later row of the same `message_id` simply corrects the earlier one.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from ingest.apply import references
from ingest.apply.context import Run
from ingest.apply.ledger import Change, keep_changes
from ingest.apply.usage_store import MESSAGE, UsageRow, insert_usage
from ingest.parsers.columns import Values
from ingest.readers.rows import Row
from ingest.reasons import Rejected
from metrics.models import UsageEvent
from metrics.staleness import Late, mark_usage_stale

FIELDS = ("customer_id", "day", "occurred_at", "event", "person", "count")


class UsageCustomers:
    """Customers' ids by key, read once each."""

    def __init__(self) -> None:
        self._ids: dict[str, int | None] = {}

    def find(self, external_ids: Iterable[str]) -> dict[str, int | None]:
        """Return the map, with these keys in it; None for a customer that is not there."""
        missing = sorted(set(external_ids) - self._ids.keys())
        for start in range(0, len(missing), 5000):
            part = missing[start : start + 5000]
            self._ids.update(dict.fromkeys(part))
            self._ids.update(references.customer_ids(part))
        return self._ids


def ready_rows(run: Run, parsed: list[tuple[Row, Values]], customers: UsageCustomers) -> list[UsageRow]:
    """Turn parsed rows into rows of the table: customers found, keys derived, one row per `message_id`."""
    ids = customers.find(values["customer_external_id"] for _, values in parsed)
    batch = run.batch.pk if run.batch else None
    accepted = []
    for row, values in parsed:
        customer = ids[values["customer_external_id"]]
        if customer is None:
            why = Rejected("customer_external_id", "unknown_customer", value=values["customer_external_id"])
            run.staging.reject(row, why)
            run.counts["rejected"] += 1
        else:
            accepted.append((customer, values))
    keys = _message_ids(run, [values for _, values in accepted])
    ready: dict[str, UsageRow] = {}
    zone = run.form.zone
    for (customer, values), key in zip(accepted, keys, strict=True):
        moment: dt.datetime = values["occurred_at"]
        if key in ready:
            run.counts["unchanged"] += 1
        ready[key] = (
            customer,
            moment.astimezone(zone).date(),
            moment,
            values["event"],
            _login(run, customer, values.get("user", "")),
            values.get("count", 1),
            key,
            batch,
        )
    return list(ready.values())


def _login(run: Run, customer: int, login: str) -> str:
    """Return a login, an erased person's under the name that their usage has since."""
    known = run.erased.find(customer, login)
    return login if known is None else known.alias


def _message_ids(run: Run, rows: list[Values]) -> list[str]:
    """Return each row's key: the one given, or one made of the content and its number among equal rows."""
    empty = [values for values in rows if "message_id" not in values]
    contents = [
        "\x1f".join(
            (
                values["customer_external_id"],
                values["occurred_at"].isoformat(),
                values["event"],
                values.get("user", ""),
                str(values.get("count", 1)),
            )
        ).encode()
        for values in empty
    ]
    derived = iter(run.staging.numbers(contents)) if contents else iter(())
    keys = []
    for values in rows:
        if "message_id" in values:
            keys.append(values["message_id"])
        else:
            digest, number = next(derived)
            keys.append(f"auto-{digest}-{number}")
    return keys


def apply_usage(run: Run, rows: list[UsageRow]) -> None:
    """Apply one chunk, inside the caller's transaction."""
    if not run.write:
        _count_only(run, rows)
        return
    made = insert_usage(rows)
    run.counts["new"] += made
    if made < len(rows):
        corrected = _correct(run, rows)
        run.counts["changed"] += corrected
        run.counts["unchanged"] += len(rows) - made - corrected
        if not made and not corrected:
            return
    span: dict[int, tuple[dt.date, dt.date]] = {}
    for row in rows:
        low, high = span.get(row[0], (row[1], row[1]))
        span[row[0]] = (row[1] if row[1] < low else low, row[1] if row[1] > high else high)
    mark_usage_stale(Late(customer, low, high) for customer, (low, high) in span.items())


def _known(rows: list[UsageRow]) -> dict[str, UsageEvent]:
    found: dict[str, UsageEvent] = {}
    size = 20_000 if connection.vendor == "postgresql" else 900
    for start in range(0, len(rows), size):
        keys = [row[MESSAGE] for row in rows[start : start + size]]
        found.update({event.message_id: event for event in UsageEvent.objects.filter(message_id__in=keys)})
    return found


def _differing(known: UsageEvent, row: UsageRow) -> dict[str, Any]:
    return {name: value for name, value in zip(FIELDS, row, strict=False) if getattr(known, name) != value}


def _correct(run: Run, rows: list[UsageRow]) -> int:
    """Lay rows over events of the same key that say something else; return how many did."""
    known = _known(rows)
    batch = run.batch.pk if run.batch else None
    corrected, changes, late = [], [], []
    for row in rows:
        event = known[row[MESSAGE]]
        after = _differing(event, row)
        if not after:
            continue
        before = {name: getattr(event, name) for name in after}
        late.append(Late(event.customer_id, event.day, event.day))
        for name, value in after.items():
            setattr(event, name, value)
        corrected.append(event)
        if event.batch_id != batch:  # else this batch made it, and taking the batch back removes it
            changes.append(Change(event, before, after))
    UsageEvent.objects.bulk_update(corrected, list(FIELDS), batch_size=100)
    keep_changes(run, changes)
    mark_usage_stale(late)
    return len(corrected)


def _count_only(run: Run, rows: list[UsageRow]) -> None:
    known = _known(rows)
    for row in rows:
        event = known.get(row[MESSAGE])
        if event is None:
            run.counts["new"] += 1
        elif _differing(event, row):
            run.counts["changed"] += 1
        else:
            run.counts["unchanged"] += 1
