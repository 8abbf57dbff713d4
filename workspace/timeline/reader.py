"""The one read of the timeline: a UNION over the sources, newest first, paged by key."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

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
    rows = [Row(*values) for values in ordered]
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, Cursor.of(rows[-1]) if more else None)


def counts(customer_id: int, *, until: dt.date) -> dict[str, int]:
    """Return how many entries each filter has up to a day, and "" for all of them; one query."""
    found = {
        f"n_{s.key}": Coalesce(Subquery(_count(s, until), output_field=IntegerField()), 0)
        for s in registry.sources()
    }
    row: Any = Customer.objects.filter(pk=customer_id).values(**found).first() or {}
    by_group = {group.key: 0 for group in registry.groups()}
    for s in registry.sources():
        by_group[s.group] += row.get(f"n_{s.key}", 0)
    return {"": sum(by_group.values()), **by_group}


def _count(source: Source, until: dt.date) -> QuerySet[Any]:
    facts = source.facts(OuterRef("pk")).filter(_known_by(source, until))  # type: ignore[arg-type]
    one: QuerySet[Any] = (
        facts.order_by().annotate(tl_one=Value(1)).values("tl_one").annotate(n=Count("pk")).values("n")
    )
    return one


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


def _columns(source: Source, facts: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Give a source's rows the columns of `Row`; every one is cast, so that the parts of the UNION agree.

    Times are left as they are: SQLite's cast would cut their microseconds, by which pages are cut.
    """
    moment = F(source.moment)
    shown: dict[str, Any] = {
        "tl_kind": Cast(Value(source.key), TextField()),
        "tl_ref": Cast(F("pk"), BigIntegerField()),
        "tl_day": TruncDate(moment, tzinfo=time.workspace_zone()) if source.timed else moment,
        "tl_at": moment if source.timed else Cast(moment, DateTimeField()),
    }
    for name in TEXTS:
        text = Cast(source.show.get(name, Value("")), TextField())
        shown[f"tl_{name}"] = Coalesce(text, Value("", output_field=TextField()))
    for name in NUMBERS:
        shown[f"tl_{name}"] = Cast(source.show.get(name, Value(None)), BigIntegerField())
    rows: QuerySet[Any] = facts.order_by().annotate(**shown).values_list(*COLUMNS)
    return rows
