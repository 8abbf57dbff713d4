"""The archive: a zip of a list (`manifest.json`), the database's copy and the uploaded files."""

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from config.backup import postgres, sqlite
from config.backup.facts import BackupError, Manifest, differences, row_counts
from core import time
from customers.models import Customer

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files/"


def backup_write(file: Path) -> Manifest:
    """Write a copy of database and files to `file` and return what it holds.

    Consistent under load: the database is copied as of one moment, then the files, which are written
    before the rows that name them and never changed. An older `file` stays until the new one is
    complete. Raises BackupError.
    """
    part = file.with_name(file.name + ".part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)  # personal data
        with (
            os.fdopen(handle, "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive,
            _workplace() as folder,
        ):
            database = folder / DATABASE
            manifest = _engine(connection).snapshot(connection, database, made_at=time.now().isoformat())
            manifest = _add_files(archive, manifest)
            archive.write(database, DATABASE, compresslevel=1)
            archive.writestr(MANIFEST, json.dumps(manifest.as_dict(), indent=1))
        part.replace(file)
    except OSError as error:
        raise BackupError(
            _("%(file)s cannot be written: %(why)s.") % {"file": file, "why": error.strerror or error}
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def backup_restore(file: Path) -> Manifest:
    """Bring a copy back into this empty installation, check it, and bring it up to this version.

    Raises BackupError, also when the installation is not empty or the copy is not for it.
    """
    try:
        with zipfile.ZipFile(file) as archive, _workplace() as folder:
            manifest = Manifest.from_dict(json.loads(archive.read(MANIFEST)))
            _require_fitting(manifest)
            _require_empty()
            database = Path(archive.extract(DATABASE, folder))
            _engine(connection).load(connection, database, manifest)
            _restore_files(archive, manifest)
    except FileNotFoundError as error:
        raise BackupError(_("There is no file %(file)s.") % {"file": file}) from error
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupError(
            _("%(file)s is not a complete backup of Zelo (%(why)s).") % {"file": file, "why": error}
        ) from error
    if wrong := differences(manifest.tables, row_counts(connection)):
        raise BackupError(_("After the restore rows are missing: %(which)s.") % {"which": "; ".join(wrong)})
    call_command("migrate", verbosity=0, interactive=False)
    return manifest


@contextmanager
def _workplace() -> Iterator[Path]:
    """Give a folder on the disk of the installation, which has room for a copy, unlike many a /tmp."""
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="backup-") as folder:
        yield Path(folder)


def _engine(database: BaseDatabaseWrapper) -> ModuleType:
    return {"sqlite": sqlite, "postgresql": postgres}[database.vendor]


def _add_files(archive: zipfile.ZipFile, manifest: Manifest) -> Manifest:
    """Put the uploaded files into the archive and count them."""
    root = Path(settings.MEDIA_ROOT)
    count = size = 0
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        if path.is_file():
            archive.write(path, FILES + path.relative_to(root).as_posix())
            count, size = count + 1, size + path.stat().st_size
    return replace(manifest, files=count, file_bytes=size)


def _restore_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Unpack the uploaded files and see that all have come."""
    root = Path(settings.MEDIA_ROOT)
    count = size = 0
    for member in archive.infolist():
        if not member.filename.startswith(FILES):
            continue
        target = (root / member.filename.removeprefix(FILES)).resolve()
        if not target.is_relative_to(root.resolve()):
            raise BackupError(
                _("The archive wants to write outside its place: %(file)s.") % {"file": member.filename}
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out)
        count, size = count + 1, size + target.stat().st_size
    if (count, size) != (manifest.files, manifest.file_bytes):
        said = ngettext(
            "%(count)s file (%(size)s bytes) came back instead of %(wanted)s (%(bytes)s bytes).",
            "%(count)s files (%(size)s bytes) came back instead of %(wanted)s (%(bytes)s bytes).",
            count,
        )
        raise BackupError(
            said % {"count": count, "size": size, "wanted": manifest.files, "bytes": manifest.file_bytes}
        )


def _require_fitting(manifest: Manifest) -> None:
    """Refuse a copy of the other database, or of a newer version."""
    if manifest.engine != connection.vendor:
        raise BackupError(
            _(
                "The backup is of %(engine)s, this installation runs on %(vendor)s: "
                "set DATABASE_URL to a database of the same kind."
            )
            % {"engine": manifest.engine, "vendor": connection.vendor}
        )
    if newer := sorted(set(manifest.migrations) - _known_migrations()):
        raise BackupError(
            _(
                "The backup is of a newer version of Zelo (%(migration)s is not known here): "
                "upgrade, then restore."
            )
            % {"migration": newer[0]}
        )


def _known_migrations() -> set[str]:
    """Migrations that this version has, and those that one of them stands for since they were joined."""
    on_disk = MigrationLoader(None).disk_migrations
    joined = {replaced for migration in on_disk.values() for replaced in migration.replaces}
    return {f"{app}.{name}" for app, name in {*on_disk, *joined}}


def _require_empty() -> None:
    """Refuse to write over anything."""
    try:
        filled = User.objects.exists() or Customer.objects.exists()
    except DatabaseError:  # no tables yet
        filled = False
    media = Path(settings.MEDIA_ROOT)
    if filled or (media.is_dir() and any(media.iterdir())):
        raise BackupError(
            _(
                "This installation is not empty, and a restore never writes over anything: "
                "start with a new database (and an empty folder for files), then restore."
            )
        )
