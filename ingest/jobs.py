"""Imports as leased work: a batch is checked, applied or taken back by whichever worker claims it."""

import logging
from typing import Any

from django.db.models import QuerySet

from core import time
from core.models import WorkState
from ingest.models import Batch
from ingest.services.batches import batch_refuse
from ingest.services.run import LEASE
from ingest.services.undo import undo_run
from ingest.services.upload import upload_apply, upload_check

log = logging.getLogger(__name__)

TRIES = 5
DOES = {
    Batch.Step.UPLOADED: upload_check,
    Batch.Step.CONFIRMED: upload_apply,
    Batch.Step.APPLYING: upload_apply,
    Batch.Step.UNDOING: undo_run,
}


def _work() -> QuerySet[Any]:
    # A command's import runs in its own process, and its file may be gone: the same command again finishes it.
    return Batch.objects.exclude(channel="command", step=Batch.Step.APPLYING).filter(step__in=list(DOES))


def due() -> bool:
    """Tell whether a batch waits for a worker."""
    waiting: Any = _work()
    return bool(waiting.claimable(time.now()).exists())


def work() -> int:
    """Do one due batch; return how many that were. What fails is tried again later, then given up and told."""
    waiting: Any = _work()
    claimed: list[Batch] = waiting.claim(limit=1, lease=LEASE)
    for batch in claimed:
        try:
            DOES[Batch.Step(batch.step)](batch=batch)
        except Exception as error:
            log.exception("Import %s failed", batch.pk)
            if batch.attempts >= TRIES:
                batch_refuse(batch=batch, error=f"{type(error).__name__}: {error}")
            else:
                Batch.objects.filter(pk=batch.pk).update(
                    state=WorkState.WAITING, due_at=time.now() + LEASE / 10, leased_until=None
                )
    return len(claimed)


def work_now(batch: Batch) -> None:
    """Do one batch here and now, if no worker has it already; a small file needs nobody to wait."""
    waiting: Any = Batch.objects.filter(pk=batch.pk)
    for claimed in waiting.claim(limit=1, lease=LEASE):
        DOES[Batch.Step(claimed.step)](batch=claimed)
