"""Taking a change back: a bulk action or a merge, once, by its author or a manager, while it still fits.

A step of a `Reversal` is one of
- `{"table", "ids", "before": {…}, "after": {…}}`: rows whose columns went from one to the other
  (with `touched` only where that column says that nobody changed the row since);
- `{"tag", "ids", "added": true|false}`: customers that a tag was put on or taken off;
- `{"stale", "first", "ids": []}`: customers whose figures are to be calculated anew from a day on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm
from core import events, time
from customers.models import Customer, CustomerHistory, Reversal, Tag
from customers.models.customer import Decided
from customers.services.history import details_record, history_record_many
from customers.services.tags import tag_lists

CHUNK = 5000
PIECE = 250  # rows a transaction changes at most: well under a second, so that other writers get their turn
WHOLE = {"customers.merge"}  # taken back as a whole or not at all
HISTORY_FIELDS = {
    "owner_id": CustomerHistory.Field.OWNER,
    "stage": CustomerHistory.Field.STAGE,
    "segment": CustomerHistory.Field.SEGMENT,
}


@dataclass(frozen=True)
class Undone:
    """How many rows went back, and how many were left because they changed since."""

    rows: int
    left: int


def chunks(keys: list[int]) -> Iterator[list[int]]:
    """Cut keys into parts that a statement can name."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def step(
    table: type[models.Model], ids: Iterable[int], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Say how rows changed, as a reversal keeps it."""
    return {
        "table": table._meta.label_lower,
        "ids": list(ids),
        "before": {name: audit.plain(value) for name, value in before.items()},
        "after": {name: audit.plain(value) for name, value in after.items()},
    }


def joined(steps: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the steps of a piece: rows that changed in the same way stand in one step."""
    whole = [dict(one) for one in steps]
    for new in more:
        if not new["ids"]:
            continue
        same = next((one for one in whole if {**one, "ids": []} == {**new, "ids": []}), None)
        if same is None:
            whole.append(new)
        else:
            same["ids"] = same["ids"] + new["ids"]
    return whole


def may_reverse(user: User, reversal: Reversal) -> bool:
    """Tell whether a person may take this change back: who made it, or a manager."""
    return user.may(Perm.CUSTOMERS_EDIT) and (reversal.actor_id == user.pk or user.may(Perm.CUSTOMERS_MANAGE))


def reversal_use(*, actor: User, reversal: Reversal) -> Undone:
    """Take a change back; rows that changed since are left as they are and counted.

    A merge goes back in one transaction or not at all, everything else piece by piece: when that is
    interrupted, what is still to be taken back stays in `steps` and the next call goes on with it.
    Raises `PermissionDenied` for a stranger, `ValidationError` when it was taken back before or no longer fits.
    """
    if not may_reverse(actor, reversal):
        raise PermissionDenied
    rows = left = 0
    while True:
        with transaction.atomic():
            current = Reversal.objects.select_for_update().get(pk=reversal.pk)
            if current.used_at is not None:
                raise ValidationError(_("This was taken back already."))
            now, later = (current.steps, []) if current.action in WHOLE else _split(current.steps)
            for one in now:
                done = _undo_step(actor, current, one)
                rows += done
                left += len(one["ids"]) - done
            if left and current.action in WHOLE:
                raise ValidationError(
                    _("Something of it was changed since, so it can no longer be taken back as a whole.")
                )
            if later:
                current.steps = later
                current.save(update_fields=["steps"])
                continue
            current.used_at = time.now()  # the last steps stay: they say what was taken back
            current.save(update_fields=["used_at"])
            audit.record(
                actor=actor,
                action="reversal.used",
                subject=current,
                changes={"rows": (None, rows), "left": (None, left)},
                label=current.summary,
            )
        reversal.refresh_from_db()
        return Undone(rows, left)


