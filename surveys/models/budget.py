"""How often people may be written to, and every mail that counts for it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Contact, Customer
from surveys.models.invitation import Invitation


class ContactBudget(models.Model):
    """The contact budget of the workspace; exactly one row. Empty numbers set no limit. See `surveys/budget.py`."""

    nps_days = models.PositiveSmallIntegerField(null=True, blank=True, default=90)
    csat_days = models.PositiveSmallIntegerField(null=True, blank=True, default=14)
    ces_days = models.PositiveSmallIntegerField(null=True, blank=True, default=14)
    success_days = models.PositiveSmallIntegerField(null=True, blank=True, default=30)
    playbook_a_day = models.PositiveSmallIntegerField(null=True, blank=True, default=1)
    playbook_in_14 = models.PositiveSmallIntegerField(null=True, blank=True, default=5)
    person_in_14 = models.PositiveSmallIntegerField(null=True, blank=True, default=8)
    customer_a_day = models.PositiveSmallIntegerField(null=True, blank=True, default=50)
    reminder_days = models.PositiveSmallIntegerField(null=True, blank=True, default=2)
    event_days = models.PositiveSmallIntegerField(default=3)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="surveys_one_budget"),
            models.CheckConstraint(condition=Q(event_days__range=(1, 30)), name="surveys_budget_event_days"),
        ]

    def __str__(self) -> str:
        return "contact budget"

    @classmethod
    def get(cls) -> "ContactBudget":
        """Return the one row, making it on first use."""
        return cls.objects.get_or_create(pk=1)[0]


class ContactMail(models.Model):
    """One mail to a person at a customer: planned, then counted at the moment the budget let it leave, or dropped.

    `key` is that of its row in the outbox. `address_hash` makes one person of the contacts with one address.
    `about_at`: the moment of the event it asks about; such a mail is dropped rather than sent late.
    """

    class Kind(models.TextChoices):
        NPS = "nps", "NPS"
        CSAT = "csat", "CSAT"
        CES = "ces", "CES"
        SUCCESS = "success", _("Success check-in")
        PLAYBOOK = "playbook", _("Playbook mail")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        COUNTED = "counted", _("Counted")
        DROPPED = "dropped", _("Dropped")

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reminder = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_mails")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact_mails"
    )
    address_hash = models.CharField(max_length=64)
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    about_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=20, blank=True, default="")
    dropped_why = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["nps", "csat", "ces", "success", "playbook"]), name="surveys_mail_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", counted_at__isnull=True, dropped_why="")
                | Q(state="counted", counted_at__isnull=False, dropped_why="")
                | (Q(state="dropped", counted_at__isnull=True) & ~Q(dropped_why="")),
                name="surveys_mail_state_fits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["address_hash", "-counted_at"],
                condition=Q(counted_at__isnull=False),
                name="surveys_mail_person",
            ),
            models.Index(
                fields=["customer", "-counted_at"],
                condition=Q(counted_at__isnull=False),
                name="surveys_mail_customer",
            ),
            models.Index(fields=["state", "key"], name="surveys_mail_state"),
        ]

    def __str__(self) -> str:
        return self.key
