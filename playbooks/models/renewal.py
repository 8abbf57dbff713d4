"""Renewals: the contracts of a customer that end on a day, how the talk about them stands, and how it went."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core import time
from customers.models import Customer
from playbooks.renewals.calls import CERTAIN
from playbooks.renewals.querysets import RenewalQuerySet


class Call(models.TextChoices):
    """What a person expects of a renewal."""

    EXPANDS = "expands", pgettext_lazy("call on a renewal", "Expands")
    RENEWS = "renews", pgettext_lazy("call on a renewal", "Renews")
    UNSURE = "unsure", pgettext_lazy("call on a renewal", "Unsure")
    AT_RISK = "at_risk", pgettext_lazy("call on a renewal", "At risk")
    LEAVES = "leaves", pgettext_lazy("call on a renewal", "Leaves")


class Renewal(models.Model):
    """All contracts of a customer that end on a day are one renewal; a night finds it and what became of it.

    Found: `state`, `value_cents` (of the whole term; None where no contract says it), `monthly_cents`, `auto_renews`,
    `cancelled`, `likelihood` (of being renewed, 0–10 000, kept as it was on the day before it was due), `early_…` (as
    they were 30 days before), `decided_on`. Said: the rest; `amount_cents` (of the next term) and `expansion_cents`
    (a month) are what is expected.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("renewal", "Ahead")
        PENDING = "pending", pgettext_lazy("renewal", "Past its day")
        WON = "won", pgettext_lazy("renewal", "Won")
        LOST = "lost", pgettext_lazy("renewal", "Lost")
        GONE = "gone", pgettext_lazy("renewal", "No contract any more")

    class Stage(models.TextChoices):
        NONE = "none", pgettext_lazy("renewal talk", "Not begun")
        CONTACTED = "contacted", pgettext_lazy("renewal talk", "Contacted")
        PROPOSAL = "proposal", pgettext_lazy("renewal talk", "Proposal sent")
        NEGOTIATING = "negotiating", pgettext_lazy("renewal talk", "Negotiating")
        AGREED = "agreed", pgettext_lazy("renewal talk", "Agreed, not signed")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="renewals", db_index=False)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    value_cents = models.BigIntegerField(null=True, blank=True)
    monthly_cents = models.BigIntegerField(default=0)
    auto_renews = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    early_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    early_call = models.CharField(max_length=8, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(default=time.now)

    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.NONE)
    call = models.CharField(max_length=8, choices=Call.choices, blank=True, default="")
    amount_cents = models.BigIntegerField(null=True, blank=True)
    expansion_cents = models.BigIntegerField(default=0)
    note = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField(default=time.now)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "due_on"], name="playbooks_renewal_once"),
            models.CheckConstraint(
                condition=Q(state__in=["won", "lost"], decided_on__isnull=False)
                | (~Q(state__in=["won", "lost"]) & Q(decided_on__isnull=True)),
                name="playbooks_renewal_decided_when",
            ),
            models.CheckConstraint(
                condition=Q(likelihood__isnull=True) | Q(likelihood__lte=10_000),
                name="playbooks_renewal_likelihood",
            ),
            models.CheckConstraint(
                condition=Q(expansion_cents__gte=0) & (Q(amount_cents=None) | Q(amount_cents__gte=0)),
                name="playbooks_renewal_amounts",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_on", "state"], name="playbooks_renewal_due")]

    def __str__(self) -> str:
        return f"{self.customer_id} due {self.due_on}"


class RenewalCall(models.Model):
    """A call as it was made, beside what the forecast said then; never changed."""

    renewal = models.ForeignKey(Renewal, on_delete=models.CASCADE, related_name="calls")
    call = models.CharField(max_length=8, choices=Call.choices)
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    @property
    def forecast(self) -> float | None:
        """The forecast of then, 0 to 1."""
        return None if self.likelihood is None else self.likelihood / CERTAIN

    def __str__(self) -> str:
        return f"{self.renewal_id} {self.call}"
