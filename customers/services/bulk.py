"""Changes to many customers at once, set-based, each with one way back (`reversal_use`).

All take any query of customers and change of it those the person may edit and that are not archived.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
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
from customers.services.reversal import chunks, step, tag_put
from customers.services.tags import tags_named


def _of(customers: QuerySet[Customer], actor: User) -> QuerySet[Customer]:
    """The customers of a query that the person may change; free of its order, joins and annotations."""
    keys = customers.order_by().values("pk")
    return Customer.objects.editable_by(actor).present().filter(pk__in=keys).order_by("pk")


@transaction.atomic
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
    rows = _of(customers, actor)
    steps = owners_set(
        actor=actor, customers=rows, function=function, successor=owner, action="customer.assigned"
    )
    number = sum(len(one["ids"]) for one in steps)
    if owner is None:
        summary = ngettext("%(n)s customer has no owner now", "%(n)s customers have no owner now", number) % {
            "n": number
        }
    else:
        summary = ngettext(
            "%(n)s customer assigned to %(name)s", "%(n)s customers assigned to %(name)s", number
        ) % {"n": number, "name": owner}
    return _reversal(actor, "customers.assign", summary, steps)


@transaction.atomic
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
    keys = list(_of(customers, actor).values_list("pk", flat=True))
    steps: list[dict[str, Any]] = []
    for tags, on in ((adding, True), (removing, False)):
        for tag in tags:
            changed = [
                key for part in chunks(keys) for key in tag_put(actor=actor, tag=tag, keys=part, on=on)
            ]
            steps.append({"tag": tag.pk, "ids": changed, "added": on})
    number = len({key for one in steps for key in one["ids"]})
    summary = ngettext("%(n)s customer tagged", "%(n)s customers tagged", number) % {"n": number}
    if not adding:
        summary = ngettext("Tag taken off %(n)s customer", "Tag taken off %(n)s customers", number) % {
            "n": number
        }
    return _reversal(actor, "customers.tag", summary, steps)


@transaction.atomic
def customers_bulk_stage(
    *, actor: User, customers: QuerySet[Customer], stage: str, reason: str = ""
) -> Reversal:
    """Move customers to a stage by hand from today; return how to take it back.

    Raises `ValidationError` for an unknown stage.
    """
    if stage not in Stage.values:
        raise ValidationError({"stage": _("Choose one of the stages.")})
    day = time.today()
    rows = list(
        _of(customers, actor)
        .exclude(stage=stage)
        .select_for_update(of=("self",))
        .values_list("pk", "stage", "stage_by", "stage_since")
    )
    after = {"stage": stage, "stage_by": str(Decided.HAND), "stage_since": day}
    groups: dict[tuple[str, str, dt.date | None], list[int]] = {}
    for key, was, by, since in rows:
        groups.setdefault((was, by, since), []).append(key)
    keys = [row[0] for row in rows]
    for part in chunks(keys):
        Customer.objects.filter(pk__in=part).update(**after, version=F("version") + 1, updated_at=time.now())
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
    steps = [
        step(Customer, ids, {"stage": was, "stage_by": by, "stage_since": since}, after)
        for (was, by, since), ids in groups.items()
    ]
    summary = ngettext(
        "%(n)s customer moved to %(stage)s", "%(n)s customers moved to %(stage)s", len(keys)
    ) % {
        "n": len(keys),
        "stage": Stage(stage).label,
    }
    return _reversal(actor, "customers.stage", summary, steps)


def _reversal(actor: User, action: str, summary: str, steps: list[dict[str, Any]]) -> Reversal:
    return Reversal.objects.create(
        actor=actor, action=action, summary=summary[:200], steps=[one for one in steps if one["ids"]]
    )
