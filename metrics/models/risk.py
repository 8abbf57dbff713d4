"""The probability of leaving: the models it was worked out with, and what they said of every customer and day."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.models import LeasedQuerySet, LeasedWork
from customers.models import Customer


class RiskModel(models.Model):
    """A hazard model as it was learned at the end of a day, from what was known then (`metrics/risk/training.py`).

    It holds for the days after `trained_on`, until one that was trained later; of two of one day the higher number.
    Only a model in the state `used` says anything. `auc` with its 95 % interval and `calibration` come from months it
    had not seen; `definition` is all that is needed to ask it. It never changes: a trigger sees to it.
    """

    class State(models.TextChoices):
        USED = "used", _("In use")
        LITTLE = "little", _("Too little history")
        NONE = "none", _("No evidence")

    number = models.PositiveIntegerField(unique=True)
    trained_on = models.DateField()
    trained_at = models.DateTimeField(default=time.now)
    state = models.CharField(max_length=10, choices=State.choices)
    rows = models.PositiveIntegerField(default=0)  # customer-months
    customers = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)  # different customers that left
    months = models.PositiveIntegerField(default=0)
    held_rows = models.PositiveIntegerField(default=0)
    held_lost = models.PositiveIntegerField(default=0)
    auc = models.FloatField(null=True, blank=True)
    auc_low = models.FloatField(null=True, blank=True)
    auc_high = models.FloatField(null=True, blank=True)
    calibration = models.JSONField(default=list)
    definition = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-trained_on", "-number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["used", "little", "none"]), name="metrics_risk_model_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="used") | Q(auc_low__gt=0.5), name="metrics_risk_model_has_evidence"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["trained_on", "number"], name="metrics_risk_model_day")]

    def __str__(self) -> str:
        return f"risk model {self.number} of {self.trained_on}"


class RiskDay(models.Model):
    """How likely a paying customer is, at the end of a day, to leave within so many days.

    Probabilities in hundredths of a per cent (10 000 = certain). `expected_on`: the first day by which it is more
    likely than not to have left; null where that lies beyond 360 days.
    """

    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="risks", db_index=False)
    model = models.ForeignKey(RiskModel, on_delete=models.PROTECT, related_name="+", db_index=False)
    within_30 = models.PositiveSmallIntegerField()
    within_60 = models.PositiveSmallIntegerField()
    within_90 = models.PositiveSmallIntegerField()
    within_180 = models.PositiveSmallIntegerField()
    within_360 = models.PositiveSmallIntegerField()
    expected_on = models.DateField(null=True, blank=True)
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="metrics_risk_day_once"),
            models.CheckConstraint(
                condition=Q(
                    within_60__gte=F("within_30"),
                    within_90__gte=F("within_60"),
                    within_180__gte=F("within_90"),
                    within_360__gte=F("within_180"),
                    within_360__lte=10_000,
                ),
                name="metrics_risk_day_grows",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "day"], name="metrics_risk_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"


class RiskTask(LeasedWork):
    """Work on risk: to learn the model of a day, or to ask one for the finished days it holds for, cell by cell.

    `model` null: to learn; `low`: the cell of customers to fill (0 where a model is learned).
    """

    day = models.DateField()
    model = models.ForeignKey(RiskModel, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    low = models.BigIntegerField(default=0)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(model__isnull=True), name="metrics_risk_task_once"
            ),
            models.UniqueConstraint(fields=["model", "low"], name="metrics_risk_fill_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="metrics_risk_task_due")]

    def __str__(self) -> str:
        return f"risk of {self.day}, cell {self.low}"
