"""Take a batch back, while nothing later touched its rows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import bells, time
from core.models import WorkState
from customers.models import Customer, CustomerHistory
from ingest.apply.ledger import plain
from ingest.apply.taking_back import rows_of, take_back
from ingest.models import Batch, RowChange
from metrics.models import UsageEvent
from metrics.staleness import Late, mark_usage_stale

CHUNK = 500
LISTED = 20
IGNORED = frozenset({"recorded_at", "updated_at", "version", "stage_since", "segment_by", "stage_by"})
CUSTOMER = Customer._meta.label_lower


@dataclass(frozen=True)
class Blocked:
    """A row that something later touched, so that the batch cannot be taken back."""

    table: str
    label: str
    why: str  # changed, gone, used


class UndoBlocked(Exception):  # noqa: N818  (a condition to tell)
    """The batch cannot be taken back; `rows` are the first that block it."""

    def __init__(self, rows: list[Blocked]) -> None:
        super().__init__("later touched")
        self.rows = rows


def blocking(batch: Batch) -> list[Blocked]:
    """Return the first rows that were touched after the batch (empty: it can be taken back)."""
    found: list[Blocked] = []
    last = 0
    while len(found) < LISTED:
        changes = list(batch.changes.filter(pk__gt=last).order_by("pk")[:CHUNK])
        if not changes:
            break
        last = changes[-1].pk
        found += _blocked(batch, changes)
    return found[:LISTED]


def _blocked(batch: Batch, changes: list[RowChange]) -> list[Blocked]:
    found = []
    for table, of_table in _by_table(changes).items():
        model = apps.get_model(table)
        rows = rows_of(model, [change.row_id for change in of_table])
        later = set(
            RowChange.objects.filter(table=table, row_id__in=list(rows), pk__gt=of_table[0].pk)
            .exclude(batch=batch)
            .values_list("row_id", flat=True)
        )
        used = (
            _used_customers(batch, [c.row_id for c in of_table if c.before is None])
            if table == CUSTOMER
            else {}
        )
        for change in of_table:
            row = rows.get(change.row_id)
            name = str(model._meta.verbose_name)
            if row is None:
                found.append(
                    Blocked(name, str((change.after or {}).get("external_id", change.row_id)), "gone")
                )
            elif change.row_id in later or not _as_left(batch, change, row):
                found.append(Blocked(name, str(row), "changed"))
            elif change.row_id in used:
                found.append(Blocked(name, str(row), "used"))
    return found


def _by_table(changes: list[RowChange]) -> dict[str, list[RowChange]]:
    tables: dict[str, list[RowChange]] = defaultdict(list)
    for change in changes:
        tables[change.table].append(change)
    return tables


def _value(row: Any, name: str) -> Any:
    return plain(row.tag_list if name == "tags" else getattr(row, name))


def _as_left(batch: Batch, change: RowChange, row: Any) -> bool:
    """Tell whether a row still is as its last change in this batch left it."""
    after = change.after or {}
    newer = (
        RowChange.objects.filter(batch=batch, table=change.table, row_id=change.row_id, pk__gt=change.pk)
        if change.table == CUSTOMER
        else ()
    )
    over = {name for one in newer for name in (one.after or {})}
    by_rule = {
        name
        for name in ("segment", "stage")
        if change.table == CUSTOMER and getattr(row, f"{name}_by") == "rule" and change.before is None
    }
    return all(
        _value(row, name) == value for name, value in after.items() if name not in IGNORED | over | by_rule
    )


def _used_customers(batch: Batch, keys: list[int]) -> set[int]:
    """Of customers that the batch made, return those that rows from elsewhere belong to."""
    used: set[int] = set()
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if model is CustomerHistory or (model._meta.app_label == "metrics" and model is not UsageEvent):
            continue  # made with the customer, or figures made again from facts
        column = f"{relation.field.name}_id"
        holders = model._default_manager.filter(**{f"{column}__in": keys})
        if model is Customer:
            made = RowChange.objects.filter(batch=batch, table=CUSTOMER, before__isnull=True)
            holders = holders.exclude(pk__in=made.values("row_id"))
        used.update(holders.values_list(column, flat=True))
    return used


def undo_start(*, batch: Batch, actor: User) -> Batch:
    """Hand a batch to be taken back to the workers. Raises `UndoBlocked` naming what stands in the way."""
    rows = blocking(batch)
    if rows:
        raise UndoBlocked(rows)
    Batch.objects.filter(pk=batch.pk, step=Batch.Step.APPLIED).update(
        step=Batch.Step.UNDOING,
        state=WorkState.WAITING,
        due_at=time.now(),
        options={**batch.options, "undone_by": actor.pk},
    )
    bells.ring("imports")
    batch.refresh_from_db()
    return batch


def undo_run(*, batch: Batch) -> Batch:
    """Take a batch back, last change first, in chunks; an interrupted run goes on where it stopped."""
    actor = User.objects.filter(pk=batch.options.get("undone_by")).first()
    while changes := list(batch.changes.order_by("-pk")[:CHUNK]):
        with transaction.atomic():
            for table, of_table in _by_table(changes).items():
                take_back(actor, apps.get_model(table), of_table)
            RowChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    while _undo_usage(batch):
        pass
    with transaction.atomic():
        batch.step, batch.state = Batch.Step.UNDONE, WorkState.DONE
        batch.undone_at, batch.leased_until = time.now(), None
        batch.save(update_fields=["step", "state", "undone_at", "leased_until"])
        audit.record(
            actor=actor, action="import.undone", subject=batch, label=f"{batch.kind} {batch.filename}"
        )
    return batch


def _undo_usage(batch: Batch) -> bool:
    """Take a share of the events away that the batch brought; tell whether there may be more."""
    days = batch.options.get("usage_days")
    if batch.kind != "usage" or not days:
        return False
    with transaction.atomic():
        part = list(
            UsageEvent.objects.filter(batch_id=batch.pk, day__range=days).values_list(
                "pk", "customer_id", "day"
            )[: CHUNK * 10]
        )
        span: dict[int, tuple[Any, Any]] = {}
        for _pk, customer, day in part:
            low, high = span.get(customer, (day, day))
            span[customer] = (min(low, day), max(high, day))
        mark_usage_stale(Late(customer, low, high) for customer, (low, high) in span.items())
        UsageEvent.objects.filter(pk__in=[pk for pk, *_rest in part]).delete()
    return bool(part)
