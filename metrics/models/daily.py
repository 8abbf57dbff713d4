"""The wide daily row of every customer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import time
from customers.models import Customer


class DayValues(models.Model):
    """What is written of one customer at the end of one day: in `CustomerDay`, and in `PastDay` as it was before.

    Money in cents. `opening_mrr_cents` is the MRR at the end of the day before; the movements say how
    one became the other: opening + new + reactivation + expansion − contraction − churn = mrr.
    """

    day = models.DateField()
    segment = models.CharField(max_length=12, blank=True, default="")
    stage = models.CharField(max_length=12, blank=True, default="")
    owner_id = models.BigIntegerField(null=True, blank=True)

    opening_mrr_cents = models.BigIntegerField(default=0)
    mrr_cents = models.BigIntegerField(default=0)
    mrr_new_cents = models.BigIntegerField(default=0)
    mrr_expansion_cents = models.BigIntegerField(default=0)
    mrr_contraction_cents = models.BigIntegerField(default=0)
    mrr_churn_cents = models.BigIntegerField(default=0)
    mrr_reactivation_cents = models.BigIntegerField(default=0)
    mrr_upsell_cents = models.BigIntegerField(default=0)  # with cross-sell: the expansion, split
    mrr_cross_sell_cents = models.BigIntegerField(default=0)
    seats = models.PositiveIntegerField(null=True, blank=True)

    events = models.BigIntegerField(default=0)
    active_people = models.PositiveIntegerField(default=0)
    features_used = models.PositiveIntegerField(default=0)
    active_people_30 = models.PositiveIntegerField(default=0)

    open_tickets = models.PositiveIntegerField(default=0)
    last_touch_on = models.DateField(null=True, blank=True)
    renewal_on = models.DateField(null=True, blank=True)
    renewal_value_cents = models.BigIntegerField(null=True, blank=True)
    paid_cents = models.BigIntegerField(default=0)
    nps_score = models.PositiveSmallIntegerField(null=True, blank=True)

    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        abstract = True


class CustomerDay(DayValues):
    """One customer at the end of one day: the only table that pages and figures read for history."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="days", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="metrics_customer_day_once"),
            models.CheckConstraint(
                condition=Q(
                    mrr_cents=models.F("opening_mrr_cents")
                    + models.F("mrr_new_cents")
                    + models.F("mrr_reactivation_cents")
                    + models.F("mrr_expansion_cents")
                    - models.F("mrr_contraction_cents")
                    - models.F("mrr_churn_cents")
                ),
                name="metrics_movements_add_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    mrr_expansion_cents=models.F("mrr_upsell_cents") + models.F("mrr_cross_sell_cents")
                ),
                name="metrics_expansion_splits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "day"], name="metrics_customer_days"),
            models.Index(
                fields=["day", "customer"],
                condition=~Q(mrr_cents=models.F("opening_mrr_cents")),
                name="metrics_days_that_moved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"
