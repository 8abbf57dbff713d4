"""One person asked one thing, and the links that lead there."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Contact, Customer
from surveys.models.campaign import Campaign
from surveys.models.kinds import Language
from surveys.models.survey import Survey


class Invitation(models.Model):
    """One person's invitation to one survey. Its links are `Link` rows: a mail and each reminder has its own.

    `round`: what makes it this one among the campaign's for the same person: the date of a round, or the
    event (`ticket:4903`); the same round twice is refused. `event_subject`, `event_on`: what the question is
    about, as the person knows it. `reminders`: how many were sent. `contact` is null once the person is erased.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        LINK = "link", _("Personal link")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Bounced")
        DROPPED = "dropped", _("Dropped")
        REVOKED = "revoked", _("Revoked")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="survey_invitations")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="survey_invitations"
    )
    channel = models.CharField(max_length=4, choices=Channel.choices, default=Channel.MAIL)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.PT_BR)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    round = models.CharField(max_length=120, blank=True, default="")
    event_subject = models.CharField(max_length=200, blank=True, default="")
    event_on = models.DateField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=time.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "contact", "round"], name="surveys_invited_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["mail", "link"]), name="surveys_invitation_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "sent", "delivered", "bounced", "dropped", "revoked"],
                ),
                name="surveys_invitation_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(revoked_at__isnull=False),
                name="surveys_invitation_revoked_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="surveys_invitation_due"),
            models.Index(fields=["contact", "survey", "-sent_at"], name="surveys_invitation_last"),
            models.Index(fields=["survey", "sent_at"], name="surveys_invitation_day"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether it may still be answered (its survey being open)."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


class Link(models.Model):
    """An address that opens something for one person; only the hash of its token is stored (`surveys/tokens.py`)."""

    class Purpose(models.TextChoices):
        ANSWER = "answer", _("Answer")
        UNSUBSCRIBE = "unsubscribe", _("Stop mails")
        PLAN = "plan", _("Success plan")
        CLOSING = "closing", _("What was done")
        INSIGHT = "insight", _("What came of an idea")

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    subject_id = models.BigIntegerField(
        null=True, blank=True
    )  # what else it opens: the row of a plan, a case, who was told
    made_at = models.DateTimeField(default=time.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(purpose__in=["answer", "unsubscribe", "plan", "closing", "insight"]),
                name="surveys_link_purpose_known",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="answer") | Q(invitation__isnull=False),
                name="surveys_answer_link_has_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} link {self.pk}"


class Visit(models.Model):
    """A request to an answer page, as it came: who asked (a kind, not an address), which score the link chose.

    A GET with `chosen` is an *intent*: a click that was not confirmed. `marks`: why the visit looks like a
    machine's (`surveys/machines.py`); they say nothing about any other visit.
    """

    class Agent(models.TextChoices):
        BROWSER = "browser", _("Browser")
        SCANNER = "scanner", _("Mail scanner")
        TOOL = "tool", _("Program")
        NONE = "none", _("Not said")

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField(default=time.now)
    method = models.CharField(max_length=4)
    agent = models.CharField(max_length=7, choices=Agent.choices)
    chosen = models.PositiveSmallIntegerField(null=True, blank=True)
    marks = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(method__in=["GET", "HEAD", "POST"]), name="surveys_visit_method"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["invitation", "at"], name="surveys_visit_at")]

    def __str__(self) -> str:
        return f"{self.method} {self.at:%Y-%m-%d %H:%M}"
