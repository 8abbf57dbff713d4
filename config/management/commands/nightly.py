import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import pipeline
from metrics import nights
from metrics.foreground import run_days
from metrics.stages import StageFailed


class Command(BaseCommand):
    """Runs nights in the foreground, with the code that the workers run."""

    help = "Run the nightly pipeline for a closed day, or for every day of a span."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=dt.date.fromisoformat, help="the day (default: yesterday)")
        parser.add_argument(
            "--since", type=dt.date.fromisoformat, help="run every day from this one to --date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when all is done, 1 when a step failed, 2 when the days asked for cannot be run."""
        closed = nights.last_closed_day()
        last: dt.date = options["date"] or closed
        first: dt.date = options["since"] or last
        if last > closed:
            raise CommandError(
                f"{last} is not over yet in the workspace's time zone; the newest day that can be run is {closed}.",
                returncode=2,
            )
        if first > last:
            raise CommandError(f"--since {first} is after {last}: there is no day to run.", returncode=2)
        try:
            pipeline.finish(["events"])
            run_days(first, last, self._progress)
            pipeline.finish(pipeline.AFTER_NIGHTS)
            pipeline.finish(pipeline.LEARNING)
        except StageFailed as failure:
            raise CommandError(f"Step “{failure.name}” failed: {failure.reason}", returncode=1) from failure
        span = f"{first}" if first == last else f"{first} to {last}"
        self.stdout.write(f"Done: {span}.")

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{done}/{total} nights", ending="\n" if done == total else "")
            self.stdout.flush()
