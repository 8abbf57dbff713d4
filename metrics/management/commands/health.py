import csv
import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from metrics.health.output import FIELDS, lines
from metrics.nights import last_finished_day


class Command(BaseCommand):
    """Prints every customer's health."""

    help = "Print one line per customer as of a finished night (default: the last one)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 where there is no such night."""
        day = options["date"] or last_finished_day()
        found = lines(day) if day else None
        if found is None:
            raise CommandError(
                f"There is no finished night of {day or 'any day'}. `manage.py nightly` runs one.",
                returncode=2,
            )
        if options["format"] == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        writer = csv.DictWriter(self.stdout, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
