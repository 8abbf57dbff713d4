"""kill -9 in the middle of an import, then the same file again: the same database as without the kill."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time as clock
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
KINDS = ("customers", "contacts", "subscriptions", "usage", "history")
ROWS = 3_000
# what a run makes anew each time: ids, times of recording, the record of the runs themselves
LEFT_OUT_TABLES = {
    "ingest_batch",
    "ingest_rowchange",
    "ingest_rejection",
    "django_session",
    "core_event",
    "metrics_stalespan",
}
LEFT_OUT = {"id", "recorded_at", "created_at", "updated_at", "at", "superseded_at", "batch_id", "due_at"}
DUMP = """
import json, django; django.setup()
from django.apps import apps
from django.db import connection
names = {}
for m in apps.get_models(include_auto_created=True):
    if m._meta.app_label in {"customers", "metrics", "surveys", "accounts", "core"}: names[m._meta.db_table] = m
keys = {}
from customers.models import Customer
ids = dict(Customer.objects.values_list("pk", "external_id"))
out = {}
for table, m in sorted(names.items()):
    if table in %(tables)r: continue
    rows = []
    for row in m._default_manager.all():
        values = {}
        for f in m._meta.concrete_fields:
            if f.attname in %(fields)r: continue
            v = getattr(row, f.attname)
            if f.attname in {"customer_id", "parent_id", "referred_by_id"} and v is not None: v = ids.get(v, "?")
            if f.attname in {"object_id", "row_id", "entry_id", "tag_id"}: continue
            values[f.attname] = str(v)
        rows.append(json.dumps(values, sort_keys=True))
    out[table] = sorted(rows)
print(json.dumps(out))
"""


def _run(var: Path, *args: str) -> "subprocess.Popen[bytes]":
    env = {
        **os.environ,
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LANGUAGE_CODE": "en",
    }
    env.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, *args], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _done(process: "subprocess.Popen[bytes]") -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    return out.decode()


def _files(folder: Path) -> dict[str, Path]:
    chance = random.Random(7)
    parts: dict[str, list[str]] = {
        "customers": ["external_id,name,segment,started_on,tags,parent_external_id"],
        "subscriptions": ["external_id,customer_external_id,product,mrr,starts_on,ends_on"],
        "contacts": ["customer_external_id,email,name"],
        "usage": ["customer_external_id,occurred_at,event,user"],
        "history": ["customer_external_id,field,from,value"],
    }
    for n in range(ROWS):
        parent = f"c{n + 1}" if n % 50 == 0 else ""
        parts["customers"].append(
            f"c{n},Name {n},{chance.choice(['', 'mid'])},2025-01-0{n % 9 + 1},t{n % 3},{parent}"
        )
        parts["subscriptions"].append(f"s{n // 2},c{n // 2},Core,{n},2025-0{n % 2 + 1}-01,")
        parts["contacts"].append(f"c{n},p{n}@c{n}.test,Person {n}")
        parts["usage"].append(f"c{n % 99},2025-03-0{n % 9 + 1},login,p{n % 4}")
        parts["history"].append(f"c{n // 2},segment,2024-0{n % 2 + 1}-01,{chance.choice(['mid', 'volume'])}")
    paths = {}
    for kind, lines in parts.items():
        paths[kind] = folder / f"{kind}.csv"
        paths[kind].write_text("\n".join(lines) + "\n")
    return paths


def _database(folder: Path, files: dict[str, Path], kill_at: float | None, total: dict[str, float]) -> str:
    """Import all files into a new database, killing each kind's import at a share of its usual time."""
    shutil.copytree(folder.parent / "migrated", folder)
    killed = 0
    for kind in KINDS:
        start = clock.monotonic()
        process = _run(folder, "manage.py", "import", kind, str(files[kind]))
        if kill_at is not None:
            clock.sleep(total[kind] * kill_at)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += process.returncode == -signal.SIGKILL
            process = _run(folder, "manage.py", "import", kind, str(files[kind]))
        _done(process)
        if kill_at is None:
            total[kind] = clock.monotonic() - start
    assert kill_at is None or killed
    script = DUMP % {"tables": LEFT_OUT_TABLES, "fields": LEFT_OUT}
    return _done(_run(folder, "-c", script))


def _same_after(kills: int, folder: Path, seed: int) -> None:
    files = _files(folder)
    (folder / "migrated").mkdir()
    _done(_run(folder / "migrated", "manage.py", "migrate", "-v0"))
    total: dict[str, float] = {}
    whole = _database(folder / "whole", files, None, total)
    chance = random.Random(seed)
    for n in range(kills):
        share = chance.uniform(0.4, 0.95)
        assert _database(folder / f"killed{n}", files, share, total) == whole, share


def test_an_import_killed_anywhere_and_run_again_gives_the_same_database(tmp_path):
    _same_after(1, tmp_path, seed=11)  # each of the five kinds is killed once


@pytest.mark.long
def test_an_import_killed_at_thirty_points_gives_the_same_database(tmp_path):
    _same_after(6, tmp_path, seed=29)  # five kills each
