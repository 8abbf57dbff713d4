"""When a team works: opening hours, days off, and the arithmetic of time in which it is open. Imports no model.

A calendar is given in local time of its zone. Opening hours of a weekday are spans `(start, end)`; an end of 00:00 is
midnight, the end of that day. Where the clocks jump over a boundary, the boundary is the moment of the jump; where a
boundary comes twice, it is the first. So hours are real, elapsed hours: a night shift over a change of clocks is an
hour shorter or longer than on other days. All moments are aware; a naive one raises ValueError.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

Hours = Sequence[tuple[dt.time, dt.time]]
Span = tuple[dt.datetime, dt.datetime]

DAY = dt.timedelta(days=1)
RESOLUTION = dt.timedelta(microseconds=1)
NOTHING = dt.timedelta()
FARTHEST = 1100  # days without an opening after which a calendar counts as never open: three years
MONDAY_TO_FRIDAY = 5


class NeverOpenError(ValueError):
    """The calendar has no opening hours near enough: nothing can be counted forward in it."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening hours per weekday (Monday first, seven lists) in a time zone, less the days off.

    Raises ValueError with words for people where hours end before they start or overlap.
    """

    zone: ZoneInfo
    hours: Sequence[Hours]
    days_off: Collection[dt.date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if len(self.hours) != 7:
            raise ValueError("A week has seven days.")
        object.__setattr__(self, "hours", tuple(_ordered(day) for day in self.hours))
        object.__setattr__(self, "days_off", frozenset(self.days_off))

    def in_zone(self, zone: ZoneInfo) -> "WorkingCalendar":
        """Return the same hours and days off by the clocks of another zone, such as a contact's own."""
        return self if zone == self.zone else replace(self, zone=zone)

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether there are opening hours on a day."""
        return bool(self.hours[day.weekday()]) and day not in self.days_off

    def is_open(self, moment: dt.datetime) -> bool:
        """Tell whether a moment is inside the opening hours."""
        moment = _utc(moment)
        return any(opens <= moment < closes for opens, closes in self.spans(moment, moment + RESOLUTION))

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        """Return the moment itself while open, else the next opening, in the calendar's zone.

        Raises NeverOpenError where none comes within three years.
        """
        moment = _utc(moment)
        for opens, _closes in self.spans(moment):
            return max(opens, moment).astimezone(self.zone)
        raise NeverOpenError(_("There are no opening hours within three years."))

    def spans(self, start: dt.datetime, end: dt.datetime | None = None) -> Iterator[Span]:
        """Yield the opening hours that end after `start` and begin before `end`, whole, in UTC and in order.

        Without an end: until three years have passed without any.
        """
        start, end = _utc(start), end and _utc(end)
        day, idle = start.astimezone(self.zone).date() - DAY, 0
        last = end and end.astimezone(self.zone).date()
        while idle < FARTHEST and (last is None or day <= last):
            found = self.spans_of(day)
            idle = 0 if found else idle + (last is None)
            for opens, closes in found:
                if closes > start and (end is None or opens < end):
                    yield opens, closes
            day += DAY

    def spans_of(self, day: dt.date) -> tuple[Span, ...]:
        """Return the opening hours of a local day in UTC, those that the clocks jump over left out."""
        if not self.is_working_day(day):
            return ()
        return tuple(span for span in _spans(self.zone, self.hours[day.weekday()], day) if span[0] < span[1])

    def open_time(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return how long it is open between two moments, exactly; negative where the end comes first."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.open_time(end, start)
        return sum(
            (min(closes, end) - max(opens, start) for opens, closes in self.spans(start, end)), NOTHING
        )

    def business_hours(self, start: dt.datetime, end: dt.datetime) -> Decimal:
        """Return `open_time` in hours."""
        return Decimal(self.open_time(start, end) // RESOLUTION) / 3_600_000_000

    def add_open_time(self, moment: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the first moment at which it has been open that long since `moment`, in the calendar's zone.

        No length leaves the moment where it is, open or not. Raises ValueError for a negative length, NeverOpenError
        where the opening hours run out.
        """
        if length < NOTHING:
            raise ValueError("Only time forward can be added.")
        moment = _utc(moment)
        if not length:
            return moment.astimezone(self.zone)
        for opens, closes in self.spans(moment):
            begins = max(opens, moment)
            if length <= closes - begins:
                return (begins + length).astimezone(self.zone)
            length -= closes - begins
        raise NeverOpenError(_("There are no opening hours within three years."))

    def add_business_hours(self, moment: dt.datetime, hours: Decimal | int) -> dt.datetime:
        """Return `add_open_time` for a number of hours, to the microsecond."""
        return self.add_open_time(moment, dt.timedelta(microseconds=int(Decimal(hours) * 3_600_000_000)))

    def add_working_days(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th working day after a day (before it, for a negative n).

        0: the day itself if it is one, else the next. Raises NeverOpenError where none comes within three years.
        """
        step = DAY if n >= 0 else -DAY
        left, idle = abs(n), 0
        if n == 0:
            day, left = day - DAY, 1
        while left:
            day += step
            idle = 0 if self.is_working_day(day) else idle + 1
            left -= idle == 0
            if idle >= FARTHEST:
                raise NeverOpenError(_("There are no opening hours within three years."))
        return day


def office_week(start: dt.time, end: dt.time, days: int = MONDAY_TO_FRIDAY) -> tuple[Hours, ...]:
    """Return the same hours on the first `days` days of the week, none on the others."""
    return tuple(((start, end),) if n < days else () for n in range(7))


def _ordered(hours: Hours) -> Hours:
    """Return the hours of a day in order. Raises ValueError where they overlap or end before they start."""
    ordered = tuple(sorted((start, end) for start, end in hours))
    for n, (start, end) in enumerate(ordered):
        if end != dt.time.min and end <= start:
            raise ValueError(
                _("Hours end after they start: %(from)s–%(to)s.")
                % {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
            )
        if n and (ordered[n - 1][1] == dt.time.min or start < ordered[n - 1][1]):
            raise ValueError(
                _("Hours of one day must not overlap: %(from)s is before %(to)s.")
                % {"from": f"{start:%H:%M}", "to": f"{ordered[n - 1][1]:%H:%M}"}
            )
    return ordered


@lru_cache(maxsize=20_000)
def _spans(zone: ZoneInfo, hours: Hours, day: dt.date) -> tuple[Span, ...]:
    """Return the hours of a day in UTC."""
    return tuple(
        (_moment(zone, day, start), _moment(zone, day + DAY if end == dt.time.min else day, end))
        for start, end in hours
    )


def _moment(zone: ZoneInfo, day: dt.date, clock: dt.time) -> dt.datetime:
    """Return the first moment in UTC at which clocks show this, or jump over it."""
    local = dt.datetime.combine(day, clock, tzinfo=zone)
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    before, after = local.replace(fold=1).astimezone(dt.UTC), moment
    offset = before.astimezone(zone).utcoffset()
    while after - before > dt.timedelta(seconds=1):  # the clocks jump on a whole second between the two
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _utc(moment: dt.datetime) -> dt.datetime:
    """Return the moment in UTC, where differences are elapsed time. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(dt.UTC)
