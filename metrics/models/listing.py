"""The figures of the newest night as lists read them: narrow rows with an index for each order."""

from typing import ClassVar

from django.db import models

from customers.models import Customer


class CurrentRow(models.Model):
    """One customer as the newest finished night has it, copied from `CustomerDay` (metrics/listing.py).

    `…_before` and `…_change` speak of 30 days earlier; null where that day has no row. Valid while the newest night's
    `listed_at` is set; without it lists read the daily rows.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="current"
    )
    mrr_cents = models.BigIntegerField()
    mrr_change_cents = models.BigIntegerField(null=True, blank=True)
    active_people_30 = models.PositiveIntegerField()
    active_before = models.PositiveIntegerField(null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    open_tickets = models.PositiveIntegerField()
    last_touch_on = models.DateField(null=True, blank=True)
    renewal_on = models.DateField(null=True, blank=True)
    renewal_value_cents = models.BigIntegerField(null=True, blank=True)
    paid_cents = models.BigIntegerField()
    nps_score = models.PositiveSmallIntegerField(null=True, blank=True)
    potential = models.PositiveSmallIntegerField(null=True, blank=True)  # to expand, 0 … 100

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["mrr_cents", "customer"], name="metrics_current_mrr"),
            models.Index(fields=["mrr_change_cents", "customer"], name="metrics_current_change"),
            models.Index(fields=["active_people_30", "customer"], name="metrics_current_active"),
            models.Index(fields=["seats", "customer"], name="metrics_current_seats"),
            models.Index(fields=["open_tickets", "customer"], name="metrics_current_tickets"),
            models.Index(fields=["last_touch_on", "customer"], name="metrics_current_touch"),
            models.Index(fields=["renewal_on", "customer"], name="metrics_current_renewal"),
            models.Index(fields=["paid_cents", "customer"], name="metrics_current_paid"),
            models.Index(fields=["nps_score", "customer"], name="metrics_current_nps"),
            models.Index(fields=["potential", "customer"], name="metrics_current_potential"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} now"
