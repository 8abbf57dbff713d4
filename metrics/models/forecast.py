"""Forecasts of past quarter ends beside what came of them."""

from typing import ClassVar

from django.db import models

from core import time


class ForecastCheck(models.Model):
    """What would have been said at the end of a quarter of the MRR so many days later, and what it was; cents.

    `base`: of the customers that paid on `day`; `total`: of all. Written once, when the later day's night is done.
    `own`: by each customer's own risk, else by the past rate.
    """

    day = models.DateField()
    days = models.PositiveSmallIntegerField()
    own = models.BooleanField()
    opening_cents = models.BigIntegerField()
    base_cents = models.BigIntegerField()
    base_low_cents = models.BigIntegerField()
    base_high_cents = models.BigIntegerField()
    base_actual_cents = models.BigIntegerField()
    total_cents = models.BigIntegerField()
    total_low_cents = models.BigIntegerField()
    total_high_cents = models.BigIntegerField()
    total_actual_cents = models.BigIntegerField()
    checked_at = models.DateTimeField(default=time.now)

    class Meta:
        ordering: ClassVar = ["-day", "days"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "days"], name="metrics_forecast_check_once"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days from {self.day}"

    @property
    def base_held(self) -> bool:
        """Whether what today's customers paid lay in its band."""
        return self.base_low_cents <= self.base_actual_cents <= self.base_high_cents

    @property
    def total_held(self) -> bool:
        """Whether the whole MRR lay in its band."""
        return self.total_low_cents <= self.total_actual_cents <= self.total_high_cents
