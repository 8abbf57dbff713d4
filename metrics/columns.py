"""Writing many rows that were worked out here as columns of NumPy: no step in Python for a single value.

PostgreSQL takes each column as one array in its binary form, SQLite takes rows.
"""

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from metrics import sql
from metrics.health.packed import NONE

if TYPE_CHECKING:
    import numpy as np
    from psycopg.adapt import Dumper

    Column = np.ndarray[Any, Any]

OID_BIGINT, OID_BYTEA = 20, 17


@dataclass(frozen=True)
class Numbers:
    """Whole numbers; `NONE` is written as null."""

    values: "Column"

    def plain(self) -> list[Any]:
        """Return the values one by one."""
        return [None if value == NONE else value for value in self.values.tolist()]


@dataclass(frozen=True)
class Words:
    """Places in a list of words (of days): `kind` is their type in PostgreSQL."""

    places: "Column"
    words: Sequence[Any]
    kind: str = "text"

    def plain(self) -> list[Any]:
        """Return the values one by one."""
        return [self.words[place] for place in self.places.tolist()]


@dataclass(frozen=True)
class Blobs:
    """Bytes, of one length each."""

    rows: "Column"

    def plain(self) -> list[Any]:
        """Return the values one by one."""
        size, all_of_them = self.rows.dtype.itemsize, self.rows.tobytes()
        return [all_of_them[n * size : (n + 1) * size] for n in range(len(self.rows))]


Kind = Numbers | Words | Blobs


def upsert(
    *,
    table: str,
    key: Mapping[str, Kind],
    columns: Mapping[str, Kind],
    keeping: Mapping[str, Kind],
    stamp: str,
    at: dt.datetime,
) -> None:
    """Write rows given as columns; rows that would not change are left alone.

    What `keeping` names is written once and stays, as soon as it is not null. `stamp` is set to `at`, not compared.
    """
    given = {**key, **columns, **keeping}
    names = ", ".join([*given, stamp])
    news = [f"{name} = excluded.{name}" for name in [*columns, stamp]]
    news += [f"{name} = COALESCE({table}.{name}, excluded.{name})" for name in keeping]
    is_not = "IS DISTINCT FROM" if sql.on_postgres() else "IS NOT"
    differs = " OR ".join(
        [f"{table}.{name} {is_not} excluded.{name}" for name in columns]
        + [f"({table}.{name} IS NULL AND excluded.{name} IS NOT NULL)" for name in keeping]
    )
    conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(news)} WHERE {differs}"
    if sql.on_postgres():
        _of_arrays(f"INSERT INTO {table} ({names})", list(given.values()), at, conflict)
        return
    marks = ", ".join(["%s"] * len(given))
    rows = zip(*(column.plain() for column in given.values()), strict=True)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks}, '{sql.moment(at)}') {conflict}", list(rows)
        )


def _of_arrays(insert: str, columns: Sequence[Kind], at: dt.datetime, conflict: str) -> None:
    chosen, arrays, words, binary = [], [], [], []
    for n, column in enumerate(columns):
        kind = "bytea" if isinstance(column, Blobs) else "bigint"
        arrays.append(f"%b::{kind}[]")
        binary.append(_array(column))
        if isinstance(column, Words):
            chosen.append(f"(%s::{column.kind}[])[u.c{n} + 1]")
            words.append(list(column.words))
        else:
            chosen.append(f"u.c{n}" if isinstance(column, Blobs) else f"NULLIF(u.c{n}, {NONE})")
    statement = (
        f"{insert} SELECT {', '.join(chosen)}, %s FROM UNNEST({', '.join(arrays)})"
        f" u({', '.join(f'c{n}' for n in range(len(columns)))}) {conflict}"
    )
    with _binary_cursor() as cursor:
        cursor.execute(statement, [*words, at, *binary])


@dataclass(frozen=True)
class _Binary:
    data: bytes


def _binary_cursor() -> Any:
    """Return a cursor of Django's that sends parameters apart from the statement, and ours in binary form."""
    import psycopg

    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)
    cursor.adapters.register_dumper(_Binary, _dumper())
    return connection.make_cursor(cursor)


def _dumper() -> "type[Dumper]":
    from psycopg import pq
    from psycopg.adapt import Dumper

    class AsItIs(Dumper):
        format = pq.Format.BINARY
        oid = 0  # the statement says what it is

        def dump(self, obj: Any) -> bytes:
            """Return the bytes to send."""
            return bytes(obj.data)

    return AsItIs


def _array(column: Kind) -> _Binary:
    """Return a column as PostgreSQL's binary array: one dimension, from 1, no nulls; each value after its length."""
    import numpy as np

    if isinstance(column, Blobs):
        rows, oid = column.rows.view(f"V{column.rows.dtype.itemsize}"), OID_BYTEA
        kind = f"V{column.rows.dtype.itemsize}"
    else:
        rows, oid = column.values if isinstance(column, Numbers) else column.places, OID_BIGINT
        kind = ">i8"
    told = np.zeros(len(rows), dtype=[("length", ">i4"), ("value", kind)])
    told["length"], told["value"] = np.dtype(kind).itemsize, rows
    return _Binary(struct.pack("!iiIii", 1, 0, oid, len(rows), 1) + told.tobytes())
