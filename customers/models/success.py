"""What a customer was promised, and what was reached: the plan, who said what about an objective, templates."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models.contact import Contact
from customers.models.customer import Customer, Segment
from customers.models.service import Objective


class SuccessPlan(models.Model):
    """What was sold to a customer, as taken over from sales; its objectives are the customer's `Objective` rows.

    `ask_every_days`: how often the customer is asked for its own view, null: never by itself; `ask_on`: when next
    (null: not worked out yet).
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="success_plans")
    promise = models.TextField()
    in_their_words = models.TextField(blank=True, default="")
    evidence = models.TextField(blank=True, default="")
    next_steps = models.TextField(blank=True, default="")
    ask_every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    ask_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer"], name="customers_one_success_plan"),
            models.CheckConstraint(
                condition=Q(ask_every_days__isnull=True) | Q(ask_every_days__gte=1),
                name="customers_plan_asks_now_and_then",
            ),
        ]

    def __str__(self) -> str:
        return self.promise[:60]


class Attained(models.Model):
    """What somebody said was reached of an objective, in its unit. Never changed: a later one takes its place.

    Our view and the customer's are never mixed: only a link or a conversation speaks for the customer. `role` is the
    role the contact had then.
    """

    class Side(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        OURS = "ours", _("Us")

    class Source(models.TextChoices):
        LINK = "link", _("Their own link")
        CONVERSATION = "conversation", _("A conversation")
        ASSESSMENT = "assessment", _("Our assessment")

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="attained")
    side = models.CharField(max_length=8, choices=Side.choices)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    stated_on = models.DateField()
    source = models.CharField(max_length=12, choices=Source.choices)
    evidence = models.TextField(blank=True, default="")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=20, blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-stated_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(side="customer", source__in=["link", "conversation"])
                | Q(side="ours", source="assessment"),
                name="customers_attained_sides_apart",
            ),
            models.CheckConstraint(
                condition=~Q(source="conversation") | ~Q(evidence=""), name="customers_attained_evidence"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["objective", "side", "-stated_on"], name="customers_attained_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.value} {self.stated_on}"


class PlanTemplateQuerySet(models.QuerySet["PlanTemplate"]):
    """Reads of templates."""

    def for_customer(self, customer: Customer) -> Self:
        """Templates of any segment and product, or of those the customer has."""
        products = customer.subscriptions.values("product")
        return self.filter(segment__in=("", customer.segment)).filter(Q(product="") | Q(product__in=products))


class PlanTemplate(models.Model):
    """Objectives proposed for customers of a segment and product ("": of any)."""

    name = models.CharField(max_length=120, unique=True)
    segment = models.CharField(max_length=12, choices=Segment.choices, blank=True, default="")
    product = models.CharField(max_length=120, blank=True, default="")
    promise = models.TextField(blank=True, default="")
    updated_at = models.DateTimeField(default=time.now)

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class TemplateObjective(models.Model):
    """An objective of a template; it is due so many days after the customer's plan begins."""

    template = models.ForeignKey(PlanTemplate, on_delete=models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True, default="")
    baseline = models.DecimalField(max_digits=18, decimal_places=4)
    target = models.DecimalField(max_digits=18, decimal_places=4)
    days = models.PositiveIntegerField()
    weight = models.DecimalField(max_digits=8, decimal_places=2, default=1)

    class Meta:
        ordering: ClassVar = ["template", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "name"], name="customers_template_objective_once"),
            models.CheckConstraint(
                condition=~Q(baseline=models.F("target")) & Q(days__gte=1) & Q(weight__gte=0),
                name="customers_template_objective_way",
            ),
        ]

    def __str__(self) -> str:
        return self.name
