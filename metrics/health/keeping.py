"""How long the inputs of scores are kept: every day for a while, then those of month ends; scores stay for good."""

import calendar
import datetime as dt

from django.conf import settings
from django.db.models import QuerySet

from core import time
from metrics.models import HealthInput
from metrics.periods import add_months

AT_ONCE = 5000  # rows that one statement takes


def past() -> QuerySet[HealthInput]:
    """Return inputs older than `HEALTH_INPUT_MONTHS` months that are not of a month's last day, of the oldest month."""
    until = add_months(time.today().replace(day=1), -settings.HEALTH_INPUT_MONTHS)
    old = HealthInput.objects.filter(day__lt=until)
    oldest = _first_to_go(old)
    if oldest is None:
        return HealthInput.objects.none()
    last = month_end(oldest)
    return old.filter(day__gte=oldest, day__lt=last)


def tidy() -> int:
    """Delete a piece of what is past; return how many rows went."""
    piece = list(past().order_by().values_list("pk", flat=True)[:AT_ONCE])
    return HealthInput.objects.filter(pk__in=piece).delete()[0] if piece else 0


def month_end(day: dt.date) -> dt.date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _first_to_go(old: QuerySet[HealthInput]) -> dt.date | None:
    """Return the oldest day that is no month's last; month ends are stepped over one by one."""
    after = dt.date.min
    while (
        day := old.filter(day__gt=after).order_by("day").values_list("day", flat=True).first()
    ) is not None:
        if day != month_end(day):
            return day
        after = day
    return None
