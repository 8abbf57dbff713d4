"""The customer, what defines it, and what it was before."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.text import Fold
from customers.querysets import CustomerQuerySet
from customers.search_text import plain_tax_id, search_text


class Segment(models.TextChoices):
    """How much a customer is worth to the firm, and so how it is looked after."""

    VOLUME = "volume", _("Volume")
    MID = "mid", _("Mid")
    HIGH_VALUE = "high_value", _("High value")


class Stage(models.TextChoices):
    """Where a customer stands on its way."""

    ONBOARDING = "onboarding", _("Onboarding")
    ONGOING = "ongoing", _("Ongoing")
    SUPPORT = "support", _("Support")


class Decided(models.TextChoices):
    """Who put a customer into its segment or stage."""

    RULE = "rule", _("By rule")
    HAND = "hand", _("By hand")
    FILE = "file", _("By import")


class Tag(models.Model):
    """A free label; overlapping, so parts by tag need not add up."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class AttributeDefinition(models.Model):
    """An extra typed field of customers, defined by an admin; values stand in `Customer.attributes`.

    Stored values: text as it is, number as a decimal string, date as ISO,
    bool as true/false, choice as one of `choices`.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        BOOL = "bool", _("Yes or no")
        CHOICE = "choice", _("Choice")

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class Customer(models.Model):
    """A company we look after. Never deleted: archived, or merged into another."""

    external_id = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    tax_id = models.CharField(max_length=32, blank=True, default="", db_index=True)
    domain = models.CharField(max_length=200, blank=True, default="")
    industry = models.CharField(max_length=120, blank=True, default="")
    city = models.CharField(max_length=120, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    country = models.CharField(max_length=60, blank=True, default="")
    locale = models.CharField(max_length=16, blank=True, default="")
    started_on = models.DateField(null=True, blank=True)

    segment = models.CharField(max_length=12, choices=Segment.choices, blank=True, default="")
    segment_by = models.CharField(max_length=6, choices=Decided.choices, default=Decided.RULE)
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True, default="")
    stage_by = models.CharField(max_length=6, choices=Decided.choices, default=Decided.RULE)
    stage_since = models.DateField(null=True, blank=True)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="customers"
    )
    onboarding_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    commercial_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    wanted_owner_email = models.EmailField(blank=True, default="", db_index=True)

    tags = models.ManyToManyField(Tag, blank=True, related_name="customers")
    attributes = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    referred_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals"
    )

    folded_name = models.GeneratedField(
        expression=Fold(models.F("name")), output_field=models.TextField(), db_persist=True
    )
    search_text = models.GeneratedField(
        expression=search_text("name", "external_id", "domain", "tax_id", plain_tax_id()),
        output_field=models.TextField(),
        db_persist=True,
    )

    hand_edited = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="customers_by_name"),
            models.Index(fields=["folded_name", "id"], name="customers_by_folded_name"),
            models.Index(fields=["owner", "archived_at"], name="customers_by_owner"),
            models.Index(fields=["segment", "stage"], name="customers_by_cell"),
            models.Index(fields=["created_at"], name="customers_by_created"),
            models.Index(fields=["started_on"], name="customers_by_start"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(segment="") | Q(segment__in=Segment.values), name="customers_segment_known"
            ),
            models.CheckConstraint(
                condition=Q(stage="") | Q(stage__in=Stage.values), name="customers_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="customers_not_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(referred_by__isnull=True) | ~Q(referred_by=models.F("id")),
                name="customers_not_own_referrer",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(archived_at__isnull=False),
                name="customers_merged_is_archived",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerHistory(models.Model):
    """What a customer's segment, stage, owner, tags or details were from a day on.

    The row that holds on a day is the one with the latest `valid_from` on or before it that is not
    superseded; a corrected row stays, superseded, so that "as published" can be told.
    `value`: segment or stage key, owner's e-mail ("" for none), the whole tag list joined by `|`, the industry,
    the parent's key ("" for none), or all attributes as JSON. The last three are details (`customers/details.py`).
    """

    class Field(models.TextChoices):
        SEGMENT = "segment", _("Segment")
        STAGE = "stage", _("Stage")
        OWNER = "owner", _("Owner")
        TAG = "tag", _("Tags")
        INDUSTRY = "industry", _("Industry")
        PARENT = "parent", _("Parent company")
        ATTRIBUTES = "attrs", _("Attributes")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="history")
    field = models.CharField(max_length=8, choices=Field.choices)
    valid_from = models.DateField()
    value = models.TextField(blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.CharField(max_length=6, choices=Decided.choices, default=Decided.RULE)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(default=time.now, editable=False)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "field", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="customers_history_once_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["field", "customer", "-valid_from"], name="customers_history_asof"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.value} from {self.valid_from}"


class FactVersion(models.Model):
    """An earlier version of a corrected fact (subscription, contract, ticket), as it was known then."""

    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    values = models.JSONField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(default=time.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["table", "row_id", "superseded_at"], name="customers_fact_version"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} until {self.superseded_at}"
