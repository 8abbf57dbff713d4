"""The register of losses: what was given notice of, what was lost, what was saved, and why."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import time
from customers.models import Customer
from playbooks.losses.querysets import LossQuerySet
from playbooks.losses.words import shipped_reason


class LossReason(models.Model):
    """Why customers leave, as this workspace sorts it. One that Zelo brings has a `key` and, until it is renamed, no
    `name`; one that was put aside keeps its losses and is offered no more."""

    key = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=80, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="playbooks_loss_reason_key_once"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=~Q(name=""), name="playbooks_loss_reason_name_once"
            ),
            models.CheckConstraint(
                condition=~Q(key="") | ~Q(name=""), name="playbooks_loss_reason_is_called_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(shipped_reason(self.key))


class Loss(models.Model):
    """A customer lost as a whole or in part, or about to be, or saved from it.

    `mrr_cents`: what is at stake while there is notice, what was lost or saved after. `noticed_on`: when we heard of
    it; None where the night's movement was the first we knew. `found`: opened by the night. One that no daily row
    bears out any more has 0.
    """

    class State(models.TextChoices):
        NOTICE = "notice", pgettext_lazy("loss", "Notice given")
        LOST = "lost", pgettext_lazy("loss", "Lost")
        SAVED = "saved", pgettext_lazy("loss", "Saved")

    class ComesBack(models.TextChoices):
        UNKNOWN = "", _("Not known")
        LIKELY = "likely", _("Likely")
        UNLIKELY = "unlikely", _("Unlikely")
        NEVER = "never", pgettext_lazy("comes back", "Never")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="losses", db_index=False)
    whole = models.BooleanField(default=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.NOTICE)
    noticed_on = models.DateField(null=True, blank=True)
    lost_on = models.DateField(null=True, blank=True)
    saved_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    found = models.BooleanField(default=False)
    mrr_cents = models.BigIntegerField(default=0)
    reason = models.ForeignKey(
        LossReason, null=True, blank=True, on_delete=models.PROTECT, related_name="losses"
    )
    tried = models.TextField(blank=True, default="")
    competitor = models.CharField(max_length=120, blank=True, default="")
    comes_back = models.CharField(max_length=8, choices=ComesBack.choices, blank=True, default="")
    note = models.TextField(blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=time.now)

    objects = LossQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "lost_on"], name="playbooks_loss_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="notice", noticed_on__isnull=False, lost_on=None, saved_on=None)
                | Q(state="lost", lost_on__isnull=False, saved_on=None)
                | Q(state="saved", noticed_on__isnull=False, lost_on=None, saved_on__isnull=False),
                name="playbooks_loss_state_fits",
            ),
            models.CheckConstraint(condition=Q(mrr_cents__gte=0), name="playbooks_loss_of_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "customer"], name="playbooks_loss_state"),
            models.Index(fields=["lost_on", "customer"], name="playbooks_loss_day"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state} {self.lost_on or self.noticed_on}"
