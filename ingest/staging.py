"""The whole file at a glance, on disk: what must be known before the first row is written.

A temporary SQLite file beside the process, so that memory stays constant whatever the file's length:
which rows have the same key, the number of each among equal rows, what refers to a later row, and
every rejected row until it is reported. It is thrown away at the end, and means nothing after a kill.
"""

import datetime as dt
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

from ingest.readers.rows import Row
from ingest.reasons import Rejected

_TABLES = """
CREATE TABLE staged (key TEXT PRIMARY KEY, line INTEGER NOT NULL, row TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE equals (hash INTEGER PRIMARY KEY, seen INTEGER NOT NULL);
CREATE TABLE rejected (
  line INTEGER NOT NULL, place TEXT NOT NULL, code TEXT NOT NULL, params TEXT NOT NULL, row TEXT NOT NULL
);
"""


@dataclass(slots=True)
class Staged:
    """A row that was read: its line, its key as text, its typed values by column, and how it stood in the file."""

    line: int
    key: str
    values: dict[str, Any]
    row: list[str] | dict[str, str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rejected row: line, column ("" for the whole row), code and parameters, and the row as it stood."""

    line: int
    column: str
    code: str
    params: dict[str, Any]
    row: list[str] | dict[str, str]


class Staging:
    """One import's view of its whole file."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zelo-import-")
        self._db = sqlite3.connect(Path(self._folder.name) / "staging.sqlite3", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;" + _TABLES
        )
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._db.close()
        self._folder.cleanup()

    # --- rows ------------------------------------------------------------------------------------
    def add(self, rows: Sequence[Staged]) -> list[tuple[int, int]]:
        """Take rows in; one whose key is already there is laid over the earlier one.

        Returns (earlier line, later line) of every row that was laid over with other content.
        """
        known = self._known([row.key for row in rows])
        doubles = []
        for row in rows:
            before = known.get(row.key)
            if before is not None:
                if any(before.values.get(name) != value for name, value in row.values.items()):
                    doubles.append((before.line, row.line))
                row.values = {**before.values, **row.values}
            known[row.key] = row
        self._db.executemany(
            "INSERT INTO staged VALUES (?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET line = excluded.line, row = excluded.row, data = excluded.data",
            [
                (row.key, row.line, json.dumps(row.row), dumps(row.values))
                for row in {row.key: row for row in rows}.values()
            ],
        )
        return doubles

    def _known(self, keys: list[str]) -> dict[str, Staged]:
        marks = ", ".join("?" * len(keys))
        found = self._db.execute(
            f"SELECT line, key, data, row FROM staged WHERE key IN ({marks})",
            keys,
        )
        return {row.key: row for row in map(_staged, found)}

    def index_lines(self) -> None:
        """Prepare reading in the order of the file; called once, after the last row was taken in."""
        self._db.execute("CREATE INDEX IF NOT EXISTS staged_line ON staged (line)")

    def chunks(self, size: int, *, after: int = 0) -> Iterator[list[Staged]]:
        """Give the rows in the order of the file, `size` at a time, from the line behind `after` on."""
        while True:
            found = self._db.execute(
                "SELECT line, key, data, row FROM staged WHERE line > ? ORDER BY line LIMIT ?", (after, size)
            )
            chunk = [_staged(one) for one in found]
            if not chunk:
                return
            yield chunk
            after = chunk[-1].line

    def by_key(self, size: int) -> Iterator[list[Staged]]:
        """Give the rows by key, about `size` at a time; rows whose keys begin alike (first part) stay together."""
        group: list[Staged] = []
        last = ""
        for one in self._db.execute("SELECT line, key, data, row FROM staged ORDER BY key"):
            row = _staged(one)
            first = json.loads(row.key)[0]
            if len(group) >= size and first != last:
                yield group
                group = []
            group.append(row)
            last = first
        if group:
            yield group

    def has(self, keys: Sequence[str]) -> set[str]:
        """Tell which of these keys the file has."""
        marks = ", ".join("?" * len(keys))
        found = self._db.execute(f"SELECT key FROM staged WHERE key IN ({marks})", list(keys))
        return {key for (key,) in found}

    def count(self) -> int:
        """Tell how many rows were taken in."""
        (number,) = self._db.execute("SELECT count(*) FROM staged").fetchone()
        return int(number)

    def drop(self, keys: Sequence[str]) -> None:
        """Take rows out again that were rejected after all."""
        self._db.executemany("DELETE FROM staged WHERE key = ?", [(key,) for key in keys])

    # --- equal rows ------------------------------------------------------------------------------
    def numbers(self, contents: Sequence[bytes]) -> list[tuple[str, int]]:
        """Return each content's hash and its number among equal ones of the file, counted from 0."""
        digests = [blake2b(content, digest_size=16).digest() for content in contents]
        shorts = [int.from_bytes(digest[:8], "big", signed=True) for digest in digests]
        seen: dict[int, int] = {}
        for start in range(0, len(shorts), 500):
            part = shorts[start : start + 500]
            marks = ", ".join("?" * len(part))
            seen.update(self._db.execute(f"SELECT hash, seen FROM equals WHERE hash IN ({marks})", part))
        numbered = []
        for digest, short in zip(digests, shorts, strict=True):
            number = seen.get(short, 0)
            seen[short] = number + 1
            numbered.append((digest.hex(), number))
        self._db.executemany(
            "INSERT INTO equals VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET seen = excluded.seen",
            [(short, seen[short]) for short in sorted(set(shorts))],
        )
        return numbered

    # --- rejected rows ---------------------------------------------------------------------------
    def reject(self, row: Row | Staged, why: Rejected) -> None:
        """Keep a rejected row until it is reported."""
        plain = row.row if isinstance(row, Staged) else row.plain()
        self._db.execute(
            "INSERT INTO rejected VALUES (?, ?, ?, ?, ?)",
            (row.line, why.column, why.code, json.dumps(why.params), json.dumps(plain)),
        )

    def refusals(self) -> Iterator[Refusal]:
        """Give the rejected rows in the order of the file."""
        for line, place, code, params, row in self._db.execute(
            "SELECT line, place, code, params, row FROM rejected ORDER BY line, rowid"
        ):
            yield Refusal(line, place, code, json.loads(params), json.loads(row))

    def rejected(self) -> int:
        """Tell how many rows were rejected so far."""
        (number,) = self._db.execute("SELECT count(*) FROM rejected").fetchone()
        return int(number)


def row_key(parts: Sequence[Any]) -> str:
    """Write a key of several values as one text; its first part begins it."""
    return json.dumps([str(part) for part in parts], ensure_ascii=False)


_TO_TEXT: dict[type, Callable[[Any], dict[str, str]]] = {
    dt.datetime: lambda value: {"$m": value.isoformat()},
    dt.date: lambda value: {"$d": value.isoformat()},
    Decimal: lambda value: {"$n": str(value)},
}


def _write(value: Any) -> dict[str, str]:
    return _TO_TEXT[type(value)](value)


def _read(found: dict[str, Any]) -> Any:
    if "$d" in found:
        return dt.date.fromisoformat(found["$d"])
    if "$m" in found:
        return dt.datetime.fromisoformat(found["$m"])
    if "$n" in found:
        return Decimal(found["$n"])
    return found


def dumps(values: dict[str, Any]) -> str:
    """Write typed values as text."""
    return json.dumps(values, default=_write, ensure_ascii=False)


def loads(text: str) -> Any:
    """Read what `dumps` wrote."""
    return json.loads(text, object_hook=_read)


def _staged(found: tuple[int, str, str, str]) -> Staged:
    line, key, data, row = found
    return Staged(line, key, loads(data), json.loads(row))
