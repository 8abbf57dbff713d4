"""What was done for them: tasks that are closed."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from playbooks.models import Task
from workspace.timeline.source import Entry, Group, Row, Source

TASKS = Group("task", gettext_lazy("Tasks"))


def _closed(customer_id: int) -> QuerySet[Any]:
    return Task.objects.filter(customer_id=customer_id, closed_at__isnull=False)


def _tell(row: Row) -> Entry:
    if row.what == Task.State.DONE:
        title = _("Task done: %(task)s") % {"task": row.text}
        return Entry(icon="square-check", title=title, tone="green", by=row.by)
    return Entry(icon="square-check", title=_("Task dropped: %(task)s") % {"task": row.text}, by=row.by)


GROUPS = (TASKS,)
SOURCES = (
    Source(
        key="task",
        group=TASKS.key,
        facts=_closed,
        moment="closed_at",
        timed=True,
        tell=_tell,
        show={"what": F("state"), "by": F("closed_by__name"), "text": F("title")},
    ),
)
