"""Many tasks at once, tasks that go along with a customer, standing in for somebody."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm
from accounts.principals import Principal
from core import time
from core.models import Event
from playbooks.models import Cover, Task
from playbooks.services.tasks import task_done

MOST = 500
PIECE = 500


def tasks_done(*, actor: User, tasks: QuerySet[Task]) -> int:
    """Mark tasks as done, each in a transaction of its own; return how many were open."""
    found = list(tasks.open()[:MOST])  # type: ignore[attr-defined]
    for task in found:
        task_done(actor=actor, task=task)
    return len(found)


def tasks_assign(*, actor: User, tasks: QuerySet[Task], owner: User) -> int:
    """Give open tasks to somebody; return how many changed hands. Raises ValidationError."""
    if not owner.is_active or not owner.may(Perm.CUSTOMERS_EDIT):
        raise ValidationError(
            {"owner": _("%(name)s cannot do tasks. Choose another person.") % {"name": owner}}
        )
    kept = Task.objects.visible_to(owner)
    wanted = tasks.filter(pk__in=kept.values("pk")) if owner.may(Perm.CUSTOMERS_VIEW) else tasks.none()
    return _change(actor, wanted.exclude(owner=owner), {"owner_id": owner.pk}, "owner_id", owner.pk)


def tasks_move(*, actor: User, tasks: QuerySet[Task], due_on: dt.date) -> int:
    """Move open tasks to another day; return how many moved."""
    return _change(actor, tasks.exclude(due_on=due_on), {"due_on": due_on}, "due_on", due_on)


def hear_owner_changed(events: list[Event]) -> None:
    """Let open tasks of a customer go along when it is handed over: those of the one who had it, to who has it now.

    Tasks that others do for the customer stay with them. Hearing it twice changes nothing.
    """
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for event in events:
        was, now = event.payload.get("was"), event.payload.get("now")
        if was and now and event.customer_id:
            groups[was, now].append(event.customer_id)
    for (was, now), customers in groups.items():
        rows = Task.objects.open().filter(owner=was, customer__in=customers)
        with transaction.atomic():
            _change(None, rows, {"owner_id": now}, "owner_id", now)


@transaction.atomic
def cover_add(*, actor: User, person: User, substitute: User, first_on: dt.date, last_on: dt.date) -> Cover:
    """Let somebody stand in for a person from a day to another, both included. Raises ValidationError by field."""
    if person.pk == substitute.pk:
        raise ValidationError({"substitute": _("Choose somebody else than the person who is away.")})
    if not substitute.is_active or not substitute.may(Perm.CUSTOMERS_EDIT):
        raise ValidationError(
            {"substitute": _("%(name)s cannot do tasks. Choose another person.") % {"name": substitute}}
        )
    if last_on < first_on:
        raise ValidationError({"last_on": _("The last day is before the first.")})
    if last_on < time.today():
        raise ValidationError({"last_on": _("These days are over. Give days to come.")})
    User.objects.select_for_update().get(pk=person.pk)
    if Cover.objects.filter(person=person, first_on__lte=last_on, last_on__gte=first_on).exists():
        raise ValidationError({"first_on": _("Somebody stands in on some of these days already.")})
    cover = Cover.objects.create(person=person, substitute=substitute, first_on=first_on, last_on=last_on)
    audit.record(
        actor=actor,
        action="cover.created",
        subject=cover,
        changes={"substitute": (None, substitute), "first_on": (None, first_on), "last_on": (None, last_on)},
        label=person.name,
    )
    return cover


@transaction.atomic
def cover_remove(*, actor: User, cover: Cover) -> None:
    """End a stand-in."""
    audit.record(actor=actor, action="cover.removed", subject=cover, changes={}, label=cover.person.name)
    cover.delete()


@transaction.atomic
def _change(
    actor: Principal | None, tasks: QuerySet[Task], values: dict[str, Any], field: str, new: Any
) -> int:
    rows = list(tasks.filter(state=Task.State.OPEN).order_by("pk").values_list("pk", field)[:MOST])
    if not rows:
        return 0
    keys = [pk for pk, _was in rows]
    changed = Task.objects.filter(pk__in=keys).update(
        **values, version=F("version") + 1, updated_at=time.now()
    )
    audit.record_many(
        actor=actor,
        action="task.updated",
        model=Task,
        changes={pk: {field.removesuffix("_id"): (was, new)} for pk, was in rows},
    )
    return changed
