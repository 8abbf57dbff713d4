"""The few words of SQL in which SQLite and PostgreSQL differ, and the one way to run INSERT … SELECT.

The night is SQL over all customers of a scope. Statements are put together from our own fragments only;
every value is a parameter by name.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from core import time

MONTH_AGO = dt.timedelta(days=29)
_OF_SQLITE = {"year": "%%Y", "month": "%%m", "day": "%%d"}  # doubled, because parameters are written with it
LOCK_SPACE = 20_011  # keeps our advisory locks apart from any other program's


def on_postgres() -> bool:
    """Tell whether the database is PostgreSQL."""
    return connection.vendor == "postgresql"


def execute(sql: str, params: Mapping[str, Any] | None = None) -> int:
    """Run one statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params or {}))
        return int(cursor.rowcount)


def rows(sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Run one query and return its rows by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params or {}))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def tuples(sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run one query and return its rows as they come, for many rows of few kinds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params or {}))
        return list(cursor.fetchall())


def plus_days(expression: str, days: int) -> str:
    """Return a date expression so many days later."""
    if on_postgres():
        return f"({expression} + {int(days)})"
    return f"date({expression}, '{int(days):+d} days')"


def part_of(part: str, day: str) -> str:
    """Return the whole number of a date expression's `part`: year, month or day."""
    if on_postgres():
        return f"CAST(EXTRACT({part.upper()} FROM {day}) AS BIGINT)"
    return f"CAST(strftime('{_OF_SQLITE[part]}', {day}) AS INTEGER)"


def local_date(expression: str) -> str:
    """Return the workspace's calendar day of a timestamp expression."""
    sql, params = connection.ops.datetime_cast_date_sql(expression, (), settings.TIME_ZONE)
    for param in params:  # the zone's name, from the settings
        sql = sql.replace("%s", f"'{param}'", 1)
    return sql


def days_between(first: str, last: str) -> str:
    """Return how many days lie from one date expression to another."""
    if on_postgres():
        return f"({last} - {first})"
    return f"CAST(JULIANDAY({last}) - JULIANDAY({first}) AS INTEGER)"


def seconds(expression: str) -> str:
    """Return the whole seconds of a timestamp expression since 1970, to subtract one from another."""
    if on_postgres():
        return f"CAST(FLOOR(EXTRACT(EPOCH FROM {expression})) AS BIGINT)"
    return f"CAST(STRFTIME('%%s', {expression}) AS INTEGER)"


def named(queryset: QuerySet[Any, Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """Return a queryset's SQL with parameters by name, each beginning with `prefix`."""
    text, values = queryset.query.sql_with_params()
    params = {f"{prefix}{n}": value for n, value in enumerate(values)}
    return text % tuple(f"%({name})s" for name in params), params


def by_bytes(text: str) -> str:
    """Return a text expression that is compared by its bytes, not by a language's rules: three times as fast."""
    return f'{text} COLLATE "C"' if on_postgres() else text


def contains(text: str, part: str) -> str:
    """Return the condition that one text expression contains another, sign by sign."""
    return f"STRPOS({text}, {part}) > 0" if on_postgres() else f"INSTR({text}, {part}) > 0"


def moment(value: dt.datetime) -> Any:
    """Return a moment as the parameter with which timestamp columns are compared."""
    return connection.ops.adapt_datetimefield_value(value)


def date(day: dt.date) -> Any:
    """Return a day as the parameter with which date columns are compared."""
    return connection.ops.adapt_datefield_value(day)


def as_day(value: dt.date | str) -> dt.date:
    """Return a day that was read: SQLite gives text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def calendar(days: Sequence[dt.date]) -> tuple[str, dict[str, Any]]:
    """Return the CTEs `calendar` of consecutive days and `month` of these and the 29 before, with parameters.

    Columns: `day`; `ends_at`, the first moment after it; `month_ago`, the first of the 30 days that end with it.
    """
    lines: list[str] = []
    params: dict[str, Any] = {}
    for i, day in enumerate(days):
        lines.append(f"(%(day{i})s, %(ends{i})s, %(ago{i})s)")
        params[f"day{i}"] = date(day)
        params[f"ends{i}"] = moment(time.day_start(day + dt.timedelta(days=1)))
        params[f"ago{i}"] = date(day - MONTH_AGO)
    before = [date(day) for day in time.days(days[0] - MONTH_AGO, days[0])]
    params |= {f"before{i}": day for i, day in enumerate(before)}
    month = ", ".join(
        [*(f"(%(before{i})s)" for i in range(len(before))), *(f"(%(day{i})s)" for i in range(len(days)))]
    )
    params |= {
        "first": date(days[0]),
        "last": date(days[-1]),
        "first_end": params["ends0"],
        "last_end": params[f"ends{len(days) - 1}"],
    }
    calendar = f"calendar(day, ends_at, month_ago) AS (VALUES {', '.join(lines)})"
    return f"{calendar}, month(day) AS (VALUES {month})", params


def upsert(
    *,
    table: str,
    key: Sequence[str],
    columns: Sequence[str],
    stamp: str,
    ctes: Sequence[str],
    select: str,
    params: Mapping[str, Any],
) -> int:
    """INSERT … SELECT … ON CONFLICT DO UPDATE; rows that would not change are left alone.

    `select` yields `key`, then `columns`, then `stamp` (the time of computing, not compared); returns how many rows
    were made or changed.
    """
    names = ", ".join([*key, *columns, stamp])
    news = ", ".join(f"{name} = excluded.{name}" for name in [*columns, stamp])
    is_not = "IS DISTINCT FROM" if on_postgres() else "IS NOT"
    differs = " OR ".join(f"{table}.{name} {is_not} excluded.{name}" for name in columns)
    return execute(
        f"INSERT INTO {table} ({names}) WITH {', '.join(ctes)} {select} "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {news} WHERE {differs}",
        params,
    )


@contextmanager
def writing(cell: int) -> Iterator[None]:
    """A transaction in which nobody else writes the daily rows of this cell.

    The lock comes before the first read, so whoever writes last has seen the newest facts. SQLite, where a
    transaction begins IMMEDIATE, has one writer anyway. PostgreSQL's just-in-time compiler is kept out: it takes longer
    over these statements than they do.
    """
    with transaction.atomic():
        if on_postgres():
            execute("SET LOCAL jit = off")
            execute("SELECT pg_advisory_xact_lock(%(space)s, %(cell)s)", {"space": LOCK_SPACE, "cell": cell})
        yield
