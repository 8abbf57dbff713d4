"""The nights that made the daily rows: their shards, and the days a late fact made stale."""

from typing import ClassVar

from django.db import models

from core import time
from core.models import LeasedQuerySet, LeasedWork, WorkState
from customers.models import Customer


class Night(models.Model):
    """One closed local date and whether its night is done; the first to insert the row does it.

    `finished_at` is when its rows were first published, `restated_at` when a late fact last changed one of them.
    `told_at` null: what is told of the day as a whole (`metrics/snapshots.py`) is due, for the first time or again;
    `checked_at` likewise for what is checked of it (`metrics/integrity.py`). `moved_at` null: nobody has looked yet
    whose health moved on that day (`metrics/health/moves.py`); that is done once. `listed_at`: since when the rows that
    lists read are those of this night (`metrics/listing.py`); `unlisted` counts how often that was taken back.
    """

    day = models.DateField(unique=True)
    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    opened_at = models.DateTimeField(default=time.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    restated_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    unlisted = models.PositiveIntegerField(default=0)
    failed_step = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-day"]
        indexes: ClassVar = [
            models.Index(fields=["finished_at"], name="metrics_night_finished"),
            models.Index(
                fields=["day"],
                condition=models.Q(state=WorkState.DONE, told_at__isnull=True),
                name="metrics_night_untold",
            ),
            models.Index(
                fields=["day"],
                condition=models.Q(state=WorkState.DONE, told_at__isnull=False, checked_at__isnull=True),
                name="metrics_night_unchecked",
            ),
            models.Index(
                fields=["day"],
                condition=models.Q(state=WorkState.DONE, moved_at__isnull=True),
                name="metrics_night_unmoved",
            ),
        ]

    def __str__(self) -> str:
        return f"night of {self.day}"


class NightShard(LeasedWork):
    """A range of customers `[low, high]` of one night: a piece of work for one worker."""

    night = models.ForeignKey(Night, on_delete=models.CASCADE, related_name="shards")
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["night", "low"], name="metrics_shard_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="metrics_shard_due")]

    def __str__(self) -> str:
        return f"{self.night} {self.low}–{self.high}"


class StaleSpan(LeasedWork):
    """Days of one customer that a late fact touched: to be refilled, hourly or as soon as the bell rings.

    `[first, last]`; last null: every finished day from `first` on.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="metrics_stale_due")]

    def __str__(self) -> str:
        return f"{self.customer_id} from {self.first}"
