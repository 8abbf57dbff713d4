"""Long work of the score lab, as rows that workers take: backtests and suggestions, outside the night, with progress.

The same question about the same night is one row, so that looking again costs nothing. What is small is worked on at
once by whoever asks, so that a page needs no script and an installation without a worker has it too.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from accounts.models import User
from core import bells, time
from core.models import WorkState
from metrics.health import backtest, configuration, profiles, suggest
from metrics.health.backtest import Verdict
from metrics.models import CustomerDay, LabTask

log = logging.getLogger(__name__)

KIND = "lab"
LEASE = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=30)
MOST_ATTEMPTS = 3
SMALL = 8_000  # customer-months that are gone through while somebody waits

Tell = Callable[[float], None]


def due() -> bool:
    """Tell whether a task waits for a worker."""
    return LabTask.objects.claimable(time.now()).exists()


def work() -> int:
    """Take a task and do it; return how many were taken."""
    tasks = LabTask.objects.claim(limit=1, lease=LEASE)
    for task in tasks:
        _do(task)
    return len(tasks)


def asked(
    kind: str,
    *,
    definition: Mapping[str, Any],
    in_force: Mapping[str, Any],
    cell: str,
    day: dt.date,
    author: User | None = None,
) -> LabTask:
    """Return the task that answers a question about the nights up to a day, done already or begun now."""
    definitions = {"asked": definition, "in_force": in_force}
    said = json.dumps([kind, cell, day.isoformat(), definitions], sort_keys=True)
    key = hashlib.sha256(said.encode()).hexdigest()
    task, made = LabTask.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "cell": cell, "definition": definitions, "day": day, "author": author},
    )
    if made:
        LabTask.objects.filter(created_at__lt=time.now() - KEPT).delete()
        bells.ring(KIND)
    if task.state == WorkState.WAITING and _small(day):
        won = LabTask.objects.all().take([task.pk], lease=LEASE, at=time.now())
        if won:
            _do(LabTask.objects.get(pk=task.pk))
        task.refresh_from_db()
    return task


def verdict_of(told: Mapping[str, Any] | None) -> Verdict | None:
    """Return a stored verdict."""
    if told is None:
        return None
    churn = {band: (left, rows) for band, (left, rows) in told["churn"].items()}
    return Verdict(**{**told, "churn": churn, "gains": tuple(told.get("gains", ()))})


def _small(day: dt.date) -> bool:
    return CustomerDay.objects.filter(day=day).count() * backtest.MONTHS <= SMALL


def _do(task: LabTask) -> None:
    """Answer a task and keep the answer; what goes wrong stays on the row and is tried again."""
    try:
        result = _answer(task, _telling(task))
    except Exception as error:
        log.exception("The lab could not answer %s", task)
        given_up = task.attempts >= MOST_ATTEMPTS
        LabTask.objects.filter(pk=task.pk).update(
            state=WorkState.FAILED if given_up else WorkState.WAITING,
            due_at=time.now() + dt.timedelta(minutes=task.attempts),
            leased_until=None,
            error=f"{type(error).__name__}: {error}"[:500],
        )
        return
    LabTask.objects.filter(pk=task.pk).update(
        state=WorkState.DONE,
        finished_at=time.now(),
        leased_until=None,
        error="",
        progress=100,
        result=result,
    )


def _telling(task: LabTask) -> Tell:
    """Return what keeps the lease and the progress of a task, whenever that is another per cent."""
    seen = [0]

    def tell(share: float) -> None:
        percent = min(99, int(share * 100))
        if percent > seen[0]:
            seen[0] = percent
            LabTask.objects.filter(pk=task.pk).update(progress=percent, leased_until=time.now() + LEASE)

    return tell


def _answer(task: LabTask, tell: Tell) -> dict[str, Any]:
    definition, in_force = task.definition["asked"], task.definition["in_force"]
    outcomes = backtest.outcomes(
        task.day, cell=profiles.parsed(task.cell), tell=lambda share: tell(share * 0.6)
    )
    if task.kind == LabTask.BACKTEST:
        now = backtest.verdict(outcomes, configuration.configuration(in_force))
        tell(0.8)
        then = backtest.verdict(outcomes, configuration.configuration(definition))
        return {"now": asdict(now), "then": asdict(then)}
    found = suggest.suggest(outcomes, definition, task.cell, tell=lambda share: tell(0.6 + share * 0.4))
    return asdict(found)
