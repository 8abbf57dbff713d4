"""Each night's full export into a folder, for a data warehouse: every kind of the import files, and the daily rows.

`EXPORT_DIR/2026-01-31/customers.csv …` and `manifest.json`, which says what there is and stands there last: a folder
appears whole or not at all. With pyarrow installed (`pip install pyarrow`) each is also written as Parquet.
"""

import csv
import datetime as dt
import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from core import time
from core.csv import safe_cell
from ingest.exports import export_columns, export_rows
from ingest.parsers.catalogue import KINDS
from metrics.models import CustomerDay
from metrics.nights import last_finished_day

KIND = "warehouse"
KEPT = 7  # so many nights' folders stay
DAILY = "customer_days"


def due() -> bool:
    """Tell whether the last finished night is not exported yet; never where no folder is set."""
    day = last_finished_day() if settings.EXPORT_DIR else None
    return day is not None and not (_folder() / day.isoformat()).exists()


def work() -> int:
    """Export the last finished night; return how many folders that were."""
    day = last_finished_day()
    if day is None or not due():
        return 0
    write(_folder(), day)
    for old in sorted(one for one in _folder().iterdir() if _is_day(one.name))[:-KEPT]:
        shutil.rmtree(old)
    return 1


def write(folder: Path, day: dt.date) -> Path:
    """Write all there is into a folder of this day; return it. What an interrupted run left is written anew."""
    half = folder / f".{day.isoformat()}.half"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    rows: dict[str, int] = {}
    for kind in sorted(KINDS):
        rows[kind] = _write_csv(half / f"{kind}.csv", export_columns(kind), export_rows(kind))
    rows[DAILY] = _write_csv(half / f"{DAILY}.csv", _daily_columns(), _daily_rows(day))
    parquet = importlib.util.find_spec("pyarrow") is not None
    if parquet:
        for path in sorted(half.glob("*.csv")):
            _write_parquet(path)
    manifest = {
        "day": day.isoformat(),
        "written_at": time.now().isoformat(),
        "parquet": parquet,
        "rows": rows,
    }
    (half / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return half.rename(folder / day.isoformat())


def _write_csv(path: Path, header: list[str], rows: Iterator[list[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_parquet(path: Path) -> None:
    """Write a CSV as Parquet beside it, a block at a time; every column is text, as it stands there."""
    import pyarrow
    from pyarrow import csv as reading
    from pyarrow import parquet

    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    options = reading.ConvertOptions(column_types=schema, strings_can_be_null=False)
    form = reading.ParseOptions(newlines_in_values=True)
    with parquet.ParquetWriter(path.with_suffix(".parquet"), schema) as writer:
        for block in reading.open_csv(path, parse_options=form, convert_options=options):
            writer.write_batch(block)


def _daily_columns() -> list[str]:
    return [field.attname for field in CustomerDay._meta.concrete_fields if not field.primary_key]


def _daily_rows(day: dt.date) -> Iterator[list[str]]:
    """Give the rows of the night, as the figures are made of them; amounts are integer cents."""
    found = CustomerDay.objects.filter(day=day).order_by("customer_id").values_list(*_daily_columns())
    for row in found.iterator(chunk_size=2000):
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return safe_cell(value.isoformat() if isinstance(value, dt.date) else str(value))


def _folder() -> Path:
    return Path(settings.EXPORT_DIR)


def _is_day(name: str) -> bool:
    try:
        return dt.date.fromisoformat(name) is not None
    except ValueError:
        return False
