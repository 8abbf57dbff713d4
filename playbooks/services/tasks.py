"""Tasks: made, changed, done, dropped, opened again; a task that repeats is followed by its next one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm
from accounts.principals import Principal
from core import time
from customers.models import Customer
from customers.working import workspace_calendar
from playbooks.models import Task, TaskComment, TaskItem
from playbooks.repeating import next_due, weekday
from playbooks.services.done_cases import case_of_done_task

FIELDS = ("title", "body", "customer", "owner", "due_on", "due_at", "priority", "repeats", "every")
MOST_ITEMS = 50
MOST_EVERY = 365


class StaleTaskError(ValidationError):
    """Somebody else changed the task meanwhile."""


@transaction.atomic
def task_create(
    *,
    actor: Principal | None,
    title: str,
    owner: User,
    customer: Customer | None = None,
    body: str = "",
    due_on: dt.date | None = None,
    due_at: dt.time | None = None,
    priority: int = Task.Priority.NORMAL,
    repeats: str = Task.Repeats.NEVER,
    every: int = 1,
    items: Sequence[str] = (),
) -> Task:
    """Make a task with its checklist. Raises ValidationError by field."""
    task = Task(
        title=title.strip(),
        body=body.strip(),
        owner=owner,
        customer=customer,
        due_on=due_on,
        due_at=due_at,
        priority=priority,
        repeats=repeats,
        every=every,
        anchor_day=due_on.day if due_on and repeats == Task.Repeats.MONTH else None,
        created_by=actor.person if actor else None,
    )
    _check(task)
    task.save()
    _checklist(task, items)
    changes = {name: (None, getattr(task, name)) for name in ("title", "owner", "due_on")}
    _record(actor, "task.created", task, changes)
    return task


@transaction.atomic
def task_update(
    *, actor: Principal | None, task: Task, changes: Mapping[str, Any], version: int | None = None
) -> Task:
    """Change any of `FIELDS`. Raises ValidationError by field, StaleTaskError when `version` is not the task's."""
    row = _locked(task)
    if version is not None and version != row.version:
        raise StaleTaskError(_("Somebody changed this task meanwhile. Look at it again before you save."))
    before = {name: getattr(row, name) for name in FIELDS}
    for name, value in changes.items():
        setattr(row, name, value.strip() if isinstance(value, str) and name in ("title", "body") else value)
    changed = {name: getattr(row, name) for name in FIELDS if getattr(row, name) != before[name]}
    if not changed:
        return row
    _check(row)
    if "due_on" in changed or "repeats" in changed:
        row.anchor_day = row.due_on.day if row.due_on and row.repeats == Task.Repeats.MONTH else None
    _save(row)
    _record(actor, "task.updated", row, {name: (before[name], value) for name, value in changed.items()})
    return row


@transaction.atomic
def task_done(*, actor: Principal | None, task: Task) -> Task:
    """Mark a task as done; one that repeats gets its next one, once. Doing it twice changes nothing."""
    return _close(actor, task, Task.State.DONE, "task.done")


@transaction.atomic
def task_drop(*, actor: Principal | None, task: Task) -> Task:
    """Give a task up; a task that repeats ends with it."""
    return _close(actor, task, Task.State.DROPPED, "task.dropped")


@transaction.atomic
def task_reopen(*, actor: Principal | None, task: Task) -> Task:
    """Open a task again; the next one of its rhythm goes away if nobody touched it."""
    row = _locked(task)
    if row.state == Task.State.OPEN:
        return row
    before = row.state
    row.state, row.closed_at, row.closed_by = Task.State.OPEN, None, None
    _save(row)
    Task.objects.filter(follows=row, state=Task.State.OPEN, version=1, comments__isnull=True).delete()
    _record(actor, "task.reopened", row, {"state": (before, row.state)})
    return row


@transaction.atomic
def item_add(*, actor: Principal | None, task: Task, text: str) -> TaskItem:
    """Add a line to a task's checklist. Raises ValidationError."""
    row = _locked(task)
    made = _checklist(row, [text])
    if not made:
        raise ValidationError({"text": _("Say what is to be done.")})
    _record(actor, "task.item_added", row, {"item": (None, made[0].text)})
    return made[0]


