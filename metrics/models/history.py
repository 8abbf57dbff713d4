"""What was published before a late fact restated it, and what is told of every day and slice."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import time
from customers.models import Customer
from metrics.models.daily import DayValues


class PastDay(DayValues):
    """A row of `CustomerDay` as it stood from `computed_at` until `superseded_at`.

    Written by a trigger (`metrics/triggers.py`) when a published row is changed; a row that no finished night ever
    showed is not kept. There is no unique constraint: a clock that stands still must not stop a restatement.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    superseded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(superseded_at__gte=models.F("computed_at")), name="metrics_past_day_in_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "day"], name="metrics_past_customer"),
            models.Index(fields=["day", "superseded_at"], name="metrics_past_day"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} until {self.superseded_at}"


class SliceDay(models.Model):
    """The sums of one day over the customers of one slice: the whole (`cut` ""), a segment, a stage or an owner.

    A customer counts in the slice it was in at the end of the day. The rows of a day come in sets: `is_first` is the
    one first published, `is_current` the newest; they are the same until a late fact restates the day. Names and
    meanings of the sums are those of `metrics.book.Book` for a period of one day; money in cents.
    """

    day = models.DateField()
    cut = models.CharField(max_length=10, blank=True, default="")
    part = models.CharField(max_length=20, blank=True, default="")  # of owners the id; "none" without one
    is_first = models.BooleanField(default=True)
    is_current = models.BooleanField(default=True)
    customers = models.PositiveIntegerField(default=0)
    opening = models.BigIntegerField(default=0)
    closing = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    expansion = models.BigIntegerField(default=0)
    upsell = models.BigIntegerField(default=0)
    cross_sell = models.BigIntegerField(default=0)
    contraction = models.BigIntegerField(default=0)
    churn = models.BigIntegerField(default=0)
    reactivation = models.BigIntegerField(default=0)
    active_at_opening = models.PositiveIntegerField(default=0)
    active_at_closing = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    customers_new = models.PositiveIntegerField(default=0)
    payers = models.PositiveIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    open_tickets = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "cut", "part", "is_first"], name="metrics_slice_day_once"),
            models.UniqueConstraint(
                fields=["day", "cut", "part"], condition=Q(is_current=True), name="metrics_slice_day_current"
            ),
            models.CheckConstraint(
                condition=Q(is_first=True) | Q(is_current=True), name="metrics_slice_day_first_or_current"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["cut", "part", "day"], name="metrics_slice_trend")]

    def __str__(self) -> str:
        return f"{self.day} {self.cut} {self.part}".strip()


class FigureDay(models.Model):
    """A figure over its usual window ending with a day, for all customers, as the night of that day told it.

    `before` is the same seven days earlier, as known that night, so that the two can be compared. In the figure's unit
    (money in cents), null where it is not defined; `margin` is that of their difference, `basis` what a share was
    divided by.
    """

    day = models.DateField()
    key = models.CharField(max_length=60)
    value = models.FloatField(null=True, blank=True)
    before = models.FloatField(null=True, blank=True)
    margin = models.FloatField(null=True, blank=True)
    basis = models.FloatField(null=True, blank=True)
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "day"], name="metrics_figure_day_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="metrics_figure_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.day}"
