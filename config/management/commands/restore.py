"""`manage.py restore FILE`: a backup into an empty installation, checked after."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backup.archive import backup_restore
from config.backup.facts import BackupError
from core import formats


class Command(BaseCommand):
    """Bring a copy back."""

    help = "Brings a backup back into an empty installation and checks it. Stop web, worker and beat first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to read."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the copy back; exit 1 with the reason when it cannot be done."""
        try:
            restored = backup_restore(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _(
                "Restored and checked: %(rows)s rows of %(tables)s tables; uploaded files: %(files)s; as of %(at)s."
            )
            % {
                "rows": sum(restored.tables.values()),
                "tables": len(restored.tables),
                "files": restored.files,
                "at": formats.moment(dt.datetime.fromisoformat(restored.made_at)),
            }
        )
