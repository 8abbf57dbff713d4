"""The one read of the timeline: a UNION over the sources, newest first, paged by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    parts = [_columns(s, _dated(s, customer_id, until, before)) for s in registry.sources(group)]
    if not parts:
        return Page([], None)
    first, *others = parts
    union = first.union(*others, all=True) if others else first
    ordered = union.order_by("-tl_day", "-tl_at", "tl_kind", "-tl_ref")[: limit + 1]
    rows = [_row(values) for values in ordered]
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, Cursor.of(rows[-1]) if more else None)


class CountOf(Subquery):
    """How many rows a query has, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) tl_counted)"
    output_field = IntegerField()


def counts(customer_id: int, *, until: dt.date) -> dict[str, int]:
    """Return how many entries each filter has up to a day, and "" for all of them; one query."""
    sources = registry.sources()
    found = {
        f"n_{s.key}": CountOf(_dated(s, customer_id, until, None).order_by().values("pk")) for s in sources
    }
    row: Any = Customer.objects.filter(pk=customer_id).order_by().values(**found).first() or {}
    by_group = {group.key: 0 for group in registry.groups()}
    for s in sources:
        by_group[s.group] += row.get(f"n_{s.key}", 0)
    return {"": sum(by_group.values()), **by_group}


def _known_by(source: Source, until: dt.date) -> Q:
    if source.timed:
        return Q(**{f"{source.moment}__lt": time.day_start(until + dt.timedelta(days=1))})
    return Q(**{f"{source.moment}__lte": until})


def _dated(source: Source, customer_id: int, until: dt.date, before: Cursor | None) -> QuerySet[Any]:
    facts = source.facts(customer_id).filter(_known_by(source, until))
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
