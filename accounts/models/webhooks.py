"""Other systems that are told what happens here, and what they were told."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.models import LeasedQuerySet, LeasedWork, WorkState


class Webhook(models.Model):
    """An address that is told of some kinds of happenings. Its secrets are sealed, not hashed: we sign with them."""

    url = models.URLField(max_length=500)
    description = models.CharField(max_length=120, blank=True, default="")
    types = models.JSONField(default=list)  # kinds of happenings; see accounts/webhooks/types.py
    secret_sealed = models.TextField()
    old_secret_sealed = models.TextField(
        blank=True, default=""
    )  # signs beside the new one until `old_secret_until`
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(secret_sealed=""), name="accounts_webhook_has_secret"),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    @property
    def is_on(self) -> bool:
        """Whether messages go there."""
        return self.disabled_at is None


class WebhookMessage(LeasedWork):
    """One message to one webhook; its id stays the same however often it is sent, so the receiver can tell."""

    class Why(models.TextChoices):
        HAPPENED = "happened", _("Something happened")
        TEST = "test", _("Test")
        REPLAY = "replay", _("Sent again by hand")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    message_id = models.CharField(max_length=80)
    type = models.CharField(max_length=60)
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.HAPPENED)
    happened_at = models.DateTimeField(default=time.now)
    data = models.JSONField(default=dict)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "message_id"], name="accounts_webhook_message_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="accounts_webhook_due"),
            models.Index(fields=["webhook", "-id"], name="accounts_webhook_log"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"

    @property
    def waits_until(self) -> dt.datetime | None:
        """When it is tried next; null when it is done or given up."""
        return self.due_at if self.state in {WorkState.WAITING, WorkState.RUNNING} else None


class WebhookAttempt(models.Model):
    """One try to bring a message: what came back."""

    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=time.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
