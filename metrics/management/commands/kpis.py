import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from metrics import kpi_output
from metrics.kpis import CUTS, BadRequest, kpis
from metrics.periods import GRAINS


class Command(BaseCommand):
    """Prints the figures of METRICS.md."""

    help = "Print the figures per period; --to is exclusive; without --grain one row for the whole span."

    def add_arguments(self, parser: CommandParser) -> None:
        day = dt.date.fromisoformat
        parser.add_argument("--from", dest="first", type=day, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="end", type=day, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--grain", choices=GRAINS)
        parser.add_argument(
            "--key", dest="keys", action="append", default=[], help="only this figure; repeatable"
        )
        parser.add_argument("--segment", help="only the customers of this segment")
        parser.add_argument("--by", choices=CUTS, help="the whole first, then each part")
        parser.add_argument("--format", choices=("json", "table", "csv"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 on a question that cannot be answered; days without a finished night are told on stderr."""
        asked = {name: options[name] for name in ("first", "end", "grain", "keys", "segment", "by")}
        try:
            report = kpis(**asked)
        except BadRequest as error:
            raise CommandError(str(error), returncode=2) from error
        for row in report["rows"]:
            if row["slice"] is None and row.get("missing_nights"):
                self.stderr.write(
                    f"{row['from']} to {row['to']}: no finished night for {row['missing_nights']} of the days, "
                    "so the figures of that period are left empty. `manage.py nightly --since DATE` runs them."
                )
        if options["format"] == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            write = kpi_output.as_csv if options["format"] == "csv" else kpi_output.as_table
            self.stdout.write(write(report), ending="")
