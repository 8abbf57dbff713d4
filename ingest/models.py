"""The front door: what came in, what became of it, and how to take it back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Token
from accounts.principals import Integration, Principal
from core import time
from core.models import LeasedQuerySet, LeasedWork


class Source(models.Model):
    """Where files of one form come from: remembered columns, date form, encoding."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "kind"], name="ingest_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class Batch(LeasedWork):
    """A file, call or webhook with its accepted and rejected rows."""

    class Step(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        PREVIEWED = "previewed", _("Checked")
        CONFIRMED = "confirmed", _("Waiting")
        APPLYING = "applying", _("Running")
        APPLIED = "applied", _("Done")
        REFUSED = "refused", _("Refused")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    kind = models.CharField(max_length=20)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.UPLOADED)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL)
    channel = models.CharField(max_length=10, default="command")  # command, upload, api
    idempotency_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    filename = models.CharField(max_length=250, blank=True, default="")
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    options = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    token = models.ForeignKey(  # the integration that sent it
        Token, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    new = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    notes = models.JSONField(default=list)  # unknown columns, kept hand edits, unknown owners
    preview = models.JSONField(default=list)  # the first changed rows of the check, field by field
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="ingest_batch_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.filename or self.pk}"

    @property
    def actor(self) -> Principal | None:
        """Who sent it: a person, an integration by its token, or nobody but Zelo."""
        return self.created_by or (Integration(self.token) if self.token else None)


class Rejection(models.Model):
    """A row that did not go in: where, why (a code with parameters, told in the reader's language), the row."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=120, blank=True, default="")
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    row = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["line", "pk"]
        indexes: ClassVar = [models.Index(fields=["batch", "line"], name="ingest_rejection_line")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"


class RowChange(models.Model):
    """What a batch did to one row: `before` null means it made it. Read backwards by undo."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    recorded_at = models.DateTimeField(default=time.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["table", "row_id", "-id"], name="ingest_change_row"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class IntakePerson(models.Model):
    """Whom tracking calls mean by an id: the customer they named for it, the address, the id it is the same as."""

    user_key = models.CharField(max_length=200, unique=True)
    same_as = models.CharField(max_length=200, blank=True, default="", db_index=True)
    customer_key = models.CharField(max_length=120, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_key} at {self.customer_key}"


class HeldEvent(models.Model):
    """A usage event whose customer is not there yet; it becomes usage when customer or person appear."""

    message_id = models.CharField(max_length=120, unique=True)
    customer_key = models.CharField(max_length=120, blank=True, default="")
    person = models.CharField(max_length=200, blank=True, default="")
    occurred_at = models.DateTimeField()
    event = models.CharField(max_length=120)
    received_at = models.DateTimeField(default=time.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer_key", "person"], name="ingest_held_for"),
        ]

    def __str__(self) -> str:
        return f"{self.event} of {self.customer_key or self.person}"


class Problem(models.Model):
    """Items of a source that were refused or odd: how many on a day for one reason, and one of them as it came."""

    source = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    about = models.CharField(max_length=120, blank=True, default="")
    day = models.DateField()
    count = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    sample = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "source", "code", "about"], name="ingest_problem_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.code} ({self.count})"


class Connection(models.Model):
    """Another system that tells us what happens there, and the secret by which its calls are known (docs/adr/0035)."""

    class Kind(models.TextChoices):
        STRIPE = "stripe", "Stripe"
        ZENDESK = "zendesk", "Zendesk"

    kind = models.CharField(max_length=10, choices=Kind.choices, unique=True)
    secret_sealed = models.TextField()
    makes_customers = models.BooleanField(default=False)  # who is nobody's becomes a customer, else it waits
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    connected_at = models.DateTimeField(default=time.now)
    last_at = models.DateTimeField(null=True, blank=True)  # when it last told us something

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(secret_sealed=""), name="ingest_connection_has_secret"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Delivery(LeasedWork):
    """One event that another system told us of, cut down to the facts we keep of its object."""

    source = models.CharField(max_length=10, choices=Connection.Kind.choices)
    event_id = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)  # the object it is about, by their id
    type = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    waits = models.BooleanField(default=False)  # its customer is not known here yet
    waits_for = models.CharField(max_length=120, blank=True, default="")  # … which would have this ID
    waits_email = models.CharField(max_length=254, blank=True, default="")  # … or this contact

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "event_id"], name="ingest_delivery_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="ingest_delivery_due"),
            models.Index(fields=["source", "subject"], name="ingest_delivery_subject"),
            models.Index(fields=["waits", "waits_for"], name="ingest_delivery_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.type} {self.subject}"


class SourceNotice(models.Model):
    """That admins were told of a source: that it is silent since a day, or that it was bad on one. Told once each."""

    class Kind(models.TextChoices):
        SILENT = "silent", _("Silent")
        BAD = "bad", _("Bad")

    source = models.CharField(max_length=120)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    day = models.DateField()
    told_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "day"], name="ingest_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.day}"
