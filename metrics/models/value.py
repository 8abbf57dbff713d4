"""What counts as first value and as activated."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Segment


class FirstValueSign(models.Model):
    """A usage event or a milestone at which a customer has had its first value."""

    class Kind(models.TextChoices):
        EVENT = "event", _("Usage event")
        MILESTONE = "milestone", _("Milestone")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="metrics_first_value_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class ActivationCriteria(models.Model):
    """A version of what makes a customer of a segment activated; "" for those whose segment has none of its own.

    Never changed once published. It holds for customers that started on `applies_from` or later (null: for all), as
    far as no later version does. A version that asks for nothing takes the segment's own criteria back.
    """

    segment = models.CharField(max_length=12, choices=Segment.choices, blank=True, default="")
    version = models.PositiveIntegerField()
    applies_from = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["segment", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["segment", "version"], name="metrics_activation_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.version}"


class ActivationItem(models.Model):
    """One thing a version asks for: so many of an event, or a milestone, within days of the customer's start."""

    class Kind(models.TextChoices):
        LOGIN = "login", _("Logins")
        ACTION = "action", _("Actions")
        CRITICAL = "critical", _("Critical action")
        RESULT = "result", _("Result shown by an event")
        MILESTONE = "milestone", _("Result set as a milestone")

    criteria = models.ForeignKey(ActivationCriteria, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    times = models.PositiveIntegerField(default=1)
    within_days = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["criteria", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criteria", "position"], name="metrics_activation_item_place"),
            models.CheckConstraint(
                condition=Q(times__gte=1) & Q(within_days__gte=1) & ~Q(name=""),
                name="metrics_activation_item_asks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
