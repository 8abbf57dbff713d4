"""Many rows of one kind in one call, with what became of each: an import that answers row by row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from accounts.principals import Principal
from core import time
from core.models import WorkState
from ingest.models import Batch
from ingest.rejected_file import why
from ingest.services.batches import batch_finish
from ingest.services.run import LEASE, Options, import_file
from ingest.services.upload import keep_refusals, upload_create

# A later item of the call has the same key: it is the one that counts.
SUPERSEDED = "superseded"
WORDS = {"new": "created", "changed": "changed", "unchanged": "unchanged"}


@dataclass(frozen=True)
class Outcome:
    """What became of one item, and for a rejected one why."""

    index: int
    outcome: str
    column: str = ""
    code: str = ""
    reason: str = ""


def bulk_upsert(
    *,
    kind: str,
    items: Sequence[dict[str, Any]],
    actor: Principal | None,
    file_wins: bool,
    channel: str = "api",
) -> tuple[Batch, list[Outcome]]:
    """Make or change a row per item, found by its key, and return the batch and an outcome per item, in their order.

    Good items go in, others are rejected by themselves. The batch is an import like any other: it can be undone, and
    one that is interrupted is finished by a worker.
    """
    lines = "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in items)
    batch = upload_create(
        kind=kind, file=ContentFile(lines.encode("utf-8", "replace")), name="bulk.jsonl", actor=actor, channel=channel,
        options={"file_wins": file_wins},
    )  # fmt: skip
    batch.step, batch.state, batch.attempts = Batch.Step.APPLYING, WorkState.RUNNING, 1
    batch.leased_until = time.now() + LEASE
    batch.save(update_fields=["step", "state", "attempts", "leased_until"])
    options = Options(file_wins=file_wins, row_by_row=True)
    with import_file(
        kind_name=kind, path=Path(batch.file.path), options=options, batch=batch, actor=actor
    ) as outcome:
        refused = list(outcome.run.staging.refusals())
        keep_refusals(batch, refused)
        batch_finish(batch=batch, outcome=outcome)
    told = {line: Outcome(line - 1, WORDS[found]) for line, found in (outcome.run.told or {}).items()}
    told |= {one.line: Outcome(one.line - 1, "rejected", one.column, one.code, why(one)) for one in refused}
    found = [told.get(line) or Outcome(line - 1, SUPERSEDED) for line in range(1, len(items) + 1)]
    return batch, found
