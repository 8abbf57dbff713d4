"""Days, times and months as files write them. Pure; the rest is as in `cells.py`."""

import datetime as dt
import re

from ingest.parsers.cells import BadCell, Form

FIRST_YEAR, LAST_YEAR = 1970, 2199
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def day(cell: str, form: Form) -> dt.date:
    """A calendar day; a time of 00:00 behind it, as spreadsheets write it, is dropped."""
    head, tail = _split(cell, form)
    if tail and not _MIDNIGHT.fullmatch(tail):
        raise BadCell("bad_date", value=cell, form=form.date_example)
    return _day(head, cell, form)


def moment(cell: str, form: Form) -> dt.datetime:
    """A time in ISO 8601, in the workspace's zone where it names none; given back in UTC."""
    found = _moment(cell, form)
    if found is None:
        raise BadCell("time_missing", value=cell)
    return found


def moment_or_day(cell: str, form: Form) -> dt.datetime:
    """A time, or a date, which counts as the first moment of that day in the workspace's zone."""
    found = _moment(cell, form)
    if found is not None:
        return found
    start = dt.datetime.combine(_day(cell, cell, form), dt.time.min, tzinfo=form.zone)
    return start.astimezone(dt.UTC)


def month(cell: str, form: Form) -> dt.date:
    """A month that has begun, as its first day."""
    match = _MONTH.fullmatch(cell)
    if not match or not 1 <= int(match[2]) <= 12:
        raise BadCell("bad_month", value=cell)
    if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise BadCell("date_out_of_range", value=cell)
    first = dt.date(int(match[1]), int(match[2]), 1)
    if first > form.today:
        raise BadCell("future_month", value=cell)
    return first


def _split(cell: str, form: Form) -> tuple[str, str]:
    """Cut a cell into its date and what follows it."""
    pattern = _ISO if form.dates == "iso" or cell[4:5] == "-" else _SLASHED
    match = pattern.match(cell)
    if not match:
        raise BadCell("bad_date", value=cell, form=form.date_example)
    return cell[: match.end()], cell[match.end() :]


def _day(head: str, cell: str, form: Form) -> dt.date:
    match = _ISO.fullmatch(head)
    if match:
        year, month_, day_ = int(match[1]), int(match[2]), int(match[3])
    else:
        slashed = _SLASHED.fullmatch(head) if form.dates != "iso" else None
        if not slashed:
            raise BadCell("bad_date", value=cell, form=form.date_example)
        first, second, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        day_, month_ = (first, second) if form.dates == "dmy" else (second, first)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell("date_out_of_range", value=cell)
    try:
        return dt.date(year, month_, day_)
    except ValueError:
        raise BadCell("no_such_date", value=cell) from None


def _moment(cell: str, form: Form) -> dt.datetime | None:
    """Read a time; None where the cell is only a date."""
    try:
        head, tail = _split(cell, form)
    except BadCell:
        raise BadCell("bad_time", value=cell) from None
    found = _day(head, cell, form)
    if not tail:
        return None
    try:
        parsed = dt.datetime.fromisoformat(f"{found.isoformat()}T{tail[1:].strip()}")
    except ValueError:
        raise BadCell("bad_time", value=cell) from None
    if tail[0] not in "T t":
        raise BadCell("bad_time", value=cell)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=form.zone)
    try:
        return parsed.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        raise BadCell("bad_time", value=cell) from None
