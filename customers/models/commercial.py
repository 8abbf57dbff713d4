"""What customers pay: subscriptions, contracts, payments; what winning them costs; what is sold."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core import time
from customers.models.customer import Customer


class Product(models.Model):
    """A feature of a product's plan, and the usage event that shows it."""

    product = models.CharField(max_length=120)
    plan = models.CharField(max_length=120, blank=True, default="")
    feature = models.CharField(max_length=120)
    event = models.CharField(max_length=120, blank=True, default="")
    price_cents = models.BigIntegerField(null=True, blank=True)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "plan", "feature"], name="customers_product_feature_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.feature}"


class Subscription(models.Model):
    """A recurring amount over a span in which it did not change; `[starts_on, ends_on)`, null = open.

    `mrr_cents` is per month. Rows of one `external_id` never overlap (checked after a whole file).
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    external_id = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    product = models.CharField(max_length=120)
    plan = models.CharField(max_length=120, blank=True, default="")
    mrr_cents = models.BigIntegerField()
    seats = models.PositiveIntegerField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["external_id", "starts_on"], name="customers_subscription_once"),
            models.CheckConstraint(condition=Q(mrr_cents__gte=0), name="customers_subscription_mrr_positive"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="customers_subscription_span",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "starts_on", "ends_on"], name="customers_subs_span"),
            models.Index(fields=["starts_on"], name="customers_subs_start"),
            models.Index(fields=["ends_on"], name="customers_subs_end"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} from {self.starts_on}"


class Contract(models.Model):
    """The term that ends and is renewed or not; `ends_on` is exclusive and the due day."""

    external_id = models.CharField(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField(db_index=True)
    value_cents = models.BigIntegerField(null=True, blank=True)
    auto_renews = models.BooleanField(default=False)
    signed_on = models.DateField(null=True, blank=True)
    renews_external_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    cancelled_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="customers_contract_span"),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "ends_on"], name="customers_contract_due")]

    def __str__(self) -> str:
        return self.external_id


class Payment(models.Model):
    """Money received; negative is a refund."""

    external_id = models.CharField(max_length=120, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="payments")
    paid_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    amount_cents = models.BigIntegerField()
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "paid_on"], name="customers_payment_day")]

    def __str__(self) -> str:
        return self.external_id


class AcquisitionCost(models.Model):
    """What sales or marketing cost in a month (`month` is its first day)."""

    class Category(models.TextChoices):
        SALES = "sales", "sales"
        MARKETING = "marketing", "marketing"

    month = models.DateField()
    category = models.CharField(max_length=10, choices=Category.choices)
    amount_cents = models.BigIntegerField()
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "category"], name="customers_cost_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="customers_cost_first_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.month:%Y-%m}"
