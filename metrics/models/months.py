"""Whole months on record: as first published, and as frozen by a person. Their values never change."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time


class MonthRecord(models.Model):
    """All figures of one calendar month as they were told at `recorded_at`.

    `published`: written by itself when the month's last night is finished. `frozen`: by a person, for what is paid by
    it; a month may be frozen again, the earlier `edition` stays. `month` is its first day.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("First published")
        FROZEN = "frozen", _("Frozen")

    month = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField(default=time.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-month", "kind", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "kind", "edition"], name="metrics_month_record_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="metrics_month_record_first_day"),
            models.CheckConstraint(
                condition=Q(kind="frozen") | Q(edition=1), name="metrics_month_published_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind} {self.edition}"


class MonthValue(models.Model):
    """One figure of a recorded month, of the whole or of one slice. A trigger refuses to change it.

    Numbers are exact fractions as text (`3/7`, `1200`), money in cents; "" where the figure is not defined.
    """

    record = models.ForeignKey(MonthRecord, on_delete=models.CASCADE, related_name="values")
    key = models.CharField(max_length=60)
    cut = models.CharField(max_length=10, blank=True, default="")
    part = models.CharField(max_length=254, blank=True, default="")
    value = models.CharField(max_length=80, blank=True, default="")
    numerator = models.CharField(max_length=80, blank=True, default="")
    denominator = models.BigIntegerField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    margin = models.FloatField(null=True, blank=True)
    provisional = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "key", "cut", "part"], name="metrics_month_value_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.cut} {self.part} of {self.record_id}"
