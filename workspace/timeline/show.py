"""The timeline as the page and the API show it: rows told in words, grouped by day."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from babel.dates import format_date, get_date_format
from django.utils.translation import gettext as _

from core import formats
from workspace.timeline import reader, registry
from workspace.timeline.cursor import Cursor
from workspace.timeline.source import Entry, Row, Words

YEAR = re.compile(r"[\s,]*('de')?\s*y+$")  # at the end of a full date: ", 2026" or " de 2026"


@dataclass(frozen=True)
class Happening:
    """A row and its words. `at` is None for a fact that knows only its day."""

    row: Row
    entry: Entry
    group: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Day:
    """A day's heading and what happened on it; `continued` when the page before already showed the heading."""

    day: dt.date
    heading: str
    happenings: list[Happening]
    continued: bool


@dataclass(frozen=True)
class Chip:
    """A filter with how many entries it has."""

    key: str
    label: Words
    count: int
    pressed: bool


def tell(rows: Iterable[Row]) -> list[Happening]:
    """Put rows into words, in the reader's language."""
    told = []
    for row in rows:
        source = registry.source(row.kind)
        told.append(Happening(row, source.tell(row), source.group, row.at if source.timed else None))
    return told


def heading(day: dt.date, today: dt.date) -> str:
    """Name a day: today, yesterday, Friday 20 November; with its year where it is another one."""
    if day == today:
        return _("Today")
    if day == today - dt.timedelta(days=1):
        return _("Yesterday")
    locale = formats.reader_locale()
    whole = get_date_format("full", "en_GB" if str(locale) == "en" else locale).pattern
    text = format_date(day, whole if day.year != today.year else YEAR.sub("", whole), locale)
    return text[:1].upper() + text[1:]


def by_day(rows: Iterable[Row], *, today: dt.date, shown: dt.date | None = None) -> list[Day]:
    """Group rows by their day; `shown` is the day whose heading the page before ended with."""
    return [
        Day(day, heading(day, today), list(told), continued=day == shown)
        for day, told in groupby(tell(rows), key=lambda happening: happening.row.day)
    ]


def context(
    *, customer_id: int, until: dt.date, today: dt.date, group: str = "", before: str = ""
) -> dict[str, Any]:
    """Return what the timeline's template needs: filters with counts, the days of one page, the next cursor.

    An unknown filter shows everything; an unreadable cursor shows the newest page.
    """
    known = {g.key for g in registry.groups()}
    group = group if group in known else ""
    cursor = Cursor.parse(before) if before else None
    page = reader.read(customer_id, until=until, group=group, before=cursor)
    found = reader.counts(customer_id, until=until)
    chips = [Chip("", _("Everything"), found[""], pressed=not group)]
    chips += [
        Chip(g.key, g.label, found[g.key], pressed=g.key == group)
        for g in registry.groups()
        if found[g.key] or g.key == group
    ]
    return {
        "chips": chips,
        "days": by_day(page.rows, today=today, shown=cursor.day if cursor else None),
        "older": str(page.older) if page.older else "",
        "group": group,
        "is_older_page": cursor is not None,
    }
