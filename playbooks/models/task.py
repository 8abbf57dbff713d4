"""Work for one person: tasks with their checklist and comments, calendar feeds, and who stands in for whom."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import time
from customers.models import Customer
from playbooks.querysets import TaskQuerySet
from surveys.models import LoopCase


class Task(models.Model):
    """Something one person does by a day; `customer` None: not about one customer.

    `due_at` is the time on `due_on`, by the workspace's clock. A task that repeats (`repeats` every `every` units) is
    followed by its next one when it is done; `follows` names the one before, so that none is followed twice.
    `case`: the low answer it is about; the two are closed together.
    """

    class Priority(models.IntegerChoices):
        LOW = 1, _("Low")
        NORMAL = 2, _("Normal")
        HIGH = 3, _("High")
        URGENT = 4, _("Urgent")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Repeats(models.TextChoices):
        NEVER = "", _("Never")
        DAY = "day", _("Days")
        WORKDAY = "workday", _("Working days")
        WEEK = "week", _("Weeks")
        MONTH = "month", _("Months")

    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    due_at = models.TimeField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    repeats = models.CharField(max_length=8, choices=Repeats.choices, blank=True, default=Repeats.NEVER)
    every = models.PositiveSmallIntegerField(default=1)
    anchor_day = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # of the month, kept through short months
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    case = models.OneToOneField(
        LoopCase, null=True, blank=True, on_delete=models.SET_NULL, related_name="task"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(default=time.now, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = [
            F("due_on").asc(nulls_last=True),
            F("due_at").asc(nulls_last=True),
            "-priority",
            "pk",
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="playbooks_task_closed_when",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_on__isnull=False), name="playbooks_task_time_has_day"
            ),
            models.CheckConstraint(
                condition=Q(repeats="") | Q(due_on__isnull=False), name="playbooks_task_repeats_from_day"
            ),
            models.CheckConstraint(condition=Q(every__gte=1), name="playbooks_task_every"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state", "due_on"], name="playbooks_task_mine"),
            models.Index(fields=["customer", "state", "due_on"], name="playbooks_task_of_customer"),
        ]

    def __str__(self) -> str:
        return self.title


class TaskItem(models.Model):
    """A line of a task's checklist."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    done = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["task", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "position"], name="playbooks_task_item_place_once")
        ]

    def __str__(self) -> str:
        return self.text


class TaskComment(models.Model):
    """What somebody said about a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField()
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["task", "created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class CalendarFeed(models.Model):
    """A person's secret calendar address: whoever has it reads that person's open tasks. Stored hashed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=time.now, editable=False)
    read_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class Cover(models.Model):
    """`substitute` looks after a person's tasks from a day to another, both included."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["first_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="playbooks_cover_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="playbooks_cover_by_another"),
            models.UniqueConstraint(fields=["person", "first_on"], name="playbooks_cover_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.person_id} from {self.first_on}"
