"""Health: versions of the scorecard, the scores of every customer and day, and what people say about a customer.

Scores, weights and coverage are hundredths (0 … 10 000), raw values thousandths.
"""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Customer
from metrics.health import packed
from metrics.health.bands import Band


def _within(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": 10_000})


class ScorecardVersion(models.Model):
    """What "healthy" means, as data (`metrics/health/configuration.py`). Once published it never changes.

    A draft may run as a shadow beside the published one. `in_force_from` null: since ever; of those published the
    one that came into force last holds on a day.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHADOW = "shadow", _("Shadow")
        PUBLISHED = "published", _("Published")

    number = models.PositiveIntegerField(null=True, blank=True, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    definition = models.JSONField()
    note = models.CharField(max_length=300, blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    shadow_from = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=~Q(state="published"), name="metrics_scorecard_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="published", number__isnull=False, published_at__isnull=False)
                | (~Q(state="published") & Q(number__isnull=True, published_at__isnull=True)),
                name="metrics_scorecard_number_when_published",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}" if self.number else str(self.state)


class HealthDay(models.Model):
    """A customer's score on a day. `own` is what the factors say, `score` what is shown (a person may have set it).

    `profile` is the cell of the scorecard that applied ("" the default); `across` counts the days in a row on which
    the score was across the edge of its band (metrics/health/bands.py). `first_score` and `first_band` are what was
    published first. A row of a day that is not over yet holds what is known so far.
    """

    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="health", db_index=False)
    version = models.ForeignKey(ScorecardVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    segment = models.CharField(max_length=12, blank=True, default="")
    stage = models.CharField(max_length=12, blank=True, default="")
    profile = models.CharField(max_length=60, blank=True, default="")
    own = models.PositiveIntegerField(null=True, blank=True)
    score = models.PositiveIntegerField(null=True, blank=True)
    coverage = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(null=True, blank=True)
    high = models.PositiveIntegerField(null=True, blank=True)
    band = models.PositiveSmallIntegerField(default=0)
    across = models.SmallIntegerField(default=0)
    override_id = models.BigIntegerField(null=True, blank=True)
    first_score = models.PositiveIntegerField(null=True, blank=True)
    first_band = models.PositiveSmallIntegerField(null=True, blank=True)
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="metrics_health_day_once"),
            models.CheckConstraint(
                condition=_within("own") & _within("score") & Q(coverage__lte=10_000),
                name="metrics_health_in_range",
            ),
            models.CheckConstraint(
                condition=Q(own__isnull=True, low__isnull=True, high__isnull=True)
                | Q(
                    own__isnull=False,
                    low__isnull=False,
                    high__isnull=False,
                    low__lte=F("own"),
                    high__gte=F("own"),
                    high__lte=10_000,
                ),
                name="metrics_health_range_holds_score",
            ),
            models.CheckConstraint(
                condition=Q(band=0) | Q(band__in=[1, 2, 3], score__isnull=False),
                name="metrics_health_band_has_score",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "day"], name="metrics_health_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"

    @property
    def band_key(self) -> str:
        """Return `green`, `yellow`, `red` or `unknown`."""
        return Band(self.band).key


class HealthLayout(models.Model):
    """The names behind the numbers of `HealthInput`, in order; its key is made of them (metrics/health/packed.py)."""

    id = models.BigIntegerField(primary_key=True)
    inputs = models.JSONField()
    factors = models.JSONField()

    def __str__(self) -> str:
        return f"{len(self.inputs)} inputs, {len(self.factors)} factors"


class HealthInput(models.Model):
    """What a score was computed from: raw values with their age, and what each factor made of them.

    Stored as numbers in the order of a layout. Daily rows are kept for 13 months, then those of month ends.
    """

    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    layout = models.BigIntegerField(default=0)  # a HealthLayout
    numbers = models.BinaryField(default=b"")
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="metrics_health_input_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "day"], name="metrics_health_input_of")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"

    @property
    def inputs(self) -> dict[str, list[int]]:
        """Known inputs: name → [raw value, age in days]."""
        return packed.inputs_of(layout_of(self.layout), bytes(self.numbers))

    @property
    def parts(self) -> dict[str, list[int]]:
        """Factors that count: name → [score, effective weight]."""
        return packed.parts_of(layout_of(self.layout), bytes(self.numbers))


_layouts: dict[int, packed.Layout] = {0: packed.NOTHING}  # by key; a key never gets other names


def layout_of(key: int) -> packed.Layout:
    """Return the layout of this key; read from the database once in a process."""
    if key not in _layouts:
        for row in HealthLayout.objects.all():
            _layouts[row.pk] = packed.Layout(tuple(row.inputs), tuple(row.factors))
    return _layouts[key]


class _Word(models.Model):
    """What a person says of a customer's health, from a day until it expires (exclusive) or is taken back."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_on = models.DateField()
    expires_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score} from {self.set_on}"

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether it counts on a day, as far as nothing newer was said."""
        return bool(self.set_on <= day < min(self.expires_on, self.withdrawn_on or self.expires_on))


def _word_constraints(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(condition=Q(score__lte=10_000), name=f"metrics_{name}_in_range"),
        models.CheckConstraint(condition=Q(expires_on__gt=F("set_on")), name=f"metrics_{name}_lasts"),
        models.CheckConstraint(condition=~Q(reason=""), name=f"metrics_{name}_has_reason"),
    ]


class HealthPulse(_Word):
    """The analyst's pulse: how the customer feels to the person who knows it; a factor like others."""

    class Meta:
        ordering: ClassVar = ["-set_on", "-pk"]
        constraints: ClassVar = _word_constraints("pulse")
        indexes: ClassVar = [models.Index(fields=["customer", "set_on"], name="metrics_pulse_day")]


class HealthOverride(_Word):
    """A score set by a person instead of the computed one; both stay visible."""

    class Meta:
        ordering: ClassVar = ["-set_on", "-pk"]
        constraints: ClassVar = _word_constraints("override")
        indexes: ClassVar = [models.Index(fields=["customer", "set_on"], name="metrics_override_day")]


class HealthFeed(models.Model):
    """Since when a kind of facts is kept here at all: from then on a customer without any has none, which is known.

    Scores are computed by this row, so when an earlier first fact arrives every score since is computed again.
    """

    class Kind(models.TextChoices):
        TICKETS = "tickets", _("Tickets")
        USAGE = "usage", _("Usage")

    kind = models.CharField(max_length=10, choices=Kind.choices, unique=True)
    since = models.DateField()

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"


class AttributeValue(models.Model):
    """What an attribute of a customer was from a day on, in thousandths; kept for attributes that are factors.

    Customers hold their attributes as they are now; scores of a day need them as they were.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    valid_from = models.DateField()
    value = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "customer", "valid_from"], name="metrics_attribute_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.key} from {self.valid_from}"
