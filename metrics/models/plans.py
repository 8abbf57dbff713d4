"""What is done about a figure that fell: cause, owner, steps, due date."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core import time


class ActionPlan(models.Model):
    """A plan for one figure and slice: at most one is open at a time.

    `value` is what the figure was when the plan was opened, as a target holds it; None: it had none. `outcome` says
    what came of it, once it is closed.
    """

    key = models.CharField(max_length=60)
    slice = models.CharField(max_length=120, blank=True, default="")
    cause = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    opened_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "slice"], condition=Q(closed_on__isnull=True), name="metrics_one_open_plan"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opened_on")), name="metrics_plan_due_after_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="metrics_plan_closed_after_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.slice} from {self.opened_on}"

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.closed_on is None


class PlanStep(models.Model):
    """One thing to do in a plan; `done_on` None: not done yet."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["plan", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "position"], name="metrics_plan_step_place_once"),
        ]

    def __str__(self) -> str:
        return self.what
