"""What we do about it: alerts, playbooks and tasks."""

from playbooks.models.alert import Alert, AlertRule
from playbooks.models.escalation import Escalation
from playbooks.models.loss import Loss, LossReason
from playbooks.models.notice import AlertChannel, AlertNotice, WorkWish
from playbooks.models.opportunity import Opportunity
from playbooks.models.playbook import Playbook, PlaybookVersion, Step
from playbooks.models.renewal import Call, Renewal, RenewalCall
from playbooks.models.run import Run, RunBatch, RunStep
from playbooks.models.strategy import Strategy
from playbooks.models.study import PlaybookStudy
from playbooks.models.task import CalendarFeed, Cover, Task, TaskComment, TaskItem

__all__ = [
    "Alert",
    "AlertChannel",
    "AlertNotice",
    "AlertRule",
    "CalendarFeed",
    "Call",
    "Cover",
    "Escalation",
    "Loss",
    "LossReason",
    "Opportunity",
    "Playbook",
    "PlaybookStudy",
    "PlaybookVersion",
    "Renewal",
    "RenewalCall",
    "Run",
    "RunBatch",
    "RunStep",
    "Step",
    "Strategy",
    "Task",
    "TaskComment",
    "TaskItem",
    "WorkWish",
]
