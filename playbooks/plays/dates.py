"""When a step is due. Pure."""

import datetime as dt
from collections.abc import Callable

WORKDAY = "workday"
LONGEST = 1000  # days without a working day after which none is looked for any more


def due_day(started_on: dt.date, after: int, unit: str, is_workday: Callable[[dt.date], bool]) -> dt.date:
    """Return the day a step is due: so many days, or working days, after the start; 0 is the start itself."""
    if unit != WORKDAY:
        return started_on + dt.timedelta(days=after)
    day, left, idle = started_on, after, 0
    while left and idle < LONGEST:
        day += dt.timedelta(days=1)
        works = is_workday(day)
        left -= works
        idle = 0 if works else idle + 1
    return day
