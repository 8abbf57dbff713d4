"""Playbooks as they are written: what starts them, and their steps. What became of them: `run.py`."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from playbooks.plays.querysets import PlaybookQuerySet


class Playbook(models.Model):
    """A way of working that is written once and run for many customers.

    `active`: it starts by itself as its published version says; by hand it can be started as soon as it has one.
    `key` names one that Zelo brought. `looked_at`: when customers were last looked for (`plays/looking.py`).
    """

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    active = models.BooleanField(default=False)
    active_since = models.DateTimeField(null=True, blank=True)
    key = models.SlugField(max_length=40, blank=True, default="", db_index=False)
    published = models.ForeignKey(
        "playbooks.PlaybookVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(default=time.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="playbooks_shipped_once"),
            models.CheckConstraint(
                condition=Q(active=False, active_since__isnull=True)
                | Q(active=True, active_since__isnull=False, published__isnull=False),
                name="playbooks_active_is_published",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaybookVersion(models.Model):
    """What a playbook says at one time: a draft until it is published, then never changed any more.

    `start_values`: the alert kinds, stages or segments that start it; `days_before` those before a renewal.
    `segments`, `stages`, `bands`: for which customers ([]: all). `again_days`: days after its last start before it
    may start again for the same customer (null: never). `holdout`: per cent of the customers that do not get it and
    are compared.
    """

    class Starts(models.TextChoices):
        HAND = "hand", _("By hand")
        ALERT = "alert", _("By an alert")
        STAGE = "stage", _("On entering a stage")
        SEGMENT = "segment", _("On entering a segment")
        RENEWAL = "renewal", _("Before a renewal")

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, blank=True)
    starts = models.CharField(max_length=8, choices=Starts.choices, default=Starts.HAND)
    start_values = models.JSONField(default=list, blank=True)
    days_before = models.PositiveSmallIntegerField(null=True, blank=True)
    segments = models.JSONField(default=list, blank=True)
    stages = models.JSONField(default=list, blank=True)
    bands = models.JSONField(default=list, blank=True)
    again_days = models.PositiveSmallIntegerField(null=True, blank=True)
    holdout = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(default=time.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["playbook", models.F("number").desc(nulls_first=True)]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playbook", "number"], name="playbooks_version_number_once"),
            models.UniqueConstraint(
                fields=["playbook"], condition=Q(number__isnull=True), name="playbooks_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, published_at__isnull=True)
                | Q(number__isnull=False, published_at__isnull=False),
                name="playbooks_version_published_when",
            ),
            models.CheckConstraint(condition=Q(holdout__lte=50), name="playbooks_holdout_share"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} version {self.number or 'draft'}"


class Step(models.Model):
    """One step of a version. `key` stays the same from version to version; `position` is its place.

    It is due `after` days or working days after the start, never before the step ahead of it is over. `condition`:
    else it is skipped. `branch`: if it holds once the step is over, `branch_to` is next (0: the end), else the step
    behind. Both as in `plays/conditions.py`; what `params` hold is up to the kind (`plays/kinds.py`).
    """

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        EMAIL = "email", _("E-mail")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting or webinar")
        OFFER = "offer", _("Offer")
        SURVEY = "survey", _("Survey")
        STAGE = "stage", _("Stage move")
        WAIT = "wait", _("Wait until")
        FIELD = "field", _("Field or tag")
        WEBHOOK = "webhook", _("Webhook")

    class Unit(models.TextChoices):
        DAY = "day", _("Days")
        WORKDAY = "workday", _("Working days")

    version = models.ForeignKey(PlaybookVersion, on_delete=models.CASCADE, related_name="steps")
    key = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=200)
    after = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.DAY)
    condition = models.JSONField(default=dict, blank=True)
    branch = models.JSONField(default=dict, blank=True)
    branch_to = models.PositiveSmallIntegerField(null=True, blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["version", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="playbooks_step_key_once"),
            models.UniqueConstraint(fields=["version", "position"], name="playbooks_step_place_once"),
            models.CheckConstraint(condition=Q(key__gte=1), name="playbooks_step_key_from_one"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "task",
                        "email",
                        "call",
                        "meeting",
                        "offer",
                        "survey",
                        "stage",
                        "wait",
                        "field",
                        "webhook",
                    ]
                ),
                name="playbooks_step_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
