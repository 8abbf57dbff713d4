"""Merging a duplicate into the customer that stays, and what that would do before it is done."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import events, time
from customers.merging import Move, key_of, moves
from customers.models import Customer, CustomerHistory, Reversal
from customers.models.customer import Decided
from customers.services.customer import LINK_FIELDS, OWNER_FIELDS, PLAIN_FIELDS, snapshot
from customers.services.customer_checks import ancestors
from customers.services.history import details_record, history_record
from customers.services.reversal import chunks, step, tag_put

FIELDS = tuple(name for name in (*PLAIN_FIELDS, *OWNER_FIELDS, *LINK_FIELDS) if name != "attributes")
FIXED = "customers.merge"


@dataclass(frozen=True)
class Moving:
    """How many rows of a kind go along, and how many stay behind because the survivor has the same."""

    label: str | Promise
    moving: int
    staying: int


def merge_counts(*, survivor: Customer, other: Customer) -> list[Moving]:
    """Return what a merge would move, kind by kind; kinds of which there is nothing are left out."""
    counted = []
    for move in moves():
        rows = move.model._default_manager.filter(customer=other)
        total = rows.count()
        if total:
            moving = _moving(move, survivor, other).count()
            counted.append(Moving(move.label, moving, total - moving))
    return counted


def default_choice(survivor: Customer, other: Customer, name: str) -> str:
    """Return whose value a field keeps unless somebody chooses: the survivor's, if it has one."""
    return "survivor" if getattr(survivor, name) or not getattr(other, name) else "other"


@transaction.atomic
def customer_merge(
    *, actor: User, survivor: Customer, other: Customer, choices: Mapping[str, str] | None = None
) -> Reversal:
    """Merge `other` into `survivor`; return how to take it back while nothing of it was changed since.

    `choices` says per field of `FIELDS`, and per attribute as `attr_KEY`, whose value is kept: `survivor` or
    `other`; where it is silent, the survivor's if it has one. Tags are united; what belongs to the other goes
    along; the other is archived, keeps its history and leads to the survivor. Raises `ValidationError`.
    """
    locked = {
        row.pk: row
        for row in Customer.objects.select_for_update(of=("self",)).filter(pk__in=[survivor.pk, other.pk])
    }
    survivor, other = locked[survivor.pk], locked.get(other.pk, survivor)
    _check(survivor, other)
    choices = choices or {}
    first = _first_day(survivor, other)
    was = snapshot(survivor)
    steps = [_move(move, survivor, other) for move in moves()]
    steps += _relink(actor, survivor, other)
    tag_steps = _unite_tags(actor, survivor, other)
    survivor.refresh_from_db()
    taken = _take_values(survivor, other, choices)
    steps += [taken, _put_aside(survivor, other), *tag_steps]
    _record_details(actor, other, [survivor.pk], taken)
    steps.append({"stale": [survivor.pk, other.pk], "first": first.isoformat(), "ids": []})
    now = snapshot(survivor)
    if was["owner"] != now["owner"]:
        history_record(
            customer=survivor,
            field=CustomerHistory.Field.OWNER,
            value=now["owner"],
            before=was["owner"],
            valid_from=time.today(),
            decided_by=Decided.HAND,
            actor=actor,
            reason=_("Merged with %(name)s") % {"name": other.name},
        )
    audit.record(
        actor=actor,
        action="customer.merged",
        subject=survivor,
        changes={**audit.field_changes(was, now), "merged": (None, other.external_id)},
        customer_id=survivor.pk,
        label=survivor.name,
    )
    audit.record(
        actor=actor,
        action="customer.merged_away",
        subject=other,
        changes={"merged_into": (None, survivor.external_id)},
        customer_id=other.pk,
        label=other.name,
    )
    events.emit_many(
        "fact.changed",
        customer_ids=[survivor.pk, other.pk],
        first=first.isoformat(),
        last=None,
        what="merge",
    )
    summary = _("%(other)s merged into %(name)s") % {"other": other.name, "name": survivor.name}
    return Reversal.objects.create(
        actor=actor,
        action=FIXED,
        summary=summary[:200],
        steps=[one for one in steps if one["ids"] or "stale" in one],
    )


def _check(survivor: Customer, other: Customer) -> None:
    if survivor.pk == other.pk:
        raise ValidationError(_("Choose another customer: one cannot be merged with itself."))
    for row in (survivor, other):
        if row.archived_at is not None:
            raise ValidationError(
                _("%(name)s is archived. Restore it before you merge it.") % {"name": row.name}
            )


