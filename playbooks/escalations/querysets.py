"""Named reads of escalations."""

from typing import Any

from django.db import models

from customers.models import Customer


class EscalationQuerySet(models.QuerySet[Any]):
    """Escalations as people may see and change them."""

    def visible_to(self, user: Any) -> "EscalationQuerySet":
        """Escalations of customers one may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def editable_by(self, user: Any) -> "EscalationQuerySet":
        """Escalations of customers one may change."""
        return self.filter(customer__in=Customer.objects.editable_by(user))

    def open(self) -> "EscalationQuerySet":
        """Escalations that are not closed."""
        return self.filter(closed_on__isnull=True)
