"""Problems of a customer that went up to somebody who can decide."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import time
from customers.models import Customer
from playbooks.escalations.querysets import EscalationQuerySet


class Escalation(models.Model):
    """A problem with its cause, how grave it is, who owns it and by when; closed with what was learned."""

    class Severity(models.IntegerChoices):
        LOW = 1, pgettext_lazy("severity", "Low")
        MEDIUM = 2, pgettext_lazy("severity", "Medium")
        HIGH = 3, pgettext_lazy("severity", "High")
        CRITICAL = 4, pgettext_lazy("severity", "Critical")

    class Cause(models.TextChoices):
        PRODUCT = "product", _("Product or bug")
        SUPPORT = "support", pgettext_lazy("cause of an escalation", "Support")
        BILLING = "billing", _("Billing")
        ONBOARDING = "onboarding", pgettext_lazy("cause of an escalation", "Onboarding")
        RELATION = "relation", _("Relationship")
        OTHER = "other", pgettext_lazy("cause of an escalation", "Something else")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="escalations")
    title = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MEDIUM)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.PRODUCT)
    body = models.TextField(blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    learned = models.TextField(blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=time.now)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-severity", "opened_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(learned=""), name="playbooks_escalation_learned"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="playbooks_escalation_closed_after",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["closed_on", "severity"], name="playbooks_escalation_open")]

    def __str__(self) -> str:
        return self.title
