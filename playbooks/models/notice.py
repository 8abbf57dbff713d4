"""How people want to work and be told of alerts; the chats that are told; what was told to whom."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.models import LeasedQuerySet, LeasedWork
from playbooks.models.alert import Alert

CAPACITY = 8  # customers a person can care for in a day, until said otherwise
MOST_CAPACITY = 100


class WorkWish(models.Model):
    """How many customers a person can care for in a day, and how and when they want to hear of alerts.

    Nothing is sent from `quiet_from` to `quiet_to` by the workspace's clock; both None: at any time.
    """

    class Mail(models.TextChoices):
        NONE = "none", _("No mails")
        NOW = "now", _("At once")
        DIGEST = "digest", _("Once a day")

    class Whose(models.TextChoices):
        MINE = "mine", _("My customers")
        TEAM = "team", _("All customers I see")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_wish")
    capacity = models.PositiveSmallIntegerField(
        default=CAPACITY, validators=[MinValueValidator(1), MaxValueValidator(MOST_CAPACITY)]
    )
    alert_mail = models.CharField(max_length=6, choices=Mail.choices, default=Mail.NONE)
    whose = models.CharField(max_length=4, choices=Whose.choices, default=Whose.MINE)
    digest_at = models.TimeField(default=dt.time(7, 30))
    quiet_from = models.TimeField(null=True, blank=True, default=dt.time(20))
    quiet_to = models.TimeField(null=True, blank=True, default=dt.time(7))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_CAPACITY), name="playbooks_wish_capacity"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="playbooks_wish_quiet_both",
            ),
        ]

    def __str__(self) -> str:
        return f"wish of {self.user_id}"


class AlertChannel(models.Model):
    """A chat or system that hears of every alert, or of the red ones only. Its address is a secret, kept sealed."""

    class Kind(models.TextChoices):
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        JSON = "json", _("Any webhook (JSON)")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    url_sealed = models.TextField()
    red_only = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    said = models.CharField(
        max_length=300, blank=True, default=""
    )  # what it answered last, when that was wrong
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class AlertNotice(LeasedWork):
    """That somebody, or a channel, is to be told of an alert, or was: one row each, so at most once."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    channel = models.ForeignKey(
        AlertChannel, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    told = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "user"], condition=Q(user__isnull=False), name="playbooks_person_told_once"
            ),
            models.UniqueConstraint(
                fields=["alert", "channel"],
                condition=Q(channel__isnull=False),
                name="playbooks_channel_told_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, channel__isnull=True)
                | Q(user__isnull=True, channel__isnull=False),
                name="playbooks_notice_to_one",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="playbooks_notice_due")]

    def __str__(self) -> str:
        return f"{self.alert_id} to {self.user_id or self.channel_id}"
