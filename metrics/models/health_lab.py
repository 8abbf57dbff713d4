"""What is kept around the scores: moves worth knowing, scores of a shadow, and long work of the lab."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import LeasedQuerySet, LeasedWork
from customers.models import Customer
from metrics.models.health import ScorecardVersion


class HealthMove(models.Model):
    """A move of a customer's health worth knowing, found once by the night of its day (`metrics/health/moves.py`).

    `before` and `after` are bands for `band` and `coverage`, scores in hundredths for `drop`, probabilities in
    hundredths of a per cent for `risk`.
    """

    BAND, DROP, COVERAGE, RISK = "band", "drop", "coverage", "risk"
    KINDS = (BAND, DROP, COVERAGE, RISK)

    day = models.DateField()
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="health_moves", db_index=False
    )
    kind = models.CharField(max_length=10)
    before = models.IntegerField()
    after = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer", "kind"], name="metrics_health_move_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["band", "drop", "coverage", "risk"]), name="metrics_health_move_kind"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "day"], name="metrics_health_move_of")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.day}"


class HealthShadow(models.Model):
    """What a shadow would have said of a customer on a day, beside its `HealthDay`; scores in hundredths."""

    version = models.ForeignKey(
        ScorecardVersion, on_delete=models.CASCADE, related_name="shadow_days", db_index=False
    )
    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    score = models.PositiveIntegerField(null=True, blank=True)
    coverage = models.PositiveIntegerField(default=0)
    band = models.PositiveSmallIntegerField(default=0)
    across = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "day", "customer"], name="metrics_health_shadow_once"),
            models.CheckConstraint(
                condition=(
                    Q(score__isnull=True, band=0) | Q(score__isnull=False, score__lte=10_000, band__lte=3)
                )
                & Q(coverage__lte=10_000),
                name="metrics_health_shadow_in_range",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer"], name="metrics_health_shadow_of")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} by {self.version_id}"


class LabTask(LeasedWork):
    """Long work of the score lab: a backtest or a suggestion of weights, for a cell and a definition.

    `key` names what is asked, so the same question is worked on once a night; `progress` is in per cent.
    """

    BACKTEST, SUGGESTION = "backtest", "suggestion"

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=64, unique=True)
    cell = models.CharField(max_length=60, blank=True, default="")
    definition = models.JSONField()
    day = models.DateField()
    progress = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["backtest", "suggestion"]), name="metrics_lab_task_kind"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="metrics_lab_task_progress"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="metrics_lab_task_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
