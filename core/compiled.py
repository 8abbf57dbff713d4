"""Reads whose SQL is written once and kept, as writing it costs more than running it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Value = str | int | dt.date | dt.datetime


class Compiled:
    """A queryset of `values_list` whose SQL is kept, to be run again with other values.

    `build` gets the blanks by name and returns the queryset; each blank is a value that stands nowhere else in it, of
    the type that is asked with.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, tuple[Any, ...]]], **blanks: Value) -> None:
        self._build = build
        self._blanks = blanks
        self._kept: dict[str, tuple[SQLCompiler, str, tuple[Any, ...], dict[int, Any]]] = {}

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """Return the rows for these values, one for each blank, converted as the queryset would."""
        if values.keys() != self._blanks.keys():
            raise ValueError(f"Wanted {sorted(self._blanks)}, got {sorted(values)}.")
        compiler, sql, params, converters = self._kept.get(connection.vendor) or self._compile()
        instead = {_as_param(blank): _as_param(values[name]) for name, blank in self._blanks.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [instead.get(param, param) for param in params])
            found = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    def _compile(self) -> tuple[SQLCompiler, str, tuple[Any, ...], dict[int, Any]]:
        compiler = self._build(**self._blanks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column[0] for column in compiler.select]
        kept = (compiler, sql, tuple(params), compiler.get_converters(columns))
        self._kept[connection.vendor] = kept
        return kept


def _as_param(value: Value) -> Any:
    """Return what the database's driver is given for a value: days and times are text on SQLite."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value
