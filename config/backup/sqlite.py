"""The embedded database's part: SQLite's own online backup, which never stops a writer."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.backup.facts import BackupError, Manifest, applied_migrations, differences, row_counts


def snapshot(connection: BaseDatabaseWrapper, target: Path, *, made_at: str) -> Manifest:
    """Copy the database as of one moment to `target` and count what the copy holds.

    In one step, so that the copy is of one transaction; in WAL, writers go on meanwhile.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
    opened = _open(connection, target)
    try:
        _require_sound(opened)
        return Manifest("sqlite", made_at, row_counts(opened), applied_migrations(opened))
    finally:
        opened.close()


def load(connection: BaseDatabaseWrapper, source: Path, manifest: Manifest) -> None:
    """Write a copy over the (empty) database; the copy is checked before, so that nothing half-good gets in."""
    opened = _open(connection, source)
    try:
        _require_sound(opened)
        if wrong := differences(manifest.tables, row_counts(opened)):
            raise BackupError(
                _("The copy in the archive is not what its list says: %(which)s.")
                % {"which": "; ".join(wrong)}
            )
    finally:
        opened.close()
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        copy.backup(connection.connection)
    _require_sound(connection)


def _open(connection: BaseDatabaseWrapper, file: Path) -> BaseDatabaseWrapper:
    """Open another file with the settings (and SQL functions) of the installation's database."""
    handler = ConnectionHandler({"default": {**connection.settings_dict, "NAME": str(file)}})
    return handler["default"]


def _require_sound(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        verdict = cursor.execute("PRAGMA integrity_check").fetchall()
        orphans = cursor.execute("PRAGMA foreign_key_check").fetchall()
    if verdict != [("ok",)]:
        raise BackupError(_("The copy is damaged: %(why)s.") % {"why": verdict[0][0]})
    if orphans:
        said = ngettext(
            "The copy has %(n)s row that points to a row that is not there.",
            "The copy has %(n)s rows that point to rows that are not there.",
            len(orphans),
        )
        raise BackupError(said % {"n": len(orphans)})
