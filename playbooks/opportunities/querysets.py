"""Named reads of opportunities."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from customers.models import Customer

PATIENCE = dt.timedelta(days=45)  # after a win without a movement of the MRR we say that none came


class OpportunityQuerySet(models.QuerySet[Any]):
    """Opportunities as people may see and change them."""

    def visible_to(self, user: Any) -> "OpportunityQuerySet":
        """Opportunities of customers one may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def editable_by(self, user: Any) -> "OpportunityQuerySet":
        """Opportunities of customers one may change."""
        return self.filter(customer__in=Customer.objects.editable_by(user))

    def open(self) -> "OpportunityQuerySet":
        """Opportunities that are not decided."""
        return self.filter(decided_on__isnull=True)

    def decided(self, first: dt.date, last: dt.date) -> "OpportunityQuerySet":
        """Opportunities won or lost on these days."""
        return self.filter(decided_on__gte=first, decided_on__lte=last)

    def without_movement(self, today: dt.date) -> "OpportunityQuerySet":
        """Wins of which the MRR shows nothing although there was time for it."""
        return self.filter(Q(stage="won", movement_on__isnull=True, decided_on__lt=today - PATIENCE))
