"""Named reads of alerts and their rules."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Count, F, Q

from core import time
from customers.models import Customer

NOISE_OF = 5  # dismissed alerts of a rule below which nothing is said
NOISE_DAYS = 90


class RuleQuerySet(models.QuerySet[Any]):
    """Rules as an admin looks at them."""

    def with_counts(self) -> "RuleQuerySet":
        """Add `open_alerts`, and of those opened in the last 90 days how many there were and were dismissed."""
        since = time.now() - dt.timedelta(days=NOISE_DAYS)
        lately = Q(alerts__opened_at__gte=since)
        counted: RuleQuerySet = self.annotate(
            open_alerts=Count(
                "alerts", filter=Q(alerts__ended_at__isnull=True, alerts__dismissed_at__isnull=True)
            ),
            lately=Count("alerts", filter=lately),
            dismissed=Count("alerts", filter=lately & Q(alerts__dismissed_at__isnull=False)),
        )
        return counted


class AlertQuerySet(models.QuerySet[Any]):
    """Alerts as people may see and change them."""

    def visible_to(self, user: Any) -> "AlertQuerySet":
        """Alerts of customers one may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def editable_by(self, user: Any) -> "AlertQuerySet":
        """Alerts of customers one may change."""
        return self.filter(customer__in=Customer.objects.editable_by(user))

    def standing(self) -> "AlertQuerySet":
        """Alerts whose cause holds and that nobody dismissed."""
        return self.filter(ended_at__isnull=True, dismissed_at__isnull=True)

    def awake(self, today: dt.date) -> "AlertQuerySet":
        """Standing alerts that are not put off: neither to a later day nor until they get worse."""
        asleep = Q(snoozed_until__gt=today) | Q(
            snoozed_badness__isnull=False, badness__lte=F("snoozed_badness")
        )
        return self.standing().exclude(asleep)

    def asleep(self, today: dt.date) -> "AlertQuerySet":
        """Standing alerts that are put off."""
        return self.standing().exclude(pk__in=self.model._default_manager.awake(today).values("pk"))