def _split(steps: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Cut steps into those of the next piece, at most `PIECE` rows, and the rest."""
    now: list[dict[str, Any]] = []
    room = PIECE
    for index, one in enumerate(steps):
        ids = one["ids"]
        if len(ids) > room:
            rest = [{**one, "ids": ids[room:]}, *steps[index + 1 :]]
            return [*now, *([{**one, "ids": ids[:room]}] if room else [])], rest
        now.append(one)
        room -= len(ids)
    return now, []


def _undo_step(actor: User, reversal: Reversal, one: dict[str, Any]) -> int:
    """Take one step back; return how many of its rows that were."""
    if "stale" in one:
        events.emit_many(
            "fact.changed", customer_ids=one["stale"], first=one["first"], last=None, what="undo"
        )
        return 0
    if "tag" in one:
        return _undo_tag(actor, one)
    return _undo_columns(actor, reversal, one)


def _undo_columns(actor: User, reversal: Reversal, one: dict[str, Any]) -> int:
    model = apps.get_model(one["table"])
    fits = _lookups(one["after"])
    if one.get("touched"):
        fits[f"{one['touched']}__lte"] = reversal.created_at
    before, after = one["before"], one["after"]
    is_customer = model is Customer
    done = 0
    for keys in chunks(one["ids"]):
        rows = model._default_manager.filter(pk__in=keys, **fits)
        fitting = _with_same_json(rows, one["after"])
        changes = dict(before)
        if is_customer:
            changes.update(version=F("version") + 1, updated_at=time.now())
        if changes:
            model._default_manager.filter(pk__in=fitting).update(**changes)
        done += len(fitting)
        if is_customer:
            _tell(actor, fitting, before, after)
    return done


def _lookups(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the filter that finds rows whose plain columns are so."""
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in columns.items()
        if not isinstance(value, dict)
    }


def _with_same_json(rows: models.QuerySet[Any], columns: dict[str, Any]) -> list[int]:
    """Return the keys of rows whose JSON columns are so; compared here, as databases compare JSON differently."""
    names = [name for name, value in columns.items() if isinstance(value, dict)]
    if not names:
        return list(rows.values_list("pk", flat=True))
    found = rows.values_list("pk", *names)
    return [row[0] for row in found if all(columns[name] == row[i] for i, name in enumerate(names, start=1))]


def _tell(actor: User, keys: list[int], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Write history, audit and events of customers whose columns went back."""
    day = time.today()
    emails = dict(User.objects.filter(pk__in=[before.get("owner_id")]).values_list("pk", "email"))
    for column, field in HISTORY_FIELDS.items():
        if column in before and before[column] != after[column]:
            was = before[column]
            value = emails.get(was, "") if column == "owner_id" else str(was)
            history_record_many(
                values=dict.fromkeys(keys, value),
                field=field,
                valid_from=day,
                decided_by=before.get(f"{column}_by") or Decided.HAND,
                actor=actor,
                reason=_("Taken back"),
            )
    details_record(
        befores=dict.fromkeys(keys, after),
        afters=dict.fromkeys(keys, before),
        decided_by=Decided.HAND,
        actor=actor,
        reason=_("Taken back"),
    )
    changed = {name: (after[name], before[name]) for name in before}
    audit.record_many(
        actor=actor,
        action="customer.reverted",
        model=Customer,
        changes=dict.fromkeys(keys, changed),
        of_customers=True,
    )
    events.emit_many("fact.changed", customer_ids=keys, first=day.isoformat(), last=None, what="undo")


def _undo_tag(actor: User, one: dict[str, Any]) -> int:
    tag = Tag.objects.filter(pk=one["tag"]).first()
    if tag is None:
        return 0
    done = 0
    for keys in chunks(one["ids"]):
        done += len(tag_put(actor=actor, tag=tag, keys=keys, on=not one["added"], reason=_("Taken back")))
    return done


def tag_put(*, actor: User, tag: Tag, keys: list[int], on: bool, reason: str = "") -> list[int]:
    """Put a tag on customers, or take it off; return the keys of those that changed, history told."""
    through = Tag.customers.through
    carrying = set(
        through.objects.filter(tag=tag, customer_id__in=keys).values_list("customer_id", flat=True)
    )
    changing = [key for key in keys if (key in carrying) != on]
    befores = tag_lists(changing)
    if on:
        through.objects.bulk_create(
            [through(customer_id=key, tag_id=tag.pk) for key in changing], batch_size=1000
        )
    else:
        through.objects.filter(tag=tag, customer_id__in=changing).delete()
    afters = tag_lists(changing)
    Customer.objects.filter(pk__in=changing).update(version=F("version") + 1, updated_at=time.now())
    day = time.today()
    history_record_many(
        values=afters,
        befores=befores,
        field=CustomerHistory.Field.TAG,
        valid_from=day,
        decided_by=Decided.HAND,
        actor=actor,
        reason=reason,
    )
    audit.record_many(
        actor=actor,
        action="customer.tagged",
        model=Customer,
        changes={key: {"tags": (befores[key], afters[key])} for key in changing},
        of_customers=True,
    )
    events.emit_many("fact.changed", customer_ids=changing, first=day.isoformat(), last=None, what="tag")
    return changing
