"""Who must not be written to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models import Contact


class Suppression(models.Model):
    """An address that gets no mail of a kind any more, until it is lifted.

    Only the address's hash is kept (`surveys/addresses.py`), so that it still holds when the person is erased
    or comes back by an import; it holds for every contact with that address.
    """

    class Kind(models.TextChoices):
        ALL = "all", _("All mail")
        SURVEYS = "surveys", _("Surveys")
        PLAYBOOKS = "playbooks", _("Messages from the team")

    class Why(models.TextChoices):
        ASKED = "asked", _("The person asked for it")
        BOUNCED = "bounced", _("The address does not exist")
        COMPLAINED = "complained", _("Marked as spam")
        BY_HAND = "by_hand", _("Entered by the team")

    address_hash = models.CharField(max_length=64)
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="suppressions"
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    why = models.CharField(max_length=10, choices=Why.choices)
    made_at = models.DateTimeField(default=time.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["address_hash", "kind"],
                condition=Q(lifted_at__isnull=True),
                name="surveys_suppressed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["all", "surveys", "playbooks"]), name="surveys_suppressed_kind"
            ),
            models.CheckConstraint(
                condition=Q(why__in=["asked", "bounced", "complained", "by_hand"]),
                name="surveys_suppressed_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.why}"
