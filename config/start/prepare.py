"""Bring the database and the static files to this version; quick when they already are."""

import hashlib
import socket
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def port_is_free(port: int) -> bool:
    """Tell whether this machine lets us listen on a port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def migrate() -> int:
    """Apply the migrations that are missing; return how many."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        call_command("migrate", verbosity=0, interactive=False)
    return len(missing)


def collect_static(*, stamp: Path | None = None) -> bool:
    """Collect and compress static files unless nothing changed since the last time; tell whether it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = stamp or root / ".stamp"
    wanted = _static_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted)
    return True


def _static_fingerprint() -> str:
    """Hash name, size and time of our static files, and which versions of libraries bring theirs."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file():
                facts = file.stat()
                digest.update(f"{file.relative_to(folder)}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
