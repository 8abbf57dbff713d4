"""`bench nightly`: whole nights at several sizes and lengths of history, one worker and two, beside their floor."""

import datetime as dt
import json
import math
import subprocess
import sys
import time as clock
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connection

from config import pipeline
from config.bench import floor
from core import benchmarks
from metrics import nights, sql
from metrics.bench import data, facts
from metrics.models import Night, NightShard, UsageRolled
from metrics.night_tables import RESULTS

LONG_AT = 10_000  # customers at which the long history is measured too
MOST_FLOORS = 4.0
MOST_GROWTH = 1.05  # exponent from 10 000 to 100 000 customers
MOST_FOR_HISTORY = 1.1
MOST_MB = 300
MOST_FOR_TWO = 0.7


def arguments(parser: CommandParser) -> None:
    """Options of `bench nightly`."""
    parser.add_argument("--customers", default="1000,10000,100000", help="sizes, separated by commas")
    parser.add_argument("--days", type=int, default=40, help="days of history")
    parser.add_argument(
        "--long-days",
        type=int,
        default=400,
        help=f"days of the long history, at {LONG_AT} customers; 0: leave it out",
    )


def bench_nightly(options: dict[str, Any]) -> dict[str, Any]:
    """Build a company of each size in a scratch database, run its night, and compare it with the floor."""
    sizes = [int(size) for size in str(options["customers"]).split(",")]
    days, long_days = int(options["days"]), int(options["long_days"])
    found: dict[str, dict[str, Any]] = {}
    for size in sizes:
        found[f"{size}"] = _of_size(size, days)
    if long_days and LONG_AT in sizes:
        found[f"{LONG_AT}, {long_days} days"] = _of_size(LONG_AT, long_days)
    bounds = _bounds(found, max(sizes), long_days)
    return {"days": days, "sizes": found, "bounds": bounds, "ok": all(one["met"] for one in bounds)}


def _of_size(size: int, days: int) -> dict[str, Any]:
    night = nights.last_closed_day()
    with benchmarks.scratch_database():
        began = clock.perf_counter()
        data.customers(size, night)
        facts.money_and_care(size, night, days)
        facts.usage(size, night, days)
        _analyze()
        _run(night, workers=1)  # for the rows that the days before are copied from
        data.nights_before(night, days)
        pipeline.finish(pipeline.AFTER_NIGHTS)  # puts the months before on record, once
        built = clock.perf_counter() - began
        one = _again(night, workers=1)
        rows = floor.written(night)
        least = floor.measure(night)
        two = _again(night, workers=2) if sql.on_postgres() else None
        return {
            "build_seconds": round(built, 1),
            **one,
            "rows_written": rows,
            "floor": least,
            "times_floor": round(one["seconds"] / least["seconds"], 2),
            "two_workers": two,
            "gb": _sizes(),
        }


def _again(night: dt.date, *, workers: int) -> dict[str, Any]:
    """Take the night back, tidy up, and run it."""
    for table in RESULTS:
        sql.execute(f"DELETE FROM {table.name} WHERE {table.rows}", {"day": sql.date(night)})
    UsageRolled.objects.filter(day=night).delete()
    NightShard.objects.filter(night__day=night).delete()
    Night.objects.filter(day=night).delete()
    _analyze()
    return _run(night, workers=workers)


def _run(night: dt.date, *, workers: int) -> dict[str, Any]:
    """Run a night with so many processes; return seconds from opening it to the last one's end, steps and memory."""
    name = str(connection.settings_dict["NAME"])
    processes = [_start(name, night, opens=n == 0) for n in range(workers)]
    try:
        for process in processes:
            _read(process)
        began = clock.perf_counter()
        _go(processes[0])
        _read(processes[0])
        for process in processes[1:]:
            _go(process)
        told = [_read(process) for process in processes]
        seconds = clock.perf_counter() - began
    finally:
        for process in processes:
            process.kill()
            process.wait()
    steps: dict[str, float] = {}
    for one in told:
        for step, spent in one["steps"].items():
            steps[step] = round(steps.get(step, 0.0) + spent, 2)
    if Night.objects.get(day=night).state != "done":
        raise SystemExit(f"The night of {night} was not finished.")
    return {"seconds": round(seconds, 2), "steps": steps, "peak_mb": max(one["peak_mb"] for one in told)}


def _start(name: str, night: dt.date, *, opens: bool) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        "config.bench.worker",
        name,
        night.isoformat(),
        *(["open"] if opens else []),
    ]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    )


def _go(process: "subprocess.Popen[str]") -> None:
    stream: IO[str] | None = process.stdin
    assert stream is not None  # noqa: S101 - it is a pipe
    stream.write("go\n")
    stream.flush()


def _read(process: "subprocess.Popen[str]") -> dict[str, Any]:
    stream: IO[str] | None = process.stdout
    assert stream is not None  # noqa: S101 - it is a pipe
    line = stream.readline()
    if not line:
        raise SystemExit("A worker of the benchmark ended early; its error stands above.")
    told: dict[str, Any] = json.loads(line)
    return told


def _analyze() -> None:
    """Let the database tidy up and learn its tables' sizes, as it does by itself between nights."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if sql.on_postgres() else "ANALYZE")


def _sizes() -> dict[str, float]:
    """Return the size of each table of 10 MB and more with its indexes, in GB; of SQLite the file's."""
    if not sql.on_postgres():
        return {"database": round(Path(str(connection.settings_dict["NAME"])).stat().st_size / 1e9, 3)}
    found = sql.rows(
        "SELECT relname AS name, PG_TOTAL_RELATION_SIZE(oid) AS bytes FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC"
    )
    return {row["name"]: round(row["bytes"] / 1e9, 3) for row in found if row["bytes"] >= 10_000_000}


def _bounds(found: dict[str, dict[str, Any]], largest: int, long_days: int) -> list[dict[str, Any]]:
    """Return each bound that these sizes can tell of: what it is, what was measured, whether it is met."""
    told: list[tuple[str, float, float]] = []
    if sql.on_postgres() and largest >= LONG_AT:
        told.append((f"times the floor at {largest}", found[str(largest)]["times_floor"], MOST_FLOORS))
    if str(LONG_AT) in found and largest > LONG_AT:
        growth = found[str(largest)]["seconds"] / found[str(LONG_AT)]["seconds"]
        exponent = math.log(growth) / math.log(largest / LONG_AT)
        told.append((f"exponent from {LONG_AT} to {largest}", round(exponent, 3), MOST_GROWTH))
    if (key := f"{LONG_AT}, {long_days} days") in found:
        share = found[key]["seconds"] / found[str(LONG_AT)]["seconds"]
        told.append((f"{long_days} days of history, times the short one", round(share, 2), MOST_FOR_HISTORY))
    told.append(("peak memory of a worker in MB", max(one["peak_mb"] for one in found.values()), MOST_MB))
    if two := found[str(largest)]["two_workers"]:
        share = two["seconds"] / found[str(largest)]["seconds"]
        told.append((f"two workers, times one, at {largest}", round(share, 2), MOST_FOR_TWO))
    return [
        {"what": what, "measured": value, "most": most, "met": value <= most} for what, value, most in told
    ]


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("nightly", bench_nightly, arguments)
