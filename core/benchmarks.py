"""Benchmarks that apps register by name; `manage.py bench NAME` runs one and prints its figures as JSON."""

import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
