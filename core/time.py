"""The only module that asks what time it is. Everything else takes the clock as an argument."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def workspace_zone() -> ZoneInfo:
    """Return the time zone in which the workspace's days begin and end."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> dt.datetime:
    """Return the present moment, aware."""
    return timezone.now()


def today() -> dt.date:
    """Return the present calendar day in the workspace's time zone."""
    return now().astimezone(workspace_zone()).date()


def local_day(moment: dt.datetime) -> dt.date:
    """Return the workspace's calendar day on which an aware moment falls."""
    return moment.astimezone(workspace_zone()).date()


def day_start(day: dt.date) -> dt.datetime:
    """Return the first moment of a workspace day.

    Where the clocks jump over midnight, that is the first moment that exists.
    """
    zone = workspace_zone()
    start = dt.datetime.combine(day, dt.time.min, tzinfo=zone)
    return start.astimezone(dt.UTC).astimezone(zone)


def days(first: dt.date, end: dt.date) -> list[dt.date]:
    """Return the days of the half-open span `[first, end)`."""
    return [first + dt.timedelta(days=i) for i in range((end - first).days)]
