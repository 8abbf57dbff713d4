"""The workspace's working calendar: its hours, its holidays and its own days off (see `core.working`)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core import time
from core.days_off import PRESELECTED, days_off
from core.working import Hours, WorkingCalendar, office_week
from customers.models import DayOff, WorkingHours

HISTORY_YEARS, COMING_YEARS = 20, 5  # for which the holidays are known to a calendar
DEFAULT_COUNTRY = "BR"
NINE, SIX = dt.time(9), dt.time(18)


@dataclass(frozen=True)
class Working:
    """Working hours as somebody set or is about to set them. `own`: days off besides the holidays, with names.

    `is_set` False: nobody goes by them.
    """

    is_set: bool = False
    hours: Sequence[Hours] = field(default_factory=lambda: office_week(NINE, SIX))
    country: str = DEFAULT_COUNTRY
    subdivision: str = ""
    optional: tuple[str, ...] = PRESELECTED[DEFAULT_COUNTRY]
    own: Mapping[dt.date, str] = field(default_factory=dict)

    def calendar(self, zone: ZoneInfo | None = None) -> WorkingCalendar:
        """Return the calendar in a zone, without one in the workspace's.

        Raises ValueError for hours that overlap or end before they start, LookupError for an unknown country or state.
        """
        year = time.today().year
        off = days_off(
            self.country,
            self.subdivision,
            self.optional,
            self.own,
            year - HISTORY_YEARS,
            year + COMING_YEARS,
        )
        return WorkingCalendar(zone or time.workspace_zone(), tuple(self.hours), off)


def working() -> Working:
    """Return the working hours as they are saved; before anybody saved any, those that are proposed."""
    row = WorkingHours.objects.first()
    if row is None:
        return Working()
    return Working(
        is_set=row.is_set,
        hours=read_hours(row.hours),
        country=row.country,
        subdivision=row.subdivision,
        optional=tuple(row.optional),
        own=dict(DayOff.objects.values_list("day", "name")),
    )


def workspace_calendar(zone: ZoneInfo | None = None) -> WorkingCalendar | None:
    """Return the calendar everybody goes by, None where none is set; two statements.

    With a zone, such as a contact's own, the same hours by the clocks there.
    """
    known = working()
    return known.calendar(zone) if known.is_set else None


def read_hours(saved: Sequence[Sequence[Sequence[str]]]) -> tuple[Hours, ...]:
    """Return hours from the text in which they are kept. Raises ValueError for what is no time."""
    return tuple(
        tuple((dt.time.fromisoformat(start), dt.time.fromisoformat(end)) for start, end in day)
        for day in saved
    )


def write_hours(hours: Sequence[Hours]) -> list[list[list[str]]]:
    """Return hours as the text in which they are kept."""
    return [[[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in sorted(day)] for day in hours]
