"""When a task that repeats is due again. Pure: it imports no model."""

import calendar
import datetime as dt
from collections.abc import Callable

Workday = Callable[[dt.date], bool]

DAY = dt.timedelta(days=1)
WEEKEND = 5  # from Saturday on


def next_due(
    due_on: dt.date,
    repeats: str,
    every: int,
    *,
    today: dt.date,
    anchor_day: int | None = None,
    is_workday: Workday,
) -> dt.date:
    """Return the first day of the rhythm after `due_on` that is not over on `today`.

    `repeats` is day, workday, week or month; `anchor_day` is the day of the month the rhythm keeps through shorter
    months (a task of the 31st is due on 28 February and on 31 March). Raises ValueError for another rhythm.
    """
    due = _step(due_on, repeats, every, anchor_day or due_on.day, is_workday)
    while due < today:
        due = _step(due, repeats, every, anchor_day or due_on.day, is_workday)
    return due


def weekday(day: dt.date) -> bool:
    """Tell whether a day is one from Monday to Friday: the working days where no calendar is set."""
    return day.weekday() < WEEKEND


def _step(due: dt.date, repeats: str, every: int, anchor: int, is_workday: Workday) -> dt.date:
    if repeats == "day":
        return due + every * DAY
    if repeats == "week":
        return due + 7 * every * DAY
    if repeats == "month":
        return _months_later(due, every, anchor)
    if repeats != "workday":
        raise ValueError(f"There is no rhythm called {repeats!r}.")
    left = every
    while left:
        due += DAY
        left -= is_workday(due)
    return due


def _months_later(due: dt.date, months: int, anchor: int) -> dt.date:
    index = due.year * 12 + due.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(anchor, calendar.monthrange(year, month)[1]))
