"""Benchmarks that apps register by name; `manage.py bench NAME` runs one and prints its figures as JSON."""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import CommandParser
from django.db import connection

Arguments = Callable[[CommandParser], None]
Bench = Callable[[dict[str, Any]], dict[str, Any]]

_benches: dict[str, tuple[Bench, Arguments]] = {}


def register(name: str, bench: Bench, arguments: Arguments = lambda parser: None) -> None:
    """Make a benchmark known, from an app's `ready()`.

    `bench` takes the parsed options and returns its figures: plain values, with its floors under `floor` and
    whether they were met under `ok`. `arguments` adds its own options to the parser.
    """
    _benches[name] = (bench, arguments)


def known() -> dict[str, tuple[Bench, Arguments]]:
    """Return every benchmark by name."""
    return dict(sorted(_benches.items()))


@contextmanager
def scratch_database() -> Iterator[None]:
    """Work in an empty database of our own beside the configured one, and take it away again."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if connection.vendor == "sqlite":
        test["NAME"] = str(Path(settings.VAR_DIR) / "bench.sqlite3")
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = test.get("NAME") or f"bench_{usual}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        cache.clear()
        connection.creation.destroy_test_db(usual, verbosity=0)


def machine() -> dict[str, Any]:
    """Describe the machine and the database a benchmark ran on, without naming the host."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "python": platform.python_version(),
        "database": f"{connection.vendor} {_database_version()}",
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _database_version() -> str:
    connection.ensure_connection()
    return ".".join(str(part) for part in connection.get_database_version())
