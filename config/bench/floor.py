"""The floor of a night: what the database needs at the least to write its rows and to read what they come from."""

import datetime as dt
import time as clock
from typing import Any

from django.db import connection, transaction

from metrics import sql
from metrics.night_tables import INPUTS, RESULTS, WINDOW_DAYS, NightTable

COPY = "bench_copy"


def measure(day: dt.date) -> dict[str, Any]:
    """Copy the night's finished rows into identically indexed tables, and scan its input once; return the seconds.

    On one connection. What is copied is thrown away.
    """
    params = {"day": sql.date(day), "window": sql.date(day - dt.timedelta(days=WINDOW_DAYS))}
    copying, rows = 0.0, 0
    for table in RESULTS:
        _make_copy(table.name)
        began = clock.perf_counter()
        with transaction.atomic():
            rows += sql.execute(f"INSERT INTO {COPY} SELECT * FROM {table.name} WHERE {table.rows}", params)
        copying += clock.perf_counter() - began
        sql.execute(f"DROP TABLE {COPY}")
    began = clock.perf_counter()
    for table in INPUTS:
        _scan(table, params)
    scanning = clock.perf_counter() - began
    return {
        "copy_seconds": round(copying, 2),
        "scan_seconds": round(scanning, 2),
        "seconds": round(copying + scanning, 2),
        "rows": rows,
    }


def written(day: dt.date) -> dict[str, int]:
    """Return how many rows of each table belong to the night of a day."""
    found = {}
    for table in RESULTS:
        told = f"SELECT COUNT(*) AS n FROM {table.name} WHERE {table.rows}"
        used = {"day": sql.date(day)} if "%(day)s" in table.rows else {}
        found[table.name] = int(sql.rows(told, used)[0]["n"])
    return found


def _scan(table: NightTable, params: dict[str, Any]) -> None:
    sums = "".join(f", SUM({name}) AS sum_{name}" for name in table.sums)
    used = {name: value for name, value in params.items() if f"%({name})s" in table.rows}
    sql.rows(f"SELECT COUNT(*) AS rows{sums} FROM {table.name} WHERE {table.rows}", used)


def _make_copy(table: str) -> None:
    """Make an empty table with the same columns, checks and indexes."""
    sql.execute(f"DROP TABLE IF EXISTS {COPY}")
    if sql.on_postgres():
        sql.execute(f"CREATE TABLE {COPY} (LIKE {table} INCLUDING ALL)")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        (made,) = cursor.fetchone()
        cursor.execute(made.replace(f'"{table}"', COPY, 1).replace("%", "%%"))
        cursor.execute(
            "SELECT sql, name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
            [table],
        )
        for made, name in cursor.fetchall():
            copied = made.replace(f'"{name}"', f'"{COPY}_{name}"', 1).replace(f'"{table}"', COPY, 1)
            cursor.execute(copied.replace("%", "%%"))
