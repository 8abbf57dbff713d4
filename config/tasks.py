"""The bells that beat rings; each only finds what is due and hands it on. What the work is: config/pipeline.py."""

import logging
import time as clock

from celery import shared_task

from config import pipeline

log = logging.getLogger(__name__)

SHIFT_SECONDS = 120.0  # how long one task goes on before it rings for the next; well below its time limit
HANDS = 4  # bells for a night, so that as many workers share it


@shared_task
def work(kind: str) -> None:
    """Do what is due of one kind until nothing is, or the shift is over."""
    end = clock.monotonic() + SHIFT_SECONDS
    while pipeline.WORK[kind].do():
        if clock.monotonic() > end:
            ring(kind)
            return


@shared_task
def sweep() -> None:
    """Ring for every kind of work that waits without a live lease."""
    for kind, of_kind in pipeline.WORK.items():
        if of_kind.due():
            ring(kind)


@shared_task
def open_nights() -> None:
    """Open the nights of closed dates that have none; ring for workers."""
    if pipeline.open_nights():
        for _ in range(HANDS):
            ring("nights")


@shared_task
def refill_stale() -> None:
    """Ring for the days that late facts made stale."""
    if pipeline.WORK["stale days"].due():
        ring("stale days")


def ring(kind: str) -> None:
    """Ask the workers to look at a kind of work; a broker that does not answer costs a minute, nothing else."""
    try:
        work.apply_async((kind,), retry=False)
    except Exception:
        log.warning("The broker did not take the bell for %s; the sweep will ring again", kind, exc_info=True)