def _moving(move: Move, survivor: Customer, other: Customer) -> QuerySet[Any]:
    """The rows that go along: all but those the survivor has the same of."""
    rows: QuerySet[Any] = move.model._default_manager.filter(customer=other).order_by()
    if move.once:
        return rows.filter(~Exists(move.model._default_manager.filter(customer=survivor)))
    if not move.key:
        return rows
    compared = key_of(move)
    same = (
        move.model._default_manager.filter(customer=survivor)
        .annotate(merge_key=compared(move.key))
        .filter(merge_key=OuterRef("merge_key"))
    )
    along: QuerySet[Any] = rows.annotate(merge_key=compared(move.key)).filter(~Exists(same))
    return along


def _move(move: Move, survivor: Customer, other: Customer) -> dict[str, Any]:
    keys = list(_moving(move, survivor, other).values_list("pk", flat=True))
    for part in chunks(keys):
        move.model._default_manager.filter(pk__in=part).update(customer=survivor)
    told = step(move.model, keys, {"customer_id": other.pk}, {"customer_id": survivor.pk})
    return {**told, "touched": move.touched}


def _record_details(actor: User, other: Customer, keys: list[int], taken: Mapping[str, Any]) -> None:
    """Record the details of customers as a step changed them."""
    details_record(
        befores=dict.fromkeys(keys, taken["before"]),
        afters=dict.fromkeys(keys, taken["after"]),
        decided_by=Decided.HAND,
        actor=actor,
        reason=_("Merged with %(name)s") % {"name": other.name},
    )


def _relink(actor: User, survivor: Customer, other: Customer) -> list[dict[str, Any]]:
    """Give the other's children and referrals to the survivor."""
    steps = []
    for column in ("parent_id", "referred_by_id"):
        rows = Customer.objects.filter(**{column: other.pk}).exclude(pk=survivor.pk)
        keys = list(rows.values_list("pk", flat=True))
        Customer.objects.filter(pk__in=keys).update(
            **{column: survivor.pk}, version=F("version") + 1, updated_at=time.now()
        )
        steps.append(step(Customer, keys, {column: other.pk}, {column: survivor.pk}))
        _record_details(actor, other, keys, steps[-1])
    return steps


def _unite_tags(actor: User, survivor: Customer, other: Customer) -> list[dict[str, Any]]:
    return [
        {"tag": tag.pk, "ids": tag_put(actor=actor, tag=tag, keys=[survivor.pk], on=True), "added": True}
        for tag in other.tags.all()
    ]


def _take_values(survivor: Customer, other: Customer, choices: Mapping[str, str]) -> dict[str, Any]:
    """Write the chosen values onto the survivor; return the step that takes them back."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in FIELDS:
        column = Customer._meta.get_field(name).attname  # type: ignore[union-attr]
        choice = choices.get(name) or default_choice(survivor, other, name)
        value = getattr(other if choice == "other" else survivor, column)
        if name in LINK_FIELDS and value in (survivor.pk, other.pk):
            value = _beyond(survivor, other, column)
        if value != getattr(survivor, column):
            before[column], after[column] = getattr(survivor, column), value
    attributes = {**other.attributes, **survivor.attributes}
    for key in other.attributes:
        if choices.get(f"attr_{key}") == "other":
            attributes[key] = other.attributes[key]
    if attributes != survivor.attributes:
        before["attributes"], after["attributes"] = survivor.attributes, attributes
    for column, value in after.items():
        setattr(survivor, column, value)
    if survivor.parent_id is not None and survivor.pk in ancestors(survivor):
        raise ValidationError(
            {"parent": _("The chosen parent belongs to this customer. Keep the other value.")}
        )
    survivor.version += 1
    survivor.save()
    return step(Customer, [survivor.pk], before, after)


def _beyond(survivor: Customer, other: Customer, column: str) -> int | None:
    """Return whom a link leads to where it would lead to one of the two: what lies beyond them, or nobody."""
    beyond = {getattr(survivor, column), getattr(other, column)} - {survivor.pk, other.pk, None}
    return beyond.pop() if beyond else None


def _put_aside(survivor: Customer, other: Customer) -> dict[str, Any]:
    other.archived_at = time.now()
    other.merged_into = survivor
    other.version += 1
    other.save(update_fields=["archived_at", "merged_into", "version", "updated_at"])
    return step(
        Customer,
        [other.pk],
        {"archived_at": None, "merged_into_id": None},
        {"archived_at": other.archived_at, "merged_into_id": survivor.pk},
    )


def _first_day(survivor: Customer, other: Customer) -> dt.date:
    """Return the first day whose figures a merge changes: the earliest of anything that goes along."""
    days: list[dt.date] = [row.started_on for row in (survivor, other) if row.started_on]
    for move in moves():
        if move.day:
            found = move.model._default_manager.filter(customer=other).aggregate(day=Min(move.day))["day"]
            if found is not None:
                days.append(time.local_day(found) if isinstance(found, dt.datetime) else found)
    return min(days, default=time.today())
