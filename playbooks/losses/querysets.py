"""Named reads of losses."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from customers.models import Customer


class LossQuerySet(models.QuerySet[Any]):
    """Losses as people may see and change them."""

    def visible_to(self, user: Any) -> "LossQuerySet":
        """Losses of customers one may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def editable_by(self, user: Any) -> "LossQuerySet":
        """Losses of customers one may change."""
        return self.filter(customer__in=Customer.objects.editable_by(user))

    def dated(self) -> "LossQuerySet":
        """Add `on`: the day it was lost, else saved, else the day of the notice."""
        rows: LossQuerySet = self.annotate(on=Coalesce("lost_on", "saved_on", "noticed_on"))
        return rows

    def within(self, first: dt.date, last: dt.date) -> "LossQuerySet":
        """Losses lost or saved on these days (both included), and every notice that is open."""
        rows: LossQuerySet = self.dated().filter(Q(state="notice") | Q(on__gte=first, on__lte=last))
        return rows

    def newest_first(self) -> "LossQuerySet":
        """Open notices first, then by day, the newest first."""
        notice = models.Case(models.When(state="notice", then=0), default=1)
        return self.dated().order_by(notice, F("on").desc(), "-pk")
