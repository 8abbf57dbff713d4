"""When the team works: its week, whose holidays it keeps, and days off of its own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import time

OFFICE_WEEK = [["09:00", "18:00"]]


def office_week() -> list[list[list[str]]]:
    """Return nine to six from Monday to Friday, what is proposed before anybody chose."""
    return [OFFICE_WEEK if day < 5 else [] for day in range(7)]


class WorkingHours(models.Model):
    """The working hours of the workspace, exactly one row; nobody goes by them before `is_set`.

    `hours`: seven lists (Monday first) of [from, to] as "HH:MM", a `to` of "00:00" is midnight. `optional`: the
    optional holidays that are kept, by their English names.
    """

    is_set = models.BooleanField(default=False)
    hours = models.JSONField(default=office_week)
    country = models.CharField(max_length=2, blank=True, default="")
    subdivision = models.CharField(max_length=40, blank=True, default="")
    optional = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="customers_one_working_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.subdivision}".strip()


class DayOff(models.Model):
    """A day on which the team does not work besides the holidays, with what people call it."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="customers_day_off_named"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
