"""Closing the loop: a low answer is somebody's to answer, until a deadline."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import time
from customers.models import Customer
from surveys.models.response import Response


class LoopSettings(models.Model):
    """How long a low answer may wait, on both clocks; exactly one row."""

    hours = models.PositiveSmallIntegerField(default=48)
    working_hours = models.PositiveSmallIntegerField(default=16)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="surveys_one_loop_settings"),
            models.CheckConstraint(
                condition=Q(hours__range=(1, 720), working_hours__range=(1, 240)), name="surveys_loop_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} h"

    @classmethod
    def get(cls) -> "LoopSettings":
        """Return the one row, making it on first use."""
        return cls.objects.get_or_create(pk=1)[0]


class LoopCase(models.Model):
    """What is done about one low answer, by the person who looks after the customer.

    `due_at` by the calendar, `due_working_at` by the workspace's opening hours. `done`: what was done, in words
    that the contact may be told; `told_at`: when they were, `helped`: what they said to "did it help?".
    """

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="case")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="loop_cases"
    )
    opened_at = models.DateTimeField(default=time.now)
    due_at = models.DateTimeField()
    due_working_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True, blank=True)
    helped = models.BooleanField(null=True, blank=True)
    helped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(done=""), name="surveys_case_closed_with_words"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(closed_at__isnull=False),
                name="surveys_case_told_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(helped__isnull=True, helped_at__isnull=True)
                | Q(helped__isnull=False, helped_at__isnull=False, told_at__isnull=False),
                name="surveys_case_helped_when_told",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="surveys_case_open"),
            models.Index(fields=["opened_at"], name="surveys_case_opened"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"
