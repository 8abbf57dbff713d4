"""Write ready-made usage rows: by COPY on PostgreSQL, by a prepared INSERT on SQLite."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from metrics.models import UsageEvent

COLUMNS = ("customer_id", "day", "occurred_at", "event", "person", "count", "message_id", "batch_id")
DAY: Final = 1
MESSAGE: Final = 6  # where the key stands
UsageRow = tuple[int, dt.date, dt.datetime, str, str, int, str, int | None]

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_TABLE = UsageEvent._meta.db_table


def insert_usage(rows: Sequence[UsageRow]) -> int:
    """Insert rows whose `message_id` is new, inside the caller's transaction; return how many that were."""
    if not rows:
        return 0
    if connection.vendor == "postgresql":
        return _copy(rows)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(
            f"INSERT INTO {_TABLE} ({_NAMES}) VALUES ({marks}) ON CONFLICT (message_id) DO NOTHING",
            [(row[0], row[1].isoformat(), sqlite_moment(row[2]), *row[3:]) for row in rows],
        )
        return int(cursor.rowcount)


def sqlite_moment(moment: dt.datetime) -> str:
    """Write a moment as Django stores it in SQLite: UTC, without a zone."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")


def _copy(rows: Sequence[UsageRow]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS usage_copy ON COMMIT DELETE ROWS AS"
            f" SELECT {_NAMES} FROM {_TABLE} WITH NO DATA"
        )
        cursor.execute("TRUNCATE usage_copy")
        copying: Any = cursor
        with copying.copy(f"COPY usage_copy ({_NAMES}) FROM STDIN") as copy:
            copy.write(copy_text(rows))
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_NAMES}) SELECT {_NAMES} FROM usage_copy"
            " ON CONFLICT (message_id) DO NOTHING"
        )
        return int(cursor.rowcount)


NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_text(rows: Sequence[UsageRow]) -> str:
    """Write rows in COPY's text form."""
    lines = []
    for customer, day, moment, event, person, count, message, batch in rows:
        text = f"{event}\t{person}"
        if "\\" in text or "\n" in text or "\r" in text or text.count("\t") > 1:
            text = f"{event.translate(_ESCAPES)}\t{person.translate(_ESCAPES)}"
        lines.append(
            f"{customer}\t{day}\t{moment}\t{text}\t{count}\t"
            f"{message.translate(_ESCAPES)}\t{NULL if batch is None else batch}\n"
        )
    return "".join(lines)
