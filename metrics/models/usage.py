"""Raw usage, its roll-up, and the mark that a day is rolled up."""

from typing import ClassVar

from django.db import models

from core import time
from customers.models import Customer


class UsageEvent(models.Model):
    """A raw usage event. `day` is its workspace day; `message_id` the key (derived where the sender gave none)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    occurred_at = models.DateTimeField()
    event = models.CharField(max_length=120)
    person = models.CharField(max_length=200, blank=True, default="")
    count = models.IntegerField(default=1)
    message_id = models.CharField(max_length=120, unique=True)
    batch_id = models.BigIntegerField(null=True, blank=True)  # the import that brought it in, for undo

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "customer"], name="metrics_usage_day")]

    def __str__(self) -> str:
        return f"{self.event} {self.day}"


class UsageDay(models.Model):
    """Usage of one day by customer, person and feature (the event's name); the day is replaced whole."""

    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.CharField(max_length=200, blank=True, default="")
    feature = models.CharField(max_length=120)
    events = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "customer", "person", "feature"], name="metrics_usage_rollup_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "day"], name="metrics_usage_customer")]

    def __str__(self) -> str:
        return f"{self.feature} {self.day}"


class UsageRolled(models.Model):
    """The mark that the usage of one day is rolled up for the customers of one cell (see `metrics/scope.py`).

    Written in the transaction that replaced the day; taken away when a late event arrives.
    """

    day = models.DateField()
    cell = models.BigIntegerField()
    rolled_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "cell"], name="metrics_rolled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} from {self.cell}"
