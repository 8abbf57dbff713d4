"""When a contact may be written to: in the workspace's working hours, by the clocks where the contact is."""

from zoneinfo import ZoneInfo

from core import time
from core.working import WorkingCalendar
from customers.working import working


def mail_calendar() -> WorkingCalendar:
    """Return the workspace's hours and holidays, also where nobody set any: then those that are proposed."""
    return working().calendar()


def contact_calendar(zone_name: str, calendar: WorkingCalendar | None = None) -> WorkingCalendar:
    """Return the calendar in a contact's zone; pass `mail_calendar()` when asking for many contacts."""
    return (calendar or mail_calendar()).in_zone(zone_of(zone_name))


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by name, the workspace's for one that is empty or unknown."""
    try:
        return ZoneInfo(name) if name else time.workspace_zone()
    except (KeyError, ValueError, OSError):  # not found, malformed, a folder's name
        return time.workspace_zone()
