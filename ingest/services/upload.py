"""A file from the page or the API: kept, read with its owner's help, checked, confirmed, applied by a worker."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.principals import Integration, Principal
from core import bells, time
from core.models import WorkState
from ingest.apply.ledger import plain
from ingest.models import Batch, Rejection, Source
from ingest.reasons import FileProblem
from ingest.services.batches import batch_finish, batch_refuse
from ingest.services.run import COUNTS, Import, Options, import_file
from ingest.staging import Refusal

STORED = 500  # rejected rows a statement


def options_of(batch: Batch, *, dry_run: bool) -> Options:
    """Return how a batch's file is to be read."""
    said: dict[str, Any] = batch.options
    return Options(
        encoding=said.get("encoding", ""),
        dates=said.get("dates") or "iso",
        file_wins=bool(said.get("file_wins")),
        dry_run=dry_run,
        columns=dict(said.get("columns", {})),
    )


@transaction.atomic
def upload_create(
    *,
    kind: str,
    file: Any,
    name: str,
    actor: Principal | None,
    channel: str = "upload",
    key: str | None = None,
    source_name: str = "",
    options: dict[str, Any] | None = None,
) -> Batch:
    """Keep a file as a batch to be read; a source of this name lends the form it was last read in."""
    source = None
    said = dict(options or {})
    if source_name:
        source = Source.objects.get_or_create(name=source_name, kind=kind)[0]
        said = {"columns": source.columns, **source.options, **said}
    batch = Batch(
        kind=kind,
        channel=channel,
        filename=name[:250],
        created_by=None if actor is None else actor.person,
        token=actor.token if isinstance(actor, Integration) else None,
        source=source,
        options=said,
        idempotency_key=key,
        state=WorkState.DONE,  # it waits for a person, not for a worker
    )
    batch.file.save(Path(name).name[-80:], file, save=False)
    batch.save()
    return batch


@transaction.atomic
def reading_set(*, batch: Batch, columns: dict[str, str], dates: str, file_wins: bool) -> Batch:
    """Note how a file is to be read, for it and for the next one of its source, and hand it to be checked."""
    batch.options = {
        **batch.options,
        "columns": columns,
        "dates": dates,
        "file_wins": file_wins,
        "read": True,
    }
    batch.step, batch.state, batch.due_at = Batch.Step.UPLOADED, WorkState.WAITING, time.now()
    batch.error = ""
    batch.save(update_fields=["options", "step", "state", "due_at", "error"])
    if batch.source is not None:
        batch.source.columns = columns
        batch.source.options = {"dates": dates}
        batch.source.save()
    bells.ring("imports")
    return batch


@transaction.atomic
def upload_confirm(*, batch: Batch) -> Batch:
    """Hand a checked batch to the workers to be applied."""
    moved = Batch.objects.filter(pk=batch.pk, step=Batch.Step.PREVIEWED).update(
        step=Batch.Step.CONFIRMED,
        state=WorkState.WAITING,
        due_at=time.now(),
        done=0,
        **dict.fromkeys(COUNTS, 0),
    )
    batch.refresh_from_db()
    if moved:
        bells.ring("imports")
    return batch


def upload_discard(*, batch: Batch) -> None:
    """Throw away a file that was not applied."""
    if batch.step in {Batch.Step.UPLOADED, Batch.Step.PREVIEWED, Batch.Step.REFUSED}:
        batch.file.delete(save=False)
        batch.delete()


def upload_check(*, batch: Batch) -> Batch:
    """Read a batch's file and say what it would do; nothing but the batch is written."""
    try:
        with import_file(
            kind_name=batch.kind,
            path=Path(batch.file.path),
            options=options_of(batch, dry_run=True),
            actor=batch.actor,
        ) as outcome:
            keep_refusals(batch, outcome.run.staging.refusals())
            _keep_outcome(batch, outcome)
    except FileProblem as problem:
        return batch_refuse(batch=batch, error=str(problem))
    batch.step, batch.state, batch.leased_until = Batch.Step.PREVIEWED, WorkState.DONE, None
    batch.save()
    return batch


def upload_apply(*, batch: Batch) -> Batch:
    """Write a batch's rows; one that was interrupted goes on behind its last finished chunk."""
    batch.step = Batch.Step.APPLYING
    batch.save(update_fields=["step"])
    try:
        with import_file(
            kind_name=batch.kind,
            path=Path(batch.file.path),
            options=options_of(batch, dry_run=False),
            batch=batch,
            actor=batch.actor,
        ) as outcome:
            keep_refusals(batch, outcome.run.staging.refusals())
            return batch_finish(batch=batch, outcome=outcome)
    except FileProblem as problem:
        return batch_refuse(batch=batch, error=str(problem))


def keep_refusals(batch: Batch, refusals: Iterable[Refusal]) -> None:
    """Keep the rejected rows, in the place of those of an earlier look at the file."""
    while batch.rejections.exists():
        part = batch.rejections.values("pk")[:5000]
        Rejection.objects.filter(pk__in=list(part.values_list("pk", flat=True))).delete()
    waiting: list[Rejection] = []
    for refusal in refusals:
        waiting.append(
            Rejection(
                batch=batch,
                line=refusal.line,
                column=refusal.column,
                code=refusal.code,
                params=refusal.params,
                row=refusal.row,
            )
        )
        if len(waiting) == STORED:
            Rejection.objects.bulk_create(waiting)
            waiting = []
    Rejection.objects.bulk_create(waiting)


def _keep_outcome(batch: Batch, outcome: Import) -> None:
    run = outcome.run
    for name in COUNTS:
        setattr(batch, name, run.counts[name])
    batch.total = sum(run.counts[name] for name in COUNTS)
    batch.notes = run.plain_notes()
    batch.preview = [
        {
            **one,
            "changes": {
                name: [plain(before), plain(after)] for name, (before, after) in one["changes"].items()
            },
        }
        for one in run.shown
    ]


def upload_send(*, batch: Batch) -> Batch:
    """Hand a file to the workers without a check first: what an API call asks for."""
    batch.step, batch.state, batch.due_at = Batch.Step.CONFIRMED, WorkState.WAITING, time.now()
    batch.save(update_fields=["step", "state", "due_at"])
    bells.ring("imports")
    return batch
