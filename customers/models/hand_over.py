"""Customers on their way to another owner, piece by piece."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import LeasedQuerySet, LeasedWork, WorkState
from customers.models.workspace import Reversal


class HandOver(LeasedWork):
    """The customers of who leaves go to others, or those that an import kept for who joins go to that person.

    `successors` names, by function, the key of who takes over (null: nobody). It grows into one `reversal`.
    """

    leaver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    joiner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    successors = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reversal = models.ForeignKey(Reversal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(leaver__isnull=False, joiner__isnull=True)
                | Q(leaver__isnull=True, joiner__isnull=False),
                name="customers_hand_over_of_one",
            ),
            models.UniqueConstraint(
                fields=["leaver"],
                condition=Q(state__in=[WorkState.WAITING, WorkState.RUNNING]),
                name="customers_hand_over_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="customers_hand_over_due")]

    def __str__(self) -> str:
        return f"from {self.leaver}" if self.leaver else f"to {self.joiner}"
