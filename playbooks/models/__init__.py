"""What we do about it: alerts and tasks."""

from playbooks.models.alert import Alert, AlertRule
from playbooks.models.loss import Loss, LossReason
from playbooks.models.renewal import Call, Renewal, RenewalCall
from playbooks.models.task import CalendarFeed, Cover, Task, TaskComment, TaskItem

__all__ = [
    "Alert",
    "AlertRule",
    "CalendarFeed",
    "Call",
    "Cover",
    "Loss",
    "LossReason",
    "Renewal",
    "RenewalCall",
    "Task",
    "TaskComment",
    "TaskItem",
]
