"""What the nightly checks found, sudden changes of figures, and the reports that went out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time


class IntegrityResult(models.Model):
    """What one check found of one day, the last time it ran. `rows` holds some of the `failures`, as plain values."""

    class Check(models.TextChoices):
        MOVEMENTS = "movements", _("Opening and movements make the closing")
        PARTS = "parts", _("Slices add up to the whole")
        ROLLUP = "rollup", _("Roll-ups equal a recount of raw rows")
        NIGHTS = "nights", _("Every closed day has its night")

    check_name = models.CharField(max_length=12, choices=Check.choices)
    day = models.DateField()
    failures = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=list)
    checked_at = models.DateTimeField(default=time.now)
    failed_at = models.DateTimeField(null=True, blank=True)  # since when it fails; null: it does not

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_name", "day"], name="metrics_integrity_once"),
            models.CheckConstraint(
                condition=Q(failures=0, failed_at__isnull=True) | Q(failures__gt=0, failed_at__isnull=False),
                name="metrics_integrity_failed_since",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["check_name", "day"], condition=Q(failures__gt=0), name="metrics_integrity_failing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_name} of {self.day}"


class SuddenChange(models.Model):
    """A figure that changed within a week as it hardly ever did: `value` against `before`, seven days earlier.

    `centre` and `deviation` are the median of its weekly changes and their robust deviation. `worth` says what the
    change stands for: a share of MRR, or customers.
    """

    class Worth(models.TextChoices):
        MRR = "mrr", _("share of MRR")
        CUSTOMERS = "customers", _("customers")

    day = models.DateField()
    key = models.CharField(max_length=60)
    value = models.FloatField()
    before = models.FloatField()
    centre = models.FloatField()
    deviation = models.FloatField()
    worth = models.FloatField()
    worth_of = models.CharField(max_length=10, choices=Worth.choices)
    found_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "day"], name="metrics_sudden_change_once"),
            models.CheckConstraint(condition=Q(deviation__gt=0), name="metrics_sudden_change_deviates"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="metrics_sudden_change_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.day}"


class SentReport(models.Model):
    """That a person's report of a week or month was put into the outbox: once."""

    class Span(models.TextChoices):
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    span = models.CharField(max_length=5, choices=Span.choices)
    first = models.DateField()
    queued_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "span", "first"], name="metrics_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.span} of {self.first} for {self.user_id}"
