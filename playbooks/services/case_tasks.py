"""The task of a low answer: opened with its case, done once the case is closed (the way back: `done_cases.py`)."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm
from core import time
from core.models import Event
from customers.models import Customer
from playbooks.models import Task
from playbooks.services.tasks import task_done
from surveys.models import LoopCase


def hear_cases_opened(events: list[Event]) -> None:
    """Open a task for the owner of each low answer; hearing it twice changes nothing."""
    case_tasks_open(LoopCase.objects.filter(pk__in=[event.payload["case"] for event in events]))


def hear_owner_changed(events: list[Event]) -> None:
    """Open the tasks of low answers that had nobody to be given to, now that the customer has an owner."""
    firms = {event.customer_id for event in events if event.customer_id and event.payload.get("now")}
    case_tasks_open(LoopCase.objects.filter(customer__in=firms))


def hear_cases_closed(events: list[Event]) -> None:
    """Mark the task of each closed case as done, by who closed the case; hearing it twice changes nothing."""
    keys = [event.payload["case"] for event in events]
    for task in Task.objects.open().filter(case__in=keys, case__closed_at__isnull=False):
        task_done(actor=_who_closed(task), task=task)


def case_tasks_open(cases: Iterable[LoopCase]) -> int:
    """Open a task for each open case without one, due by the calendar's clock; return how many were opened.

    The task is the customer's owner's, else that of who owned the customer as the answer came. Where neither may do
    tasks there, none is opened until the customer gets an owner; the case stands in the list of low answers.
    """
    keys = [case.pk for case in cases]
    rows = LoopCase.objects.filter(pk__in=keys, closed_at__isnull=True, task__isnull=True)
    rows = rows.select_related("response", "customer__owner", "owner").order_by("pk")
    return sum(_open(case) for case in rows)


def _open(case: LoopCase) -> bool:
    owner = next(
        (one for one in (case.customer.owner, case.owner) if one and may_do_tasks(one, case.customer)), None
    )
    if owner is None:
        return False
    due = case.due_at.astimezone(time.workspace_zone()).replace(second=0, microsecond=0)
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        title = _("Answer a low %(survey)s score: %(score)s") % {
            "survey": case.response.get_survey_display(),
            "score": case.response.score,
        }
    task, is_new = Task.objects.get_or_create(
        case=case,
        defaults={
            "title": title,
            "owner": owner,
            "customer_id": case.customer_id,
            "due_on": due.date(),
            "due_at": due.time(),
            "priority": Task.Priority.HIGH,
        },
    )
    if is_new:
        audit.record(
            actor=None,
            action="task.created",
            subject=task,
            changes={name: (None, getattr(task, name)) for name in ("title", "owner", "due_on")},
            customer_id=task.customer_id,
            label=task.title,
        )
    return is_new


def may_do_tasks(person: User, customer: Customer) -> bool:
    """Tell whether somebody can be given a task about a customer."""
    sees = Customer.objects.visible_to(person).filter(pk=customer.pk)
    return person.is_active and person.may(Perm.CUSTOMERS_EDIT) and sees.exists()


def _who_closed(task: Task) -> User | None:
    return task.case.closed_by if task.case is not None else None
