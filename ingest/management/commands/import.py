"""`manage.py import KIND FILE`: bring a file in from the command line."""  # noqa: N999  (the name of the command)

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from ingest.notes import note_sentence
from ingest.parsers.catalogue import KINDS
from ingest.reasons import FileProblem
from ingest.rejected_file import rejected_lines, told
from ingest.services.batches import batch_finish, batch_refuse, batch_start
from ingest.services.run import Import, Options, import_file, kind_named

WIDTH = 30
NOTHING_READ, SOME_REJECTED = 2, 1


class Command(BaseCommand):
    """Loads a CSV or `.jsonl` file of one kind; the same file twice changes nothing."""

    help = "Load a CSV (or .jsonl) file of one kind: " + ", ".join(KINDS)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument(
            "--errors", type=Path, metavar="FILE.csv", help="write the rejected rows with their reasons here"
        )
        parser.add_argument("--encoding", default="utf-8", help="the file's encoding, such as cp1252")
        parser.add_argument(
            "--dates", default="iso", choices=["iso", "dmy", "mdy"], help="dmy reads dates as dd/mm/yyyy"
        )
        parser.add_argument(
            "--file-wins", action="store_true", help="also replace fields that were edited by hand since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kind, path = options["kind"], options["file"]
        how = Options(
            encoding=options["encoding"],
            dates=options["dates"],
            file_wins=options["file_wins"],
            dry_run=options["dry_run"],
        )
        batch = None
        try:
            kind_named(kind)
            if not how.dry_run:
                batch = batch_start(kind=kind, path=path)
            with import_file(
                kind_name=kind, path=path, options=how, batch=batch, progress=self._progress
            ) as outcome:
                if batch is not None:
                    batch_finish(batch=batch, outcome=outcome)
                self._report(outcome, options["errors"], dry_run=how.dry_run)
                rejected = outcome.run.counts["rejected"]
        except FileProblem as problem:
            if batch is not None:
                batch_refuse(batch=batch, error=str(problem))
            self.stderr.write(str(problem))
            sys.exit(NOTHING_READ)
        if rejected:
            sys.exit(SOME_REJECTED)

    def _progress(self, share: float, rows: int) -> None:
        """Draw a bar, on a terminal only."""
        if not self.stderr.isatty():
            return
        filled = round(share * WIDTH)
        end = "\n" if share >= 1 else ""
        self.stderr.write(f"\r[{'█' * filled}{'░' * (WIDTH - filled)}] {share:4.0%}  {rows:,}", ending=end)
        self.stderr.flush()

    def _report(self, outcome: Import, errors: Path | None, *, dry_run: bool) -> None:
        run = outcome.run
        for refusal in run.staging.refusals():
            self.stderr.write(told(refusal))
        if errors is not None:
            columns = [column.name for column in kind_named(run.kind).columns]
            with errors.open("w", encoding="utf-8", newline="") as file:
                file.writelines(
                    rejected_lines(
                        run.staging.refusals(),
                        names=outcome.reader.names,
                        known=columns,
                        delimiter=outcome.reader.delimiter,
                    )
                )
        for note in run.plain_notes():
            self.stdout.write(note_sentence(note))
        counts = {name: run.counts[name] for name in ("new", "changed", "unchanged", "rejected")}
        text = (
            _(
                "%(kind)s: would be %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(rejected)s rejected"
            )
            if dry_run
            else _(
                "%(kind)s: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(rejected)s rejected"
            )
        )
        self.stdout.write(text % {"kind": run.kind, **counts})
