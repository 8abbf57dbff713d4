"""What we want to be told of, and what there is to tell."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from core import time
from customers.models import Customer, Segment, Stage
from playbooks.alerts.querysets import AlertQuerySet, RuleQuerySet


def _or_none(field: str) -> Coalesce:
    return Coalesce(field, models.Value(-1), output_field=models.IntegerField())


class AlertRule(models.Model):
    """When to tell somebody about a customer; what `days` and `amount` mean is up to its kind.

    Kinds stand in `playbooks/alerts/kinds.py`; how each is found in `playbooks/alerts/causes.py`.
    """

    kind = models.CharField(max_length=24)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    segment = models.CharField(max_length=12, choices=Segment.choices, blank=True, default="")
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True, default="")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(default=time.now, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "-days", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "kind",
                _or_none("days"),
                _or_none("amount"),
                "segment",
                "stage",
                name="playbooks_alert_rule_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Alert(models.Model):
    """A cause that a rule found and that is not gone yet, or was.

    `scope` says what `subject_id` names: the customer itself, a contact, contract, ticket, payment, objective or
    response. `value`, `before` and `label` are what its sentence says; `badness` grows as it gets worse. Dates are
    days by the workspace's clock: `since` when the cause began, `seen_on` when it held last, `ended_on` when it was
    gone. One that was dismissed keeps its place until its cause is gone, so that it does not come back meanwhile.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    scope = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    since = models.DateField()
    value = models.BigIntegerField(null=True, blank=True)
    before = models.BigIntegerField(null=True, blank=True)
    label = models.CharField(max_length=300, blank=True, default="")
    badness = models.BigIntegerField(default=0)
    mrr_cents = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(default=time.now)
    seen_on = models.DateField()
    checked_at = models.DateTimeField(default=time.now)
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_badness = models.BigIntegerField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    dismissed_why = models.CharField(max_length=300, blank=True, default="")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "scope", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="playbooks_one_open_alert",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_on__isnull=True)
                | Q(ended_at__isnull=False, ended_on__isnull=False),
                name="playbooks_alert_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True, dismissed_why="")
                | (Q(dismissed_at__isnull=False) & ~Q(dismissed_why="")),
                name="playbooks_alert_dismissed_why",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | Q(snoozed_badness__isnull=True),
                name="playbooks_alert_one_snooze",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "ended_at"], name="playbooks_alert_of_customer"),
            models.Index(fields=["opened_at"], name="playbooks_alert_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.scope} {self.subject_id}"
