"""Changes to many customers at once, set-based, each with one way back (`reversal_use`).

All take any query of customers and change of it those the person may edit and that are not archived. They go
piece by piece, a transaction each, so that a colleague's entry never waits for ten thousand customers; the one
`Reversal` grows with every piece, so what an interruption leaves done can be taken back like the whole.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from core import events, time
from customers.models import Customer, CustomerHistory, Reversal, Stage
from customers.models.customer import Decided
from customers.services.history import history_record_many
from customers.services.owners import OwnerFunction, owners_set
from customers.services.reversal import PIECE, joined, step, tag_put
from customers.services.tags import tags_named

Steps = list[dict[str, Any]]


class BulkInterruptedError(Exception):
    """The database failed on the way; `reversal` takes back what was done until then."""

    def __init__(self, reversal: Reversal) -> None:
        super().__init__(f"interrupted after: {reversal.summary}")
        self.reversal = reversal


def customers_bulk_assign(
    *,
    actor: User,
    customers: QuerySet[Customer],
    owner: User | None,
    function: str = OwnerFunction.CS,
) -> Reversal:
    """Give customers to a person (None: to nobody) in one function; return how to take it back.

    Raises `ValidationError` for a person who was disabled or may not edit customers.
    """

    def change(piece: QuerySet[Customer]) -> Steps:
        return owners_set(
            actor=actor, customers=piece, function=function, successor=owner, action="customer.assigned"
        )

    def told(n: int) -> str:
        if owner is None:
            return ngettext("%(n)s customer has no owner now", "%(n)s customers have no owner now", n) % {
                "n": n
            }
        words = ngettext("%(n)s customer assigned to %(name)s", "%(n)s customers assigned to %(name)s", n)
        return words % {"n": n, "name": owner}

    return _in_pieces(actor, customers, "customers.assign", change, told)


def customers_bulk_tag(
    *,
    actor: User,
    customers: QuerySet[Customer],
    add: list[str] | None = None,
    remove: list[str] | None = None,
) -> Reversal:
    """Put tags on customers and take others off, by name; return how to take it back.

    Raises `ValidationError` when no tag is named or a name cannot be a tag.
    """
    adding, removing = tags_named(add or []), tags_named(remove or [])
    if not adding and not removing:
        raise ValidationError({"tags": _("Name at least one tag.")})

    def change(piece: QuerySet[Customer]) -> Steps:
        keys = list(piece.values_list("pk", flat=True))
        return [
            {"tag": tag.pk, "ids": tag_put(actor=actor, tag=tag, keys=keys, on=on), "added": on}
            for tags, on in ((adding, True), (removing, False))
            for tag in tags
        ]

    def told(n: int) -> str:
        if adding:
            return ngettext("%(n)s customer tagged", "%(n)s customers tagged", n) % {"n": n}
        return ngettext("Tag taken off %(n)s customer", "Tag taken off %(n)s customers", n) % {"n": n}

    return _in_pieces(actor, customers, "customers.tag", change, told)


def customers_bulk_stage(
    *, actor: User, customers: QuerySet[Customer], stage: str, reason: str = ""
) -> Reversal:
    """Move customers to a stage by hand from today; return how to take it back.

    Raises `ValidationError` for an unknown stage.
    """
    if stage not in Stage.values:
        raise ValidationError({"stage": _("Choose one of the stages.")})
    day = time.today()

    def told(n: int) -> str:
        words = ngettext("%(n)s customer moved to %(stage)s", "%(n)s customers moved to %(stage)s", n)
        return words % {"n": n, "stage": Stage(stage).label}

    def change(piece: QuerySet[Customer]) -> Steps:
        return _stage_set(actor, piece, stage, day, reason)

    return _in_pieces(actor, customers, "customers.stage", change, told)


def _stage_set(actor: User, piece: QuerySet[Customer], stage: str, day: dt.date, reason: str) -> Steps:
    rows = list(
        piece.exclude(stage=stage)
        .select_for_update(of=("self",))
        .values_list("pk", "stage", "stage_by", "stage_since")
    )
    after = {"stage": stage, "stage_by": str(Decided.HAND), "stage_since": day}
    groups: dict[tuple[str, str, dt.date | None], list[int]] = {}
    for key, was, by, since in rows:
        groups.setdefault((was, by, since), []).append(key)
    keys = [row[0] for row in rows]
    Customer.objects.filter(pk__in=keys).update(**after, version=F("version") + 1, updated_at=time.now())
    history_record_many(
        values=dict.fromkeys(keys, stage),
        befores={key: was for key, was, _by, _since in rows},
        field=CustomerHistory.Field.STAGE,
        valid_from=day,
        decided_by=Decided.HAND,
        actor=actor,
        reason=reason,
    )
    audit.record_many(
        actor=actor,
        action="customer.stage_changed",
        model=Customer,
        changes={key: {"stage": (was, stage)} for key, was, _by, _since in rows},
        of_customers=True,
    )
    events.emit_many("fact.changed", customer_ids=keys, first=day.isoformat(), last=None, what="stage")
    return [
        step(Customer, ids, {"stage": was, "stage_by": by, "stage_since": since}, after)
        for (was, by, since), ids in groups.items()
    ]


def _in_pieces(
    actor: User,
    customers: QuerySet[Customer],
    action: str,
    change: Callable[[QuerySet[Customer]], Steps],
    told: Callable[[int], str],
) -> Reversal:
    """Change customers piece by piece; return the one way back, which is written with each piece.

    `change` changes a piece and returns its steps, `told` says what was done to so many customers.
    Raises `BulkInterruptedError` when the database fails after the first piece.
    """
    keys = list(_of(customers, actor).values_list("pk", flat=True))
    reversal = Reversal(actor=actor, action=action, summary=told(0)[:200])
    for start in range(0, len(keys), PIECE):
        try:
            with transaction.atomic():
                piece = _of(Customer.objects.filter(pk__in=keys[start : start + PIECE]), actor)
                steps = joined(reversal.steps, change(piece))
                grown = Reversal(
                    pk=reversal.pk,
                    actor=actor,
                    action=action,
                    summary=told(len({key for one in steps for key in one["ids"]}))[:200],
                    steps=steps,
                    created_at=reversal.created_at,
                )
                grown.save()
        except DatabaseError as error:
            if reversal.pk is None:
                raise
            raise BulkInterruptedError(reversal) from error
        reversal = grown
    if reversal.pk is None:
        reversal.save()
    return reversal


def _of(customers: QuerySet[Customer], actor: User) -> QuerySet[Customer]:
    """The customers of a query that the person may change; free of its order, joins and annotations."""
    keys = customers.order_by().values("pk")
    return Customer.objects.editable_by(actor).present().filter(pk__in=keys).order_by("pk")
