"""Business hours in SQL: how long the team worked between two moments, over any number of rows at once.

The open time since the first day is a sum that grows with the clock, so what lies between two moments is the difference
of two sums. A CTE holds it per UTC day: what was worked before the day, and the openings of the day as seconds in it. A
moment finds its day by a whole division, which databases join by hashing: no row is compared with every opening.
"""

import datetime as dt

from core.working import WorkingCalendar
from metrics import sql

DAY = 86_400
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Opening = tuple[int, int]


def worktime(calendar: WorkingCalendar, first: dt.datetime, end: dt.datetime) -> tuple[str, int]:
    """Return the CTE `worktime` of the UTC days from `first` to `end`, both included, and its openings a day."""
    begins, stops = _day_of(first), _day_of(end) + 1
    openings: dict[int, list[Opening]] = {day: [] for day in range(begins, stops)}
    for opens, closes in calendar.spans(_moment(begins), _moment(stops)):
        for day, opening in _by_day(_second(opens), _second(closes)):
            if day in openings:
                openings[day].append(opening)
    slots = max((len(some) for some in openings.values()), default=0)
    lines, worked = [], 0
    for day, some in openings.items():
        cells = [number for opening in [*some, *[(0, 0)] * (slots - len(some))] for number in opening]
        lines.append(f"({', '.join(str(number) for number in (day, worked, *cells))})")
        worked += sum(closes - opens for opens, closes in some)
    names = "".join(f", opens{n}, closes{n}" for n in range(slots))
    return f"worktime(utc_day, worked{names}) AS (VALUES {', '.join(lines)})", slots


def join(alias: str, moment: str) -> str:
    """Return the join of `worktime` for a timestamp expression."""
    return f"LEFT JOIN worktime {alias} ON {alias}.utc_day = {sql.seconds(moment)} / {DAY}"


def worked(alias: str, moment: str, slots: int) -> str:
    """Return the seconds worked up to a timestamp expression that is joined as `alias`."""
    second = f"({sql.seconds(moment)} - {alias}.utc_day * {DAY})"
    parts = [
        f"CASE WHEN {second} <= {alias}.opens{n} THEN 0 WHEN {second} >= {alias}.closes{n} "
        f"THEN {alias}.closes{n} - {alias}.opens{n} ELSE {second} - {alias}.opens{n} END"
        for n in range(slots)
    ]
    return f"({' + '.join([f'{alias}.worked', *parts])})"


def _by_day(opens: int, closes: int) -> list[tuple[int, Opening]]:
    """Cut an opening where a UTC day begins."""
    parts = []
    while opens < closes:
        day = opens // DAY
        until = min(closes, (day + 1) * DAY)
        parts.append((day, (opens - day * DAY, until - day * DAY)))
        opens = until
    return parts


def _second(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(seconds=1)


def _day_of(moment: dt.datetime) -> int:
    return _second(moment) // DAY


def _moment(day: int) -> dt.datetime:
    return EPOCH + dt.timedelta(days=day)
