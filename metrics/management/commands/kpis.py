import datetime as dt
import json
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from metrics import cohort_output, kpi_output
from metrics.cohorts import cohorts
from metrics.kpis import CUTS, kpis
from metrics.periods import GRAINS
from metrics.questions import BadRequest


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
        parser.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="as of the night of this day")
        parser.add_argument(
            "--published", action="store_true", help="what was first published, not what is known now"
        )
        parser.add_argument(
            "--cohorts", action="store_true", help="the cohorts that start in the span instead"
        )
        parser.add_argument("--format", choices=("json", "table", "csv"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 on a question that cannot be answered; days without a finished night are told on stderr."""
        try:
            if options["cohorts"]:
                self._write(_cohorts(options), options["format"], cohort_output)
                return
            report = kpis(
                **{
                    name: options[name]
                    for name in ("first", "end", "grain", "keys", "segment", "by", "as_of", "published")
                }
            )
        except BadRequest as error:
            raise CommandError(str(error), returncode=2) from error
        for row in report["rows"]:
            if row["slice"] is None and row.get("missing_nights"):
                self.stderr.write(
                    f"{row['from']} to {row['to']}: no finished night for {row['missing_nights']} of the days, "
                    "so the figures of that period are left empty. `manage.py nightly --since DATE` runs them."
                )
        self._write(report, options["format"], kpi_output)

    def _write(self, report: dict[str, Any], form: str, output: ModuleType) -> None:
        if form == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            write = output.as_csv if form == "csv" else output.as_table
            self.stdout.write(write(report), ending="")


def _cohorts(options: dict[str, Any]) -> dict[str, Any]:
    """Return the cohorts asked for. Raises BadRequest when they are asked for what they do not have."""
    for name, option in (
        ("grain", "--grain"),
        ("by", "--by"),
        ("keys", "--key"),
        ("published", "--published"),
    ):
        if options[name]:
            raise BadRequest(f"Cohorts are by month and have no {option}.")
    return cohorts(first=options["first"], end=options["end"], segment=options["segment"])
