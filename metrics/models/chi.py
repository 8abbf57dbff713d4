"""What successful customers do that others do not, as it was learned by each night."""

from typing import ClassVar

from django.db import models

from core import time


class ChiDay(models.Model):
    """What the facts up to a day teach of paying customers: how many succeeded, how many did not, what both show.

    `behaviours`: rows of kind, name, how many of the successful and how many of the rest show it
    (metrics/behaviours.py). The customer happiness index is worked out of them.
    """

    day = models.DateField(unique=True)
    successful = models.PositiveIntegerField(default=0)
    rest = models.PositiveIntegerField(default=0)
    behaviours = models.JSONField(default=list)
    computed_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {len(self.behaviours)} behaviours of {self.successful + self.rest} customers"
