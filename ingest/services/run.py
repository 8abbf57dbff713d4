"""Run an import: read the file once, judge it as a whole, write it in chunks.

A kill at any point loses nothing: each chunk is one transaction with everything that belongs to it, and the same
file again finds what is there and writes the rest.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from accounts.principals import Principal
from core import time
from customers.attributes import AttributeType
from customers.models import AttributeDefinition
from ingest.apply.context import Run
from ingest.apply.customers import LINKS, apply_customers
from ingest.apply.facts import apply_facts
from ingest.apply.links import apply_links, judge_links
from ingest.apply.overlaps import judge_overlaps
from ingest.apply.past import apply_past
from ingest.apply.usage import UsageCustomers, apply_usage, ready_rows
from ingest.apply.usage_store import DAY, UsageRow
from ingest.models import Batch
from ingest.parsers.attributes import attribute_columns
from ingest.parsers.catalogue import KINDS
from ingest.parsers.cells import Form
from ingest.parsers.columns import Header, Kind, Values, parse_cells, parse_object, read_header
from ingest.parsers.finish import finish
from ingest.readers.open import open_rows
from ingest.readers.rows import Reader, Row
from ingest.reasons import FileProblem, Rejected
from ingest.staging import Staged, Staging, row_key

CHUNK = 500  # rows a transaction: well under a second on SQLite, with their history and ledger
USAGE_CHUNK = {"postgresql": 20_000, "sqlite": 5_000}
READ = 500
COUNTS = ("new", "changed", "unchanged", "rejected")
LEASE = dt.timedelta(minutes=10)
RESERVED = frozenset({"reason"})  # the column that the file of rejected rows adds

Progress = Callable[[float, int], None]  # share of the work done, rows written so far


@dataclass
class Options:
    """How a file is to be read and applied."""

    encoding: str = "utf-8"  # "" lets us guess
    dates: str = "iso"
    file_wins: bool = False
    dry_run: bool = False
    columns: dict[str, str] = field(default_factory=dict)  # foreign column names → ours
    row_by_row: bool = False  # keep what became of each row


@dataclass
class Import:
    """An import that ran: its counts and notes, and its rejected rows as long as it is open."""

    run: Run
    reader: Reader
    header: Header | None


def kind_named(name: str) -> Kind:
    """Return a kind by name, with the attributes an admin defined as further columns. Raises `FileProblem`."""
    if name not in KINDS:
        raise FileProblem("unknown_kind", value=name, choices=", ".join(KINDS))
    kind = KINDS[name]
    if name != "customers":
        return kind
    types = [
        AttributeType(key=one.key, kind=one.kind, choices=tuple(map(str, one.choices)))
        for one in AttributeDefinition.objects.filter(archived_at__isnull=True)
    ]
    return kind.with_columns(attribute_columns(types))


def form_of(reader: Reader, dates: str) -> Form:
    """Return how an opened file writes things."""
    return Form(
        zone=time.workspace_zone(),
        today=time.today(),
        currency=settings.CURRENCY,
        brazilian=reader.brazilian,
        dates=dates,
    )


@contextmanager
def import_file(
    *,
    kind_name: str,
    path: Path,
    options: Options,
    batch: Batch | None = None,
    actor: Principal | None = None,
    progress: Progress | None = None,
) -> Iterator[Import]:
    """Import a file and give its outcome; the rejected rows can be read until the block ends.

    Raises `FileProblem` where nothing can be read. With `options.dry_run` nothing is written. A `batch` is
    counted up chunk by chunk; one that was interrupted goes on behind its last finished chunk.
    """
    kind = kind_named(kind_name)
    reader = open_rows(path, encoding=options.encoding)
    try:
        header = None if reader.names is None else read_header(kind, reader.names, options.columns)
        with Staging() as staging:
            run = Run(
                kind=kind_name,
                form=form_of(reader, options.dates),
                staging=staging,
                at=time.now(),
                batch=batch,
                actor=actor,
                write=not options.dry_run,
                file_wins=options.file_wins,
                told={} if options.row_by_row else None,
            )
            for name in header.unknown if header else ():
                if name.lower() not in RESERVED:
                    run.note("unknown_column", name)
            work = _Work(run, kind, reader, header, progress or (lambda share, rows: None))
            work.renamed = options.columns
            if kind_name == "usage":
                work.stream()
            else:
                work.read_all()
                work.apply_all()
            yield Import(run, reader, header)
    finally:
        reader.close()


class _Work:
    """The steps of one run."""

    def __init__(
        self, run: Run, kind: Kind, reader: Reader, header: Header | None, progress: Progress
    ) -> None:
        self.run, self.kind, self.reader, self.header, self.progress = run, kind, reader, header, progress
        self.batch = run.batch
        self.renamed: dict[str, str] = {}  # keys of a JSON file → ours; a CSV's are renamed in its header

    def parsed(self, size: int) -> Iterator[list[tuple[Row, Values]]]:
        """Read rows and their values, `size` at a time; what cannot be read is rejected."""
        chunk: list[tuple[Row, Values]] = []
        read = 0
        for row in self.reader.rows():
            read += 1
            try:
                chunk.append((row, self._values(row)))
            except Rejected as why:
                self.run.staging.reject(row, why)
                self.run.counts["rejected"] += 1
            if read >= size:
                yield chunk
                chunk, read = [], 0
        yield chunk

    def _values(self, row: Row) -> Values:
        run = self.run
        if row.bad:
            raise Rejected("", row.bad)
        if row.keyed is not None:
            keyed = {self.renamed.get(name, name): cell for name, cell in row.keyed.items()}
            values = parse_object(self.kind, keyed, run.form)
            for name in keyed.keys() - self.kind.by_name.keys() - RESERVED - {""}:
                run.note("unknown_column", name)
        else:
            assert self.header is not None  # noqa: S101  (a reader without keys has a header)
            values = parse_cells(self.kind, self.header, row.cells, run.form)
        return finish(self.kind.name, values, run.form)

    # --- all kinds but usage: the whole file first -------------------------------------------------
    def read_all(self) -> None:
        """Read the file into the staging and judge what only the whole file tells."""
        run = self.run
        for chunk in self.parsed(READ):
            rows = [Staged(row.line, "", values, row.plain()) for row, values in chunk]
            self._give_keys(rows)
            before = run.staging.count()
            doubles = run.staging.add(rows)
            run.counts["unchanged"] += len(rows) - (run.staging.count() - before)
            for earlier, later in doubles:
                run.note("same_key", [earlier, later])
            self.progress(self.reader.read_share() * 0.4, 0)
        run.staging.index_lines()
        if run.kind == "subscriptions":
            judge_overlaps(run)
        elif run.kind == "customers":
            judge_links(run)

    def _give_keys(self, rows: list[Staged]) -> None:
        derived = self.kind.derived
        if derived:
            empty = [row for row in rows if derived not in row.values]
            contents = [
                "\x1f".join(
                    f"{name}={value}" for name, value in sorted(row.values.items()) if value not in (None, "")
                ).encode()
                for row in empty
            ]
            for row, (digest, number) in zip(empty, self.run.staging.numbers(contents), strict=True):
                row.values[derived] = f"auto-{digest}-{number}"
        for row in rows:
            row.key = row_key([row.values.get(name, "") for name in self.kind.key])

    def apply_all(self) -> None:
        """Write the staged rows chunk by chunk, then what links customers with each other."""
        run = self.run
        apply = {"customers": apply_customers, "history": apply_past}.get(run.kind, apply_facts)
        linked = run.kind == "customers" and (
            self.header is None or any(c and c.name in LINKS for c in self.header.columns)
        )
        total = max(run.staging.count() * (2 if linked else 1), 1)
        done = 0
        for rows in run.staging.chunks(CHUNK, after=self._resume()):
            with transaction.atomic():
                apply(run, rows)
                self._count_up(rows[-1].line)
            done += len(rows)
            self.progress(0.4 + 0.6 * done / total, done)
        for rows in run.staging.chunks(CHUNK) if linked else ():
            with transaction.atomic():
                apply_links(run, rows)
            done += len(rows)
            self.progress(0.4 + 0.6 * done / total, done)

    # --- usage: one pass -----------------------------------------------------------------------------
    def stream(self) -> None:
        """Read and write chunk by chunk."""
        customers = UsageCustomers()
        after = self._resume()
        for chunk in self.parsed(USAGE_CHUNK[connection.vendor]):
            rows = ready_rows(self.run, chunk, customers)
            last = chunk[-1][0].line if chunk else 0
            if last > after:
                with transaction.atomic():
                    apply_usage(self.run, rows)
                    self._keep_days(rows)
                    self._count_up(last)
            self.progress(self.reader.read_share(), sum(self.run.counts.values()))

    def _keep_days(self, rows: list[UsageRow]) -> None:
        """Keep the first and last day of the batch's events, by which they are found when it is taken back."""
        if self.batch is None or not rows:
            return
        days = [row[DAY].isoformat() for row in rows]
        known = self.batch.options.get("usage_days", [])
        self.batch.options["usage_days"] = [min(days + known), max(days + known)]

    # --- the batch -------------------------------------------------------------------------------------
    def _resume(self) -> int:
        """Take up the counts of an interrupted run of this batch; return the last line it finished."""
        batch = self.batch
        if batch is None or not self.run.write or not batch.done:
            return 0
        for name in ("new", "changed", "unchanged"):
            self.run.counts[name] = getattr(batch, name)
        return int(batch.done)

    def _count_up(self, line: int) -> None:
        """Write the counts in the chunk's own transaction."""
        if self.batch is None or not self.run.write:
            return
        batch, counts = self.batch, self.run.counts
        batch.done = line
        batch.new, batch.changed = counts["new"], counts["changed"]
        batch.unchanged, batch.rejected = counts["unchanged"], counts["rejected"]
        batch.total = sum(counts[name] for name in COUNTS)
        batch.leased_until = time.now() + LEASE
        batch.save(
            update_fields=[
                "options",
                "done",
                "new",
                "changed",
                "unchanged",
                "rejected",
                "total",
                "leased_until",
            ]
        )
