"""kill -9 in the middle of an import, then the same file again: the same database as without the kill."""

import itertools
import random
import signal
import subprocess
import sys
import time as clock
from pathlib import Path

import pytest
from django.conf import settings

from tests.ingest.databases import Databases, databases

ROOT = Path(settings.BASE_DIR)
KINDS = ("customers", "contacts", "subscriptions", "usage", "history")
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
IMPORT = """
import io, django; django.setup()
from django.core.management import call_command
from ingest.services import run
run.CHUNK, run.READ, run.USAGE_CHUNK = 20, 20, {"sqlite": 20, "postgresql": 20}
for kind, path in %(files)r:
    print("begin", kind, flush=True)
    try:
        call_command("import", kind, path, stdout=io.StringIO(), stderr=io.StringIO())
    except SystemExit as stop:
        assert stop.code == 1, stop.code
"""
DUMP = """
import json
from django.apps import apps
from django.db import connection
names = {}
for m in apps.get_models(include_auto_created=True):
    if m._meta.app_label in {"customers", "metrics", "playbooks", "surveys", "accounts", "core"}:
        names[m._meta.db_table] = m
keys = {}
from customers.models import Customer
ids = dict(Customer.objects.values_list("pk", "external_id"))
out = {}
for table, m in sorted(names.items()):
    if table in %(tables)r: continue
    rows = []
    for row in m._default_manager.all():
        if getattr(row, "object_type", "") == "ingest.batch": continue
        if getattr(getattr(row, "entry", None), "object_type", "") == "ingest.batch": continue
        values = {}
        for f in m._meta.concrete_fields:
            if f.attname in %(fields)r: continue
            v = getattr(row, f.attname)
            if f.attname in {"customer_id", "parent_id", "referred_by_id"} and v is not None: v = ids.get(v, "?")
            if f.attname in {"object_id", "row_id", "entry_id", "tag_id"}: continue
            if f.attname in {"before", "after"} and getattr(row, "field", "") in {"parent", "referred_by"}:
                v = ids.get(v and int(v), v)  # PostgreSQL does not give a number twice that a kill took back
            values[f.attname] = str(v)
        rows.append(json.dumps(values, sort_keys=True))
    out[table] = sorted(rows)
print(json.dumps(out))
"""


@pytest.fixture
def places(tmp_path, django_db_setup, django_db_blocker):
    """Installations beside the test database."""
    with django_db_blocker.unblock(), databases(tmp_path) as some:
        yield some


def _run(environment: dict[str, str], *args: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *args], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _line(process: "subprocess.Popen[bytes]") -> str:
    """Wait for the next line that a process says; it must not end before."""
    assert process.stdout is not None and process.stderr is not None
    line: str = process.stdout.readline().decode().strip()
    assert line, process.stderr.read().decode()
    return line


def _done(process: "subprocess.Popen[bytes]") -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode in (0, 1) and b"Traceback" not in err, err.decode()
    return out.decode()


def _files(folder: Path, rows: int) -> dict[str, Path]:
    chance = random.Random(7)
    parts: dict[str, list[str]] = {
        "customers": ["external_id,name,segment,started_on,tags,parent_external_id"],
        "subscriptions": ["external_id,customer_external_id,product,mrr,starts_on,ends_on"],
        "contacts": ["customer_external_id,email,name"],
        "usage": ["customer_external_id,occurred_at,event,user"],
        "history": ["customer_external_id,field,from,value"],
    }
    for n in range(rows):
        end = "2025-02-01" if n % 2 == 0 and n % 100 else ""  # one in a hundred overlaps and is rejected
        parent = f"c{n + 1}" if n % 50 == 0 else ""
        parts["customers"].append(
            f"c{n},Name {n},{chance.choice(['', 'mid'])},2025-01-0{n % 9 + 1},t{n % 3},{parent}"
        )
        parts["subscriptions"].append(f"s{n // 2},c{n // 2},Core,{n},2025-0{n % 2 + 1}-01,{end}")
        parts["contacts"].append(f"c{n},p{n}@c{n}.test,Person {n}")
        parts["usage"].append(f"c{n % 99},2025-03-0{n % 9 + 1},login,p{n % 4}")
        parts["history"].append(f"c{n // 2},segment,2024-0{n % 2 + 1}-01,{chance.choice(['mid', 'volume'])}")
    paths = {}
    for kind, lines in parts.items():
        paths[kind] = folder / f"{kind}.csv"
        paths[kind].write_text("\n".join(lines) + "\n")
    return paths


def _import_all(
    environment: dict[str, str], files: dict[str, Path], *, dump: bool
) -> "subprocess.Popen[bytes]":
    """Import all files in one process that says which kind it begins, and at the end what the database holds."""
    script = IMPORT % {"files": [(kind, str(files[kind])) for kind in KINDS]}
    return _run(
        environment, "-c", script + (DUMP % {"tables": LEFT_OUT_TABLES, "fields": LEFT_OUT} if dump else "")
    )


def _whole(environment: dict[str, str], files: dict[str, Path]) -> tuple[str, dict[str, float]]:
    """Import without a kill; return the database and how long each kind took."""
    process = _import_all(environment, files, dump=True)
    marks: list[float] = []
    for _kind in KINDS:
        assert _line(process).startswith("begin ")
        marks.append(clock.monotonic())
    took = dict(zip(KINDS, [b - a for a, b in itertools.pairwise(marks)] + [0.2], strict=True))
    return _done(process), took


def _killed(environment: dict[str, str], files: dict[str, Path], kind: str, wait: float) -> bool:
    """Kill an import of all files some time after it began with one kind; tell whether that was in time."""
    process = _import_all(environment, files, dump=False)
    while _line(process) != f"begin {kind}":
        pass
    clock.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _same_after(rounds: int, places: Databases, *, rows: int, seed: int) -> None:
    """Kill each kind once a round, into a fresh database, and finish; compare with the one never killed."""
    files = _files(places.folder, rows)
    migrated = places.create("migrated")
    _done(_run(places.environment(migrated), "manage.py", "migrate", "-v0"))
    whole, took = _whole(places.environment(places.copy(migrated, "whole")), files)
    chance = random.Random(seed)
    for n in range(rounds):
        target = places.environment(places.copy(migrated, f"killed{n}"))
        waits = {kind: chance.uniform(0, took[kind]) for kind in KINDS}
        for kind in KINDS:
            while not _killed(target, files, kind, waits[kind]):  # it was quicker than the one never killed
                waits[kind] /= 2
        left = _done(_import_all(target, files, dump=True))
        assert left.splitlines()[-1] == whole.splitlines()[-1], waits
        after = ", ".join(f"{kind} after {wait:.3f} s" for kind, wait in waits.items())
        print(f"{len(KINDS)} files of {rows} rows, killed at {after}: the same database")


def test_an_import_killed_anywhere_and_run_again_gives_the_same_database(places):
    _same_after(1, places, rows=200, seed=11)  # each of the five kinds is killed once


@pytest.mark.long
def test_an_import_killed_at_thirty_points_gives_the_same_database(places):
    _same_after(6, places, rows=400, seed=29)  # five kills each
