"""Tables without domain words: leased work, events that travel upwards, mails to be sent."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.models import F, Q

from core import time


class WorkState(models.TextChoices):
    """Where a row of work stands."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class LeasedQuerySet(models.QuerySet["Any"]):
    """Reads and claims of rows that are work to be done."""

    def claimable(self, at: dt.datetime) -> Self:
        """Rows that are due and that nobody holds a live lease on."""
        free = Q(state=WorkState.WAITING) | Q(state=WorkState.RUNNING, leased_until__lt=at)
        return self.filter(free, due_at__lte=at)

    def done_before(self, at: dt.datetime) -> Self:
        """Rows that were due and done before a moment."""
        return self.filter(state=WorkState.DONE, due_at__lt=at, finished_at__lt=at)

    def claim(self, *, limit: int, lease: dt.timedelta, at: dt.datetime | None = None) -> list[Any]:
        """Take up to `limit` due rows and return those that were won, in the order in which they were due."""
        at = at or time.now()
        due = list(self.claimable(at).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
        won = self.take(due, lease=lease, at=at)
        return list(self.model._default_manager.filter(pk__in=won).order_by("due_at", "pk"))

    def take(self, keys: Sequence[int], *, lease: dt.timedelta, at: dt.datetime) -> list[int]:
        """Take those of these rows that are still free; return their keys.

        Two workers never hold the same row: it is looked at again under a lock (on SQLite: that of all writers).
        """
        if not keys:
            return []
        rows = self.model._default_manager
        with transaction.atomic():
            free = rows.claimable(at).filter(pk__in=keys)
            if connection.features.has_select_for_update_skip_locked:
                free = free.select_for_update(skip_locked=True)
            won = list(free.values_list("pk", flat=True))
            rows.filter(pk__in=won).update(
                state=WorkState.RUNNING, attempts=F("attempts") + 1, leased_until=at + lease
            )
        return won


class LeasedWork(models.Model):
    """Work as a row with a state, an attempt count and a lease (see DESIGN.md, The way of the data)."""

    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=time.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=time.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Event(LeasedWork):
    """Something that happened below and must travel upwards; `config/pipeline.py` lists who listens.

    `kind` is a dotted name such as `customer.changed`; `payload` holds keys and plain values only.
    """

    kind = models.CharField(max_length=60)
    customer_id = models.BigIntegerField(null=True, blank=True)
    payload = models.JSONField(default=dict)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="core_event_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OutgoingMail(LeasedWork):
    """A mail to be sent at most once: claimed before it leaves, marked after.

    One that was claimed and never marked is unclear; it is listed, never blindly repeated.
    """

    kind = models.CharField(max_length=40)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField(blank=True, default="")
    headers = models.JSONField(default=dict)
    key = models.CharField(max_length=120, unique=True)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="core_mail_due")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"


class DemoRow(models.Model):
    """A top-level row that the demo company made, so that clearing takes exactly those away."""

    table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "row_id"], name="core_demo_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class RememberedCall(models.Model):
    """A writing API call with an `Idempotency-Key`, and its answer once there is one (docs/adr/0026).

    The answer is sealed: it may hold a secret that is shown only once.
    """

    caller = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null: still in flight
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")
    leased_until = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key_hash"], name="core_call_remembered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.status or 'in flight'}"


class CallCount(models.Model):
    """How often somebody called within a minute; one row a caller, started anew with each minute."""

    caller = models.CharField(max_length=60, unique=True)
    minute = models.BigIntegerField()
    calls = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.caller} {self.calls}"
