"""The one read of the timeline: a UNION over the sources, newest first, paged by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypedDict

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, TruncDate

from core import time
from core.compiled import Compiled
from customers.models import Customer
from workspace.timeline import registry
from workspace.timeline.cursor import Cursor
from workspace.timeline.source import Row, Source

PAGE = 25
COLUMNS = tuple(f"tl_{name}" for name in Row._fields)
TEXTS = ("what", "who", "by", "text", "old", "lang")
NUMBERS = ("a", "b")


@dataclass(frozen=True)
class Page:
    """Some rows, newest first, and the cursor of the next page (None: these were the last)."""

    rows: list[Row]
    older: Cursor | None


def read(
    customer_id: int,
    *,
    until: dt.date,
    group: str = "",
    before: Cursor | None = None,
    limit: int = PAGE,
) -> Page:
    """Return one page of a customer's timeline: what happened up to the end of the day `until`.

    One query, whatever the number of rows; `group` keeps the sources of one filter.
    """
    if not registry.sources(group):
        return Page([], None)
    if before is None:
        newest = _newest(group, limit, str(time.workspace_zone()))
        found = newest.rows(customer_id=customer_id, **_bounds(until))
    else:
        found = list(_merged(group, limit, customer_id, **_bounds(until), before=before))
    rows = [_row(values) for values in found]
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, Cursor.of(rows[-1]) if more else None)


class Bounds(TypedDict):
    """The last day shown, and the moment at which it ends."""

    until: dt.date
    end: dt.datetime


def _bounds(until: dt.date) -> Bounds:
    return {"until": until, "end": time.day_start(until + dt.timedelta(days=1))}


BLANKS: dict[str, Any] = {
    "customer_id": -1,
    "until": dt.date(1901, 2, 3),
    "end": dt.datetime(1901, 2, 4, 5, 6, 7, tzinfo=dt.UTC),
}


@cache
def _newest(group: str, limit: int, zone: str) -> Compiled:
    """Return the read of a first page, whose SQL has the workspace's zone in it."""
    return Compiled(partial(_merged, group, limit), **BLANKS)


def _merged(
    group: str,
    limit: int,
    customer_id: int,
    until: dt.date,
    end: dt.datetime,
    before: Cursor | None = None,
) -> QuerySet[Any, Any]:
    parts = [_columns(s, _dated(s, customer_id, until, end, before)) for s in registry.sources(group)]
    first, *others = parts
    union = first.union(*others, all=True) if others else first
    return union.order_by("-tl_day", "-tl_at", "tl_kind", "-tl_ref")[: limit + 1]


class CountOf(Subquery):
    """How many rows a query has, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) tl_counted)"
    output_field = IntegerField()


def counts(customer_id: int, *, until: dt.date) -> dict[str, int]:
    """Return how many entries each filter has up to a day, and "" for all of them; one query."""
    rows = _counting().rows(customer_id=customer_id, **_bounds(until))
    by_group = {group.key: 0 for group in registry.groups()}
    for s, count in zip(registry.sources(), rows[0] if rows else (), strict=False):
        by_group[s.group] += count
    return {"": sum(by_group.values()), **by_group}


@cache
def _counting() -> Compiled:
    return Compiled(_counted, **BLANKS)


def _counted(customer_id: int, until: dt.date, end: dt.datetime) -> QuerySet[Any, Any]:
    found = {
        f"n_{s.key}": CountOf(_dated(s, customer_id, until, end, None).order_by().values("pk"))
        for s in registry.sources()
    }
    rows: QuerySet[Any, Any] = (
        Customer.objects.filter(pk=customer_id).order_by().annotate(**found).values_list(*found)
    )
    return rows


def _dated(
    source: Source, customer_id: int, until: dt.date, end: dt.datetime, before: Cursor | None
) -> QuerySet[Any]:
    known = {f"{source.moment}__lt": end} if source.timed else {f"{source.moment}__lte": until}
    facts = source.facts(customer_id).filter(**known)
    return facts if before is None else facts.filter(_older(source, before))


def _older(source: Source, cursor: Cursor) -> Q:
    """Say which rows of a source come after the cursor, in the order of the union."""
    bound: dt.datetime | dt.date
    if source.timed:
        bound = cursor.bound_for_times()
        tied = bound == cursor.at
    else:
        midnight = dt.datetime.combine(cursor.day, dt.time.min, tzinfo=dt.UTC)
        bound = cursor.day + dt.timedelta(days=1) if midnight < cursor.at else cursor.day
        tied = midnight == cursor.at
    older = Q(**{f"{source.moment}__lt": bound})
    if not tied:
        return older
    if cursor.takes_ties_of(source):
        return older | Q(**{source.moment: bound})
    if source.key == cursor.kind:
        return older | Q(**{source.moment: bound}, pk__lt=cursor.ref)
    return older


BLANK: dict[str, Any] = {
    **{name: Value("", output_field=TextField()) for name in TEXTS},
    **{name: Cast(Value(None), BigIntegerField()) for name in NUMBERS},
}


def _columns(source: Source, facts: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Give a source's rows the columns of `Row`, of the same types in every part of the UNION.

    Times are left as they are: SQLite's cast would cut their microseconds, by which pages are cut.
    """
    moment = F(source.moment)
    shown: dict[str, Any] = {
        "tl_kind": Value(source.key, output_field=TextField()),
        "tl_ref": F("pk"),
        "tl_day": TruncDate(moment, tzinfo=time.workspace_zone()) if source.timed else moment,
        "tl_at": moment if source.timed else Cast(moment, DateTimeField()),
    }
    for name, blank in BLANK.items():
        shown[f"tl_{name}"] = source.show.get(name, blank)
    rows: QuerySet[Any] = facts.order_by().annotate(**shown).values_list(*COLUMNS)
    return rows


def _row(values: Sequence[Any]) -> Row:
    """Make a row of a line of the UNION; a text that is NULL (nobody, nothing said) is empty."""
    texts_end = 4 + len(TEXTS)
    texts = [text or "" for text in values[4:texts_end]]
    return Row._make((*values[:4], *texts, *values[texts_end:]))
