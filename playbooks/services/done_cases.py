"""A low answer whose task was done is closed with it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import time
from playbooks.models import Task
from surveys.models import LoopCase
from surveys.services.loop import case_close


def case_of_done_task(*, actor: Principal | None, task: Task) -> None:
    """Close the case of a task that was done, inside the caller's transaction, unless it is closed already.

    What was done is what was said last about the task. A task that is given up leaves its case open.
    """
    if task.case_id is None or actor is None:
        return
    case = LoopCase.objects.filter(pk=task.case_id, closed_at__isnull=True).first()
    if case is None:
        return
    said = task.comments.order_by("-created_at", "-pk").values_list("text", flat=True).first()
    try:
        case_close(actor=actor, case=case, done=said or _("Its task was marked as done."), at=time.now())
    except ValidationError:  # somebody closed it this moment
        return
