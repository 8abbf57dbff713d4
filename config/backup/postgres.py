"""PostgreSQL's part: pg_dump of an exported snapshot, pg_restore in one transaction."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from config.backup.facts import BackupError, Manifest, applied_migrations, row_counts


def snapshot(connection: BaseDatabaseWrapper, target: Path, *, made_at: str) -> Manifest:
    """Dump the database as of one moment to `target` and count what that moment holds."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        name = cursor.fetchone()[0]
        manifest = Manifest("postgresql", made_at, row_counts(connection), applied_migrations(connection))
        options = ("--format=custom", f"--snapshot={name}", "--no-owner", "--no-privileges")
        run_tool(connection, "pg_dump", *options, f"--file={target}")
    return manifest


def load(connection: BaseDatabaseWrapper, source: Path, manifest: Manifest) -> None:
    """Put a dump in the place of the (empty) tables; all or nothing but for the empty tables themselves."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error")
    run_tool(
        connection, "pg_restore", *options, "--single-transaction", "--dbname", _name(connection), str(source)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _name(connection: BaseDatabaseWrapper) -> str:
    return str(connection.settings_dict["NAME"])


def run_tool(connection: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client tools against the database; BackupError with its last words."""
    found = shutil.which(program)
    if not found:
        raise BackupError(
            _(
                "%(program)s is missing: install PostgreSQL's client tools (Debian: postgresql-client) "
                "of the server's version or newer."
            )
            % {"program": program}
        )
    values = connection.settings_dict
    environment = {
        "PGHOST": values.get("HOST"),
        "PGPORT": values.get("PORT"),
        "PGUSER": values.get("USER"),
        "PGPASSWORD": values.get("PASSWORD"),
        "PGDATABASE": _name(connection),
        "PGSSLMODE": values.get("OPTIONS", {}).get("sslmode"),
    }
    done = subprocess.run(  # noqa: S603 - a tool by its full path, our own arguments
        [found, *arguments],
        env={**os.environ, **{key: str(value) for key, value in environment.items() if value}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(
            _("%(program)s failed: %(why)s") % {"program": program, "why": done.stderr.strip()[-600:]}
        )
