"""`manage.py backup FILE`: a consistent copy of everything, also under load."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backup.archive import backup_write
from config.backup.facts import BackupError


class Command(BaseCommand):
    """Copy database and files into one archive."""

    help = "Writes a consistent copy of the database and the uploaded files to FILE, also under load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the copy; exit 1 with the reason when it cannot be made."""
        try:
            made = backup_write(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(file)s: %(rows)s rows of %(tables)s tables; uploaded files: %(files)s.")
            % {
                "file": options["file"],
                "rows": sum(made.tables.values()),
                "tables": len(made.tables),
                "files": made.files,
            }
        )