@transaction.atomic
def item_tick(*, actor: Principal | None, item: TaskItem, done: bool) -> TaskItem:
    """Tick a line of a checklist, or take the tick back."""
    row = TaskItem.objects.select_for_update().get(pk=item.pk)
    if row.done != done:
        row.done = done
        row.save(update_fields=["done"])
        _record(actor, "task.item_ticked", row.task, {"item": (row.text, row.text), "done": (not done, done)})
    return row


@transaction.atomic
def item_remove(*, actor: Principal | None, item: TaskItem) -> None:
    """Take a line off a checklist."""
    _record(actor, "task.item_removed", item.task, {"item": (item.text, None)})
    item.delete()


@transaction.atomic
def comment_add(*, actor: User, task: Task, text: str) -> TaskComment:
    """Say something about a task. Raises ValidationError for nothing said."""
    said = text.strip()
    if not said:
        raise ValidationError({"text": _("Write the comment first.")})
    comment = TaskComment.objects.create(task=task, author=actor, text=said)
    _record(actor, "task.commented", task, {})
    return comment


def _close(actor: Principal | None, task: Task, state: str, action: str) -> Task:
    row = _locked(task)
    if row.state != Task.State.OPEN:
        return row
    row.state, row.closed_at = state, time.now()
    row.closed_by = actor.person if actor else None
    _save(row)
    if state == Task.State.DONE:
        _follow(row)
        case_of_done_task(actor=actor, task=row)
    _record(actor, action, row, {"state": (Task.State.OPEN, state)})
    return row


def _follow(task: Task) -> None:
    """Make the next task of a rhythm, unless it is there."""
    if not task.repeats or task.due_on is None or Task.objects.filter(follows=task).exists():
        return
    calendar = workspace_calendar()
    due_on = next_due(
        task.due_on,
        task.repeats,
        task.every,
        today=time.today(),
        anchor_day=task.anchor_day,
        is_workday=calendar.is_working_day if calendar else weekday,
    )
    same = (
        "title",
        "body",
        "customer_id",
        "owner_id",
        "created_by_id",
        "due_at",
        "priority",
        "repeats",
        "every",
    )
    following = Task.objects.create(
        **{name: getattr(task, name) for name in same},
        due_on=due_on,
        anchor_day=task.anchor_day,
        follows=task,
    )
    _checklist(following, list(task.items.values_list("text", flat=True)))


def _check(task: Task) -> None:
    longest = 200
    if not task.title or len(task.title) > longest:
        raise ValidationError(
            {"title": _("Say what is to be done, in 1 to %(n)s characters.") % {"n": longest}}
        )
    if not task.owner.is_active or not task.owner.may(Perm.CUSTOMERS_EDIT):
        raise ValidationError(
            {"owner": _("%(name)s cannot do tasks. Choose another person.") % {"name": task.owner}}
        )
    if (
        task.customer is not None
        and not Customer.objects.visible_to(task.owner).filter(pk=task.customer.pk).exists()
    ):
        raise ValidationError(
            {"owner": _("%(name)s may not see this customer. Choose another person.") % {"name": task.owner}}
        )
    if task.due_at is not None and task.due_on is None:
        raise ValidationError({"due_on": _("A time needs a day. Give the day, or leave the time empty.")})
    if task.repeats and task.due_on is None:
        raise ValidationError({"due_on": _("A task that repeats needs the day on which it is due first.")})
    if not 1 <= task.every <= MOST_EVERY:
        raise ValidationError({"every": _("Give a number from 1 to %(n)s.") % {"n": MOST_EVERY}})


def _checklist(task: Task, texts: Sequence[str]) -> list[TaskItem]:
    wanted = [text.strip()[:200] for text in texts if text.strip()]
    begin = task.items.order_by("-position").values_list("position", flat=True).first() or 0
    if begin + len(wanted) > MOST_ITEMS:
        raise ValidationError({"items": _("A checklist has at most %(n)s lines.") % {"n": MOST_ITEMS}})
    return TaskItem.objects.bulk_create(
        TaskItem(task=task, position=place, text=text) for place, text in enumerate(wanted, start=begin + 1)
    )


def _locked(task: Task) -> Task:
    row: Task = (
        Task.objects.select_for_update(of=("self",)).select_related("owner", "customer").get(pk=task.pk)
    )
    return row


def _save(task: Task) -> None:
    task.version += 1
    task.updated_at = time.now()
    task.save()


def _record(actor: Principal | None, action: str, task: Task, changes: Mapping[str, tuple[Any, Any]]) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=task,
        changes=changes,
        customer_id=task.customer_id,
        label=task.title,
    )
