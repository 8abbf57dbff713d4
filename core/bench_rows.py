"""Rows for benchmarks, made by the database: any number of them in a few statements, the same ones every time.

Everything derives from a row's number `i`; `%` in expressions is written `%%`, because statements have parameters.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import GeneratedField


def numbers(name: str, column: str, count: int) -> str:
    """Return a CTE with a column of the numbers from 0 to `count` − 1 (write WITH RECURSIVE before it)."""
    if connection.vendor == "postgresql":
        return f"{name}({column}) AS (SELECT GENERATE_SERIES(0, {int(count) - 1}))"
    return f"{name}({column}) AS (SELECT 0 UNION ALL SELECT {column} + 1 FROM {name} WHERE {column} < {int(count) - 1})"


def insert(
    model: type[models.Model], given: Mapping[str, str], source: str, params: Mapping[str, Any] | None = None
) -> int:
    """Insert into `model` what `source` selects, a query with `{select}` for its SELECT clause; return how many rows.

    `given` maps columns to expressions; columns left out get their field's default.
    """
    plain = model()
    columns, values, all_params = list(given), list(given.values()), dict(params or {})
    for field in model._meta.concrete_fields:
        if field.column in given or field.primary_key or isinstance(field, GeneratedField):
            continue
        if field.has_default() or not field.null:
            columns.append(str(field.column))
            values.append(f"%(default_{field.column})s")
            all_params[f"default_{field.column}"] = field.get_db_prep_save(
                field.pre_save(plain, add=True), connection
            )
    chosen = source.format(select=f"SELECT {', '.join(values)}")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) {chosen}", all_params)
        return int(cursor.rowcount)


def of(words: Sequence[str], number: str) -> str:
    """Return the expression of one of the words, by a whole number."""
    whens = " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(words))
    return f"CASE ({number}) %% {len(words)} {whens} END"


def days_before(day: dt.date, number: str) -> str:
    """Return the expression of the day so many days before `day` (after it, below zero)."""
    if connection.vendor == "postgresql":
        return f"(DATE '{day.isoformat()}' - CAST({number} AS INTEGER))"
    return f"date('{day.isoformat()}', (-({number})) || ' days')"


def noon(day: str) -> str:
    """Return the expression of noon (UTC) of a day expression."""
    if connection.vendor == "postgresql":
        return f"(({day} + TIME '12:00') AT TIME ZONE 'UTC')"
    return f"({day} || ' 12:00:00')"


def text(expression: str) -> str:
    """Return the expression as text."""
    return f"CAST({expression} AS TEXT)"


def next_key(model: type[models.Model]) -> None:
    """Let PostgreSQL's sequence go on after keys that were written by hand."""
    if connection.vendor == "postgresql":
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT SETVAL(PG_GET_SERIAL_SEQUENCE('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
            )
