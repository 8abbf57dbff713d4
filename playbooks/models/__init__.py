"""What we do about it: tasks."""

from playbooks.models.task import CalendarFeed, Cover, Task, TaskComment, TaskItem

__all__ = [
    "CalendarFeed",
    "Cover",
    "Task",
    "TaskComment",
    "TaskItem",
]
