"""People at a customer."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models.customer import Customer
from customers.search_text import search_text


class Contact(models.Model):
    """A person at a customer, with a role and, once they left, an end date (exclusive).

    Of one that was erased (`erased_at`) only what figures count is left: that there was somebody, and the role.
    """

    class Role(models.TextChoices):
        CHAMPION = "champion", _("Champion")
        DECISION_MAKER = "decision_maker", _("Decision maker")
        SPONSOR = "sponsor", _("Sponsor")
        END_USER = "end_user", _("End user")
        BILLING = "billing", _("Billing")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    email = models.EmailField()
    external_id = models.CharField(max_length=120, blank=True, default="")
    name = models.CharField(max_length=160, blank=True, default="")
    job_title = models.CharField(max_length=120, blank=True, default="")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.OTHER)
    locale = models.CharField(max_length=16, blank=True, default="")
    time_zone = models.CharField(max_length=60, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    active_from = models.DateField(null=True, blank=True)
    active_until = models.DateField(null=True, blank=True)
    opted_out = models.BooleanField(default=False)
    search_text = models.GeneratedField(
        expression=search_text("name", "email"), output_field=models.TextField(), db_persist=True
    )
    hand_edited = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint("customer", Lower("email"), name="customers_contact_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.email
