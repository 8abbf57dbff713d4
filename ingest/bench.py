"""`bench import`: how fast a usage file comes in, beside a bare COPY of the same ready-made rows."""

import random
import resource
import tempfile
import time as clock
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection, transaction

from core import benchmarks
from customers.models import Customer
from ingest.apply.usage_store import copy_text
from ingest.services.run import Options, import_file
from metrics.models import UsageEvent

FLOOR = 1 / 3  # of the rate of a bare COPY
CUSTOMERS = 5_000
EVENTS = ("login", "report_opened", "export_done", "invoice_sent", "bank_connected", "month_closed")
COPIED = '"customer_id", "day", "occurred_at", "event", "person", "count", "message_id", "batch_id"'


def arguments(parser: CommandParser) -> None:
    """Options of `bench import`."""
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keyed", action="store_true", help="rows have their own message_id")


def bench_import(options: dict[str, Any]) -> dict[str, Any]:
    """Import a generated usage file, then COPY the very rows it made into an identical empty table.

    Leaves nothing behind; refuses a database that has usage or customers.
    """
    rows = int(options["rows"])
    if UsageEvent.objects.exists() or Customer.objects.exists():
        raise SystemExit("This benchmark needs an empty database.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.csv"
        _write_file(path, rows, int(options["seed"]), keyed=bool(options["keyed"]))
        Customer.objects.bulk_create(
            [Customer(external_id=f"b{n}", name=f"Bench {n}") for n in range(CUSTOMERS)], batch_size=1000
        )
        try:
            before = _peak_mb()
            start = clock.perf_counter()
            with import_file(kind_name="usage", path=path, options=Options()) as outcome:
                counts = dict(outcome.run.counts)
            imported = clock.perf_counter() - start
            figures: dict[str, Any] = {
                "rows": rows,
                "keyed": bool(options["keyed"]),
                "counts": counts,
                "import_seconds": round(imported, 2),
                "import_rows_per_second": round(rows / imported),
                "peak_memory_mb": _peak_mb(),
                "peak_memory_before_mb": before,
            }
            if connection.vendor == "postgresql":
                copied = bare_copy()
                figures |= {
                    "copy_seconds": round(copied, 2),
                    "copy_rows_per_second": round(rows / copied),
                    "share_of_copy_rate": round(copied / imported, 3),
                    "floor": {"share_of_copy_rate": round(FLOOR, 3)},
                    "ok": copied / imported >= FLOOR,
                }
            return figures
        finally:
            _clear()


def _write_file(path: Path, rows: int, seed: int, *, keyed: bool) -> None:
    chance = random.Random(seed)  # noqa: S311  (rows of a benchmark)
    with path.open("w", encoding="utf-8") as file:
        file.write("customer_external_id,occurred_at,event,user,count,message_id\n")
        for n in range(rows):
            customer = chance.randrange(CUSTOMERS)
            moment = (
                f"2026-{chance.randrange(1, 11):02d}-{chance.randrange(1, 29):02d}"
                f"T{chance.randrange(24):02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}-03:00"
            )
            key = f"{chance.getrandbits(96):024x}" if keyed else ""
            file.write(
                f"b{customer},{moment},{chance.choice(EVENTS)},person{chance.randrange(20)}@b{customer}.test,"
                f"{1 + n % 3},{key}\n"
            )


def bare_copy() -> float:
    """COPY the rows that were imported, made ready beforehand, into an identical empty table; return the seconds."""
    table = UsageEvent._meta.db_table
    fields = UsageEvent.objects.order_by("pk").values_list(
        "customer_id", "day", "occurred_at", "event", "person", "count", "message_id", "batch_id"
    )
    ready = [copy_text(part) for part in _parts(fields.iterator(chunk_size=20_000), 20_000)]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_copy (LIKE {table} INCLUDING ALL)")
        cursor.execute(
            f"ALTER TABLE bench_copy ADD FOREIGN KEY (customer_id) REFERENCES {Customer._meta.db_table}"
            " DEFERRABLE INITIALLY DEFERRED"
        )
        start = clock.perf_counter()
        copying: Any = cursor
        with transaction.atomic(), copying.copy(f"COPY bench_copy ({COPIED}) FROM STDIN") as copy:
            for text in ready:
                copy.write(text)
        seconds = clock.perf_counter() - start
        cursor.execute("DROP TABLE bench_copy")
    return seconds


def _parts(rows: Any, size: int) -> Any:
    part = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {UsageEvent._meta.db_table}")
    Customer.objects.filter(external_id__startswith="b").delete()


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("import", bench_import, arguments)
