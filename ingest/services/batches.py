"""A batch from its start to its end."""

from pathlib import Path

from django.db import transaction

from accounts import audit
from accounts.models import User
from core import time
from core.models import WorkState
from ingest.models import Batch
from ingest.problems.noting import Odd, note_problems
from ingest.services.run import COUNTS, LEASE, Import


def batch_start(*, kind: str, path: Path, actor: User | None = None, channel: str = "command") -> Batch:
    """Open the batch of an import that runs at once."""
    return Batch.objects.create(
        kind=kind,
        step=Batch.Step.APPLYING,
        channel=channel,
        filename=path.name[:250],
        created_by=actor,
        state=WorkState.RUNNING,
        attempts=1,
        leased_until=time.now() + LEASE,
    )


def source_of(batch: Batch) -> str:
    """Name where a batch came from: its source, the integration, or how it came."""
    if batch.source is not None:
        return batch.source.name
    return str(batch.token) if batch.token else batch.channel


@transaction.atomic
def batch_finish(*, batch: Batch, outcome: Import) -> Batch:
    """Close a batch whose rows are written: final counts, notes, and the audit entry."""
    run = outcome.run
    counts = run.counts
    batch.new, batch.changed, batch.unchanged = counts["new"], counts["changed"], counts["unchanged"]
    batch.rejected = counts["rejected"]
    batch.total = sum(counts[name] for name in COUNTS)
    batch.notes = run.plain_notes()
    batch.step, batch.state = Batch.Step.APPLIED, WorkState.DONE
    batch.applied_at = batch.finished_at = time.now()
    batch.leased_until = None
    if batch.file and any(note["code"] == "erased" for note in batch.notes):
        batch.file.delete(save=False)  # it tells who was erased
    batch.save()
    if batch.rejected:
        first = next(iter(run.staging.refusals()), None)
        about = f"{batch.kind} #{batch.pk}"
        note_problems(
            source_of(batch), [Odd("rows_rejected", about, first.row if first else None, batch.rejected)]
        )
    audit.record(
        actor=run.actor,
        action="import.applied",
        subject=batch,
        changes={name: (None, counts[name]) for name in COUNTS if counts[name]},
        label=f"{batch.kind} {batch.filename}",
    )
    return batch


def batch_refuse(*, batch: Batch, error: str) -> Batch:
    """Close a batch nothing of which could be read."""
    batch.step, batch.state, batch.error = Batch.Step.REFUSED, WorkState.FAILED, error
    batch.finished_at = time.now()
    batch.leased_until = None
    batch.save(update_fields=["step", "state", "error", "finished_at", "leased_until"])
    return batch
