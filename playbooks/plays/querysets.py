"""Named reads of playbooks and their runs."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Count, F, Q

from core.models import LeasedQuerySet
from customers.models import Customer


class PlaybookQuerySet(models.QuerySet[Any]):
    """Playbooks as people look at them."""

    def live(self) -> "PlaybookQuerySet":
        """Playbooks that are not archived."""
        return self.filter(archived_at__isnull=True)

    def startable(self) -> "PlaybookQuerySet":
        """Playbooks that can be started by hand: those that were published."""
        return self.live().filter(published__isnull=False).select_related("published")

    def with_counts(self) -> "PlaybookQuerySet":
        """Add how many runs there are by standing."""
        counted: PlaybookQuerySet = self.annotate(
            n_running=Count("runs", filter=Q(runs__standing="running")),
            n_finished=Count("runs", filter=Q(runs__standing="finished")),
            n_stopped=Count("runs", filter=Q(runs__standing="stopped")),
            n_control=Count("runs", filter=Q(runs__standing="control")),
        )
        return counted


class RunQuerySet(LeasedQuerySet):
    """Runs as people may see and change them."""

    def visible_to(self, user: Any) -> "RunQuerySet":
        """Runs of customers one may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def editable_by(self, user: Any) -> "RunQuerySet":
        """Runs of customers one may change."""
        return self.filter(customer__in=Customer.objects.editable_by(user))

    def running(self) -> "RunQuerySet":
        """Runs that are not over."""
        return self.filter(standing="running")

    def shown(self) -> "RunQuerySet":
        """Runs with what a list shows of them, in a fixed number of queries."""
        found: RunQuerySet = self.select_related(
            "playbook", "running_version", "customer", "started_by"
        ).prefetch_related("running_version__steps")
        return found


class RunStepQuerySet(models.QuerySet[Any]):
    """Steps that runs came to."""

    def sendable(self, at: dt.datetime) -> "RunStepQuerySet":
        """Webhooks that are due and that nobody holds a live lease on."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
        return self.filter(free, state="sending", due_at__lte=at)

    def leased(self, keys: list[int], until: dt.datetime) -> int:
        """Take webhooks for sending; return how many."""
        return self.filter(pk__in=keys).update(leased_until=until, attempts=F("attempts") + 1)
