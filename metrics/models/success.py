"""Objectives as they are measured every night."""

from typing import ClassVar

from django.db import models

from core import time
from customers.models import Objective


class ObjectiveDay(models.Model):
    """What an objective's event, figure or milestone said at the end of a day, in the objective's unit."""

    day = models.DateField()
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["objective", "day"], name="metrics_objective_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} {self.day}"
