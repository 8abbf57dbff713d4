"""How we look after them: tickets, conversations, milestones, what was promised."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models.contact import Contact
from customers.models.customer import Customer


class Ticket(models.Model):
    """A request for help. `team_replies` and `reopens` null: not known."""

    external_id = models.CharField(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tickets")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    assignee_email = models.EmailField(blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    priority = models.CharField(max_length=20, blank=True, default="")
    channel = models.CharField(max_length=40, blank=True, default="")
    opened_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    team_replies = models.PositiveIntegerField(null=True, blank=True)
    reopens = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-opened_at"], name="customers_ticket_opened"),
            models.Index(fields=["opened_at"], name="customers_ticket_day"),
            models.Index(fields=["solved_at"], name="customers_ticket_solved"),
        ]

    def __str__(self) -> str:
        return self.subject or self.external_id


class Touchpoint(models.Model):
    """A conversation on the timeline; `sentiment` −2…2."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        MESSAGE = "message", _("Message")
        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Visit")
        WEBINAR = "webinar", _("Webinar")
        REFERENCE = "reference", _("Reference")
        NOTE = "note", _("Note")

    external_id = models.CharField(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="touchpoints")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    happened_at = models.DateTimeField()
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    summary = models.TextField(blank=True, default="")
    sentiment = models.SmallIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sentiment__isnull=True) | Q(sentiment__range=(-2, 2)),
                name="customers_touchpoint_sentiment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-happened_at"], name="customers_touch_day"),
            models.Index(fields=["happened_at"], name="customers_touch_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d}"


class Milestone(models.Model):
    """A step a customer reached."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="milestones")
    milestone = models.CharField(max_length=120)
    reached_on = models.DateField()
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "milestone"], name="customers_milestone_once"),
        ]

    def __str__(self) -> str:
        return self.milestone


class Objective(models.Model):
    """What a customer was promised, measurable; values are decimals in the objective's own unit.

    Our view of it is measured every night by how often an `event` happened in 30 days, by a daily `figure` of the
    customer or by a `milestone` that is reached or not; without any of these somebody assesses it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="objectives")
    name = models.CharField(max_length=200)
    promise = models.TextField(blank=True, default="")
    unit = models.CharField(max_length=40, blank=True, default="")
    baseline = models.DecimalField(max_digits=18, decimal_places=4)
    target = models.DecimalField(max_digits=18, decimal_places=4)
    starts_on = models.DateField()
    due_on = models.DateField()
    weight = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    event = models.CharField(max_length=120, blank=True, default="")
    figure = models.CharField(max_length=40, blank=True, default="")
    milestone = models.CharField(max_length=120, blank=True, default="")
    archived_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "name"], name="customers_objective_once"),
            models.CheckConstraint(
                condition=Q(event="", figure="") | Q(event="", milestone="") | Q(figure="", milestone=""),
                name="customers_objective_one_measure",
            ),
            models.CheckConstraint(
                condition=~Q(baseline=models.F("target")), name="customers_objective_has_distance"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("starts_on")), name="customers_objective_span"
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="customers_objective_weight"),
        ]

    def __str__(self) -> str:
        return self.name
