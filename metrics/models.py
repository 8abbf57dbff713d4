"""What the numbers say: usage, its rollup, the wide daily row of every customer, the nights that made them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.models import LeasedQuerySet, LeasedWork, WorkState
from customers.models import Customer, Segment


class UsageEvent(models.Model):
    """A raw usage event. `day` is its workspace day; `message_id` the key (derived where the sender gave none)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    occurred_at = models.DateTimeField()
    event = models.CharField(max_length=120)
    person = models.CharField(max_length=200, blank=True, default="")
    count = models.IntegerField(default=1)
    message_id = models.CharField(max_length=120, unique=True)
    batch_id = models.BigIntegerField(null=True, blank=True)  # the import that brought it in, for undo

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "customer"], name="metrics_usage_day")]

    def __str__(self) -> str:
        return f"{self.event} {self.day}"


class UsageDay(models.Model):
    """Usage of one day by customer, person and feature (the event's name); the day is replaced whole."""

    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.CharField(max_length=200, blank=True, default="")
    feature = models.CharField(max_length=120)
    events = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "customer", "person", "feature"], name="metrics_usage_rollup_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "day"], name="metrics_usage_customer")]

    def __str__(self) -> str:
        return f"{self.feature} {self.day}"


class UsageRolled(models.Model):
    """The mark that the usage of one day is rolled up for the customers of one cell (see `metrics/scope.py`).

    Written in the transaction that replaced the day; taken away when a late event arrives.
    """

    day = models.DateField()
    cell = models.BigIntegerField()
    rolled_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "cell"], name="metrics_rolled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} from {self.cell}"


class CustomerDay(models.Model):
    """One customer at the end of one day: the only table that pages and figures read for history.

    Money in cents. `opening_mrr_cents` is the MRR at the end of the day before; the movements say how
    one became the other: opening + new + reactivation + expansion − contraction − churn = mrr.
    """

    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="days", db_index=False)
    segment = models.CharField(max_length=12, blank=True, default="")
    stage = models.CharField(max_length=12, blank=True, default="")
    owner_id = models.BigIntegerField(null=True, blank=True)

    opening_mrr_cents = models.BigIntegerField(default=0)
    mrr_cents = models.BigIntegerField(default=0)
    mrr_new_cents = models.BigIntegerField(default=0)
    mrr_expansion_cents = models.BigIntegerField(default=0)
    mrr_contraction_cents = models.BigIntegerField(default=0)
    mrr_churn_cents = models.BigIntegerField(default=0)
    mrr_reactivation_cents = models.BigIntegerField(default=0)
    mrr_upsell_cents = models.BigIntegerField(default=0)  # with cross-sell: the expansion, split
    mrr_cross_sell_cents = models.BigIntegerField(default=0)
    seats = models.PositiveIntegerField(null=True, blank=True)

    events = models.BigIntegerField(default=0)
    active_people = models.PositiveIntegerField(default=0)
    features_used = models.PositiveIntegerField(default=0)
    active_people_30 = models.PositiveIntegerField(default=0)

    open_tickets = models.PositiveIntegerField(default=0)
    last_touch_on = models.DateField(null=True, blank=True)
    renewal_on = models.DateField(null=True, blank=True)
    renewal_value_cents = models.BigIntegerField(null=True, blank=True)
    paid_cents = models.BigIntegerField(default=0)
    nps_score = models.PositiveSmallIntegerField(null=True, blank=True)

    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="metrics_customer_day_once"),
            models.CheckConstraint(
                condition=Q(
                    mrr_cents=models.F("opening_mrr_cents")
                    + models.F("mrr_new_cents")
                    + models.F("mrr_reactivation_cents")
                    + models.F("mrr_expansion_cents")
                    - models.F("mrr_contraction_cents")
                    - models.F("mrr_churn_cents")
                ),
                name="metrics_movements_add_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    mrr_expansion_cents=models.F("mrr_upsell_cents") + models.F("mrr_cross_sell_cents")
                ),
                name="metrics_expansion_splits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "day"], name="metrics_customer_days"),
            models.Index(
                fields=["day", "customer"],
                condition=~Q(mrr_cents=models.F("opening_mrr_cents")),
                name="metrics_days_that_moved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"


class Night(models.Model):
    """One closed local date and whether its night is done; the first to insert the row does it."""

    day = models.DateField(unique=True)
    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    opened_at = models.DateTimeField(default=time.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    restated_at = models.DateTimeField(null=True, blank=True)
    failed_step = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"night of {self.day}"


class NightShard(LeasedWork):
    """A range of customers `[low, high]` of one night: a piece of work for one worker."""

    night = models.ForeignKey(Night, on_delete=models.CASCADE, related_name="shards")
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["night", "low"], name="metrics_shard_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="metrics_shard_due")]

    def __str__(self) -> str:
        return f"{self.night} {self.low}–{self.high}"


class StaleSpan(LeasedWork):
    """Days of one customer that a late fact touched: to be refilled, hourly or as soon as the bell rings.

    `[first, last]`; last null: every finished day from `first` on.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="metrics_stale_due")]

    def __str__(self) -> str:
        return f"{self.customer_id} from {self.first}"


class Target(models.Model):
    """A figure's target for a slice by a day. `slice` is "" for the whole, else `segment=mid` and the like."""

    key = models.CharField(max_length=60)
    slice = models.CharField(max_length=120, blank=True, default="")
    due_on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "slice", "due_on"], name="metrics_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.slice} by {self.due_on}"


class FirstValueSign(models.Model):
    """A usage event or a milestone at which a customer has had its first value."""

    class Kind(models.TextChoices):
        EVENT = "event", _("Usage event")
        MILESTONE = "milestone", _("Milestone")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="metrics_first_value_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class BoardFigure(models.Model):
    """A figure on a person's board, in the person's order; who has none sees the suggested board."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["user", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="metrics_board_figure_once"),
            models.UniqueConstraint(fields=["user", "position"], name="metrics_board_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


class ActivationCriteria(models.Model):
    """A version of what makes a customer of a segment activated; "" for those whose segment has none of its own.

    Never changed once published. It holds for customers that started on `applies_from` or later (null: for all), as
    far as no later version does. A version that asks for nothing takes the segment's own criteria back.
    """

    segment = models.CharField(max_length=12, choices=Segment.choices, blank=True, default="")
    version = models.PositiveIntegerField()
    applies_from = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["segment", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["segment", "version"], name="metrics_activation_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.version}"


class ActivationItem(models.Model):
    """One thing a version asks for: so many of an event, or a milestone, within days of the customer's start."""

    class Kind(models.TextChoices):
        LOGIN = "login", _("Logins")
        ACTION = "action", _("Actions")
        CRITICAL = "critical", _("Critical action")
        RESULT = "result", _("Result shown by an event")
        MILESTONE = "milestone", _("Result set as a milestone")

    criteria = models.ForeignKey(ActivationCriteria, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    times = models.PositiveIntegerField(default=1)
    within_days = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["criteria", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criteria", "position"], name="metrics_activation_item_place"),
            models.CheckConstraint(
                condition=Q(times__gte=1) & Q(within_days__gte=1) & ~Q(name=""),
                name="metrics_activation_item_asks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
