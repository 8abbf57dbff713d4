"""What a figure should become, and which figures a person has chosen."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from core import time


class Target(models.Model):
    """A figure's target for a slice by a day. `slice` is "" for the whole, else `segment=mid` and the like.

    `baseline` is where the figure stood on `starts_on`, when the target was set; without `starts_on` nobody looked
    yet, with it and without a baseline the figure had no value then. `ended_on`: given up, and no longer in force.
    """

    key = models.CharField(max_length=60)
    slice = models.CharField(max_length=120, blank=True, default="")
    due_on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    baseline = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=time.now)
    hand_edited = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "slice", "due_on"], name="metrics_target_once"),
            models.CheckConstraint(
                condition=models.Q(baseline__isnull=True) | models.Q(starts_on__isnull=False),
                name="metrics_baseline_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True) | models.Q(starts_on__lt=models.F("due_on")),
                name="metrics_target_starts_before_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.slice} by {self.due_on}"

    @property
    def cut(self) -> tuple[str | None, str | None]:
        """How its slice is cut and which part it is: (`segment`, `mid`); (None, None) for the whole."""
        by, _equals, part = self.slice.partition("=")
        return (by or None, part or None)


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
