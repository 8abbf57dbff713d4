"""What customers could buy more of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core import time
from customers.models import Customer
from playbooks.opportunities.querysets import OpportunityQuerySet


class Opportunity(models.Model):
    """An upsell or cross-sell and how far it is; `mrr_cents` a month is what it would bring.

    A night links a win with the expansion of the MRR that followed it: `movement_on` and `movement_cents` (all that
    the customer's MRR grew by that day); without one they are None.
    """

    class Kind(models.TextChoices):
        UPSELL = "upsell", pgettext_lazy("opportunity", "Upsell")
        CROSS_SELL = "cross_sell", pgettext_lazy("opportunity", "Cross-sell")

    class Stage(models.TextChoices):
        SPOTTED = "spotted", pgettext_lazy("opportunity", "Spotted")
        QUALIFIED = "qualified", pgettext_lazy("opportunity", "Qualified")
        PROPOSED = "proposed", pgettext_lazy("opportunity", "Proposed")
        SALES = "sales", pgettext_lazy("opportunity", "With sales")
        WON = "won", pgettext_lazy("opportunity", "Won")
        LOST = "lost", pgettext_lazy("opportunity", "Lost")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="opportunities")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.UPSELL)
    title = models.CharField(max_length=200)
    mrr_cents = models.BigIntegerField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SPOTTED)
    expected_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(blank=True, default="")
    sales_email = models.EmailField(blank=True, default="")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    lost_why = models.CharField(max_length=300, blank=True, default="")
    movement_on = models.DateField(null=True, blank=True)
    movement_cents = models.BigIntegerField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)
    recorded_at = models.DateTimeField(default=time.now)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(stage__in=["won", "lost"]) & Q(decided_on__isnull=True))
                | Q(stage="won", decided_on__isnull=False, lost_why="")
                | (Q(stage="lost", decided_on__isnull=False) & ~Q(lost_why="")),
                name="playbooks_opportunity_stage_fits",
            ),
            models.CheckConstraint(condition=Q(mrr_cents__gt=0), name="playbooks_opportunity_of_something"),
            models.CheckConstraint(
                condition=Q(movement_on__isnull=True, movement_cents__isnull=True)
                | Q(stage="won", movement_on__isnull=False, movement_cents__isnull=False),
                name="playbooks_opportunity_moved_when_won",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["stage", "decided_on"], name="playbooks_opportunity_stage")]

    def __str__(self) -> str:
        return self.title
