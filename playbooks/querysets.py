"""Named reads of tasks."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.permissions import Perm
from core import time
from customers.models import Customer


class TaskQuerySet(models.QuerySet[Any]):
    """Tasks as people may see and change them."""

    def visible_to(self, user: Any) -> "TaskQuerySet":
        """Tasks of customers one may see, one's own, made or stands in for; for managers all others too."""
        if not user.is_active or not user.may(Perm.CUSTOMERS_VIEW):
            return self.none()
        seen = Customer.objects.visible_to(user)
        of_customers = Q(customer__in=seen) if seen.query.where else Q(customer__isnull=False)
        if user.may(Perm.CUSTOMERS_MANAGE):
            return self.filter(of_customers | Q(customer__isnull=True))
        key = user.pk or 0  # an integration is nobody
        stands_in = Q(owner__in=covered_by(user, time.today()))
        return self.filter(of_customers | Q(owner=key) | Q(created_by=key) | stands_in)

    def editable_by(self, user: Any, today: dt.date) -> "TaskQuerySet":
        """Tasks one may change: one's own, those one made or stands in for, those of customers one may edit."""
        if not user.is_active or not user.may(Perm.CUSTOMERS_EDIT):
            return self.none()
        seen = self.visible_to(user)
        if user.may(Perm.CUSTOMERS_MANAGE):
            return seen
        key = user.pk or 0
        mine = Q(owner=key) | Q(created_by=key) | Q(owner__in=covered_by(user, today))
        return seen.filter(mine | Q(customer__in=Customer.objects.editable_by(user)))

    def on_desk_of(self, user: Any, today: dt.date) -> "TaskQuerySet":
        """Open tasks that are a person's to do today: own ones, and those of people the person stands in for."""
        return self.open().filter(Q(owner=user.pk or 0) | Q(owner__in=covered_by(user, today)))

    def open(self) -> "TaskQuerySet":
        """Tasks still to be done."""
        return self.filter(state="open")

    def overdue(self, today: dt.date) -> "TaskQuerySet":
        """Open tasks whose day is over."""
        return self.open().filter(due_on__lt=today)


def covered_by(user: Any, today: dt.date) -> Any:
    """Return the ids of the people for whom a person stands in on a day, as a query."""
    covers = apps.get_model("playbooks", "Cover").objects
    return covers.filter(substitute=user.pk or 0, first_on__lte=today, last_on__gte=today).values("person")
