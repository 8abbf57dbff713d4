"""The webhooks of steps: posted outside every transaction, again with pauses; a run never waits for them.

The other side gets the step's id in `webhook-id` every time, so that it can tell a repetition.
"""

import datetime as dt
import json

from django.db.models import F

from core import time
from core.outgoing.client import Answer, post
from playbooks.models import RunStep

KIND = "playbook webhooks"
AT_ONCE = 20
LEASE = dt.timedelta(minutes=2)
PAUSES = (
    dt.timedelta(seconds=30),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=8),
)


def due() -> bool:
    """Tell whether a webhook waits to be sent."""
    return RunStep.objects.sendable(time.now()).exists()


def send() -> int:
    """Send up to 20 webhooks that are due; return how many were taken."""
    at, taken = time.now(), 0
    for row in RunStep.objects.sendable(at).order_by("due_at", "pk")[:AT_ONCE]:
        free = RunStep.objects.sendable(at).filter(pk=row.pk, attempts=row.attempts)
        if free.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
            taken += 1
            _send(RunStep.objects.select_related("run__customer", "run__playbook", "step").get(pk=row.pk))
    return taken


def payload(row: RunStep) -> bytes:
    """Return what the other system is told: which step of which playbook, for which customer."""
    body = {
        "type": "playbook.step",
        "timestamp": row.reached_at.isoformat(),
        "data": {
            "playbook": row.run.playbook.name,
            "playbook_id": row.run.playbook_id,
            "run": row.run_id,
            "step": row.step.title,
            "customer_id": row.run.customer_id,
            "customer": row.run.customer.external_id,
        },
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _send(row: RunStep) -> None:
    headers = {"Content-Type": "application/json", "webhook-id": f"step_{row.pk}"}
    _keep(row, post(str(row.step.params.get("url") or ""), payload(row), headers))


def _keep(row: RunStep, answer: Answer) -> None:
    """Note what the other side said; tried in vain to the last, the step failed and says so."""
    now = time.now()
    rows = RunStep.objects.filter(pk=row.pk, state=RunStep.State.SENDING)
    if answer.ok:
        rows.update(
            state=RunStep.State.DONE, finished_at=now, leased_until=None, due_at=None, why="", detail=""
        )
        return
    said = (answer.error or f"HTTP {answer.status}")[:300]
    if answer.refused or row.attempts > len(PAUSES):
        rows.update(
            state=RunStep.State.FAILED,
            finished_at=now,
            leased_until=None,
            due_at=None,
            why="down",
            detail=said,
        )
        return
    rows.update(due_at=now + PAUSES[row.attempts - 1], leased_until=None, why="down", detail=said)
