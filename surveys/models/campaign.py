"""Who is asked, and when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from surveys.models.survey import Survey


class Campaign(models.Model):
    """A survey sent to some people at some time; its invitations tell to whom.

    `audience`: which customers, as the portfolio's query string says it (`surveys/audience.py`); `roles`: which people
    there, empty for all. `daily_share`: per cent of the base asked on one day. `when`: once each, every
    `every_months`, or after an event (for a renewal `days_before` it). Reminders go to those who have not answered,
    `reminder_days` after the mail before. `halted`: why Zelo itself paused it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")

    class When(models.TextChoices):
        ONCE = "once", _("Once")
        EVERY = "every", _("Every few months")
        ONBOARDED = "onboarded", _("After the onboarding is finished")
        TICKET = "ticket", _("After a ticket is solved")
        RENEWAL = "renewal", _("Before a renewal")
        PLAYBOOK = "playbook", _("When a playbook step says so")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    audience = models.JSONField(default=dict, blank=True)
    roles = models.JSONField(default=list, blank=True)
    daily_share = models.PositiveSmallIntegerField(default=20)
    when = models.CharField(max_length=9, choices=When.choices, default=When.ONCE)
    starts_on = models.DateField(null=True, blank=True)
    every_months = models.PositiveSmallIntegerField(default=3)
    days_before = models.PositiveSmallIntegerField(default=60)
    reminders = models.PositiveSmallIntegerField(default=1)
    reminder_days = models.PositiveSmallIntegerField(default=4)
    started_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    plan_at = models.DateTimeField(null=True, blank=True)
    halted = models.CharField(max_length=200, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="surveys_campaign_name_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "running", "paused", "stopped"]),
                name="surveys_campaign_state_known",
            ),
            models.CheckConstraint(
                condition=Q(when__in=["once", "every", "onboarded", "ticket", "renewal", "playbook"]),
                name="surveys_campaign_when_known",
            ),
            models.CheckConstraint(condition=Q(daily_share__range=(1, 100)), name="surveys_campaign_share"),
            models.CheckConstraint(condition=Q(every_months__range=(1, 24)), name="surveys_campaign_months"),
            models.CheckConstraint(
                condition=Q(days_before__range=(1, 365)), name="surveys_campaign_days_before"
            ),
            models.CheckConstraint(condition=Q(reminders__lte=2), name="surveys_campaign_reminders"),
            models.CheckConstraint(
                condition=Q(reminder_days__range=(1, 30)), name="surveys_campaign_reminder_days"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan_at"], condition=Q(state="running"), name="surveys_campaign_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def after_event(self) -> bool:
        """Whether it asks about something that happened, so that asking late makes no sense."""
        return self.when not in {self.When.ONCE, self.When.EVERY}
