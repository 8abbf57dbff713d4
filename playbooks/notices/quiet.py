"""When somebody may be written to: quiet hours and the hour of the digest, by local clocks. Imports no model."""

import datetime as dt
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)


def is_quiet(clock: dt.time, begins: dt.time | None, ends: dt.time | None) -> bool:
    """Tell whether a time of day lies in the quiet hours `begins … ends`; they may go over midnight.

    Without both, or with both the same, there are none.
    """
    if begins is None or ends is None or begins == ends:
        return False
    if begins < ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends


def next_loud(
    moment: dt.datetime, begins: dt.time | None, ends: dt.time | None, zone: ZoneInfo
) -> dt.datetime:
    """Return the moment itself outside the quiet hours, else their end."""
    local = moment.astimezone(zone)
    if ends is None or not is_quiet(local.time(), begins, ends):
        return moment
    end = dt.datetime.combine(local.date(), ends, zone)
    return end if end > local else dt.datetime.combine(local.date() + DAY, ends, zone)


def next_at(moment: dt.datetime, clock: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the next moment at which clocks show this time, now included."""
    local = moment.astimezone(zone)
    today = dt.datetime.combine(local.date(), clock, zone)
    return today if today >= local else dt.datetime.combine(local.date() + DAY, clock, zone)
