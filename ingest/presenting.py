"""What the page of a batch shows."""

from typing import Any

from core import time
from core.models import WorkState
from ingest.labels import KIND_LABELS
from ingest.models import Batch
from ingest.notes import note_sentence
from ingest.previewing import preview_rows
from ingest.querysets import refusals_of
from ingest.rejected_file import why
from ingest.words import column_word, field_word

SHOWN = 50


def batch_context(batch: Batch) -> dict[str, Any]:
    """Return what the page of a batch needs, in a fixed number of queries."""
    running = batch.state in {WorkState.WAITING, WorkState.RUNNING}
    interrupted = (
        batch.channel == "command"
        and batch.state == WorkState.RUNNING
        and (batch.leased_until is None or batch.leased_until < time.now())
    )
    return {
        "batch": batch,
        "label": KIND_LABELS.get(batch.kind, (batch.kind,))[0],
        "running": running and not interrupted,
        "interrupted": interrupted,
        "counts": counts(batch),
        "notes": [note_sentence(note, lambda name: field_word(batch.kind, name)) for note in batch.notes],
        "preview": preview_rows(batch) if batch.step == Batch.Step.PREVIEWED else [],
        "rejections": [(one, column_word(one.column), why(one)) for one in refusals_of(batch, SHOWN)],
    }


def counts(batch: Batch) -> list[tuple[str, int]]:
    """The counts of a batch by key, in the order they are told."""
    return [(name, getattr(batch, name)) for name in ("new", "changed", "unchanged", "rejected")]
