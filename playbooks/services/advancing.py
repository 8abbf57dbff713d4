"""Runs go on: each due one is taken by a lease and brought as far as it is due, a transaction for each of them.

A step and the note that it was done are written together, so a worker that is killed leaves either both or neither;
the next worker goes on from there.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import F

from accounts import audit
from accounts.principals import Principal
from core import time
from core.models import WorkState
from customers.working import workspace_calendar
from playbooks.models import Run, RunStep, Step
from playbooks.plays import facts
from playbooks.plays.conditions import Known, holds
from playbooks.plays.dates import due_day
from playbooks.plays.doing import Came, Doing, IsWorkday, do
from playbooks.plays.machine import Plan, behind, by_key, next_of
from playbooks.plays.plans import plans
from playbooks.repeating import weekday

log = logging.getLogger(__name__)

KIND = "playbook runs"
AT_ONCE = 50
LEASE = dt.timedelta(minutes=5)
LOOK_AGAIN = dt.timedelta(hours=1)  # how often a wait looks whether what it waits for has come
PAUSE = dt.timedelta(minutes=1)
MOST_ATTEMPTS = 8


def due() -> bool:
    """Tell whether a run is due."""
    return bool(Run.objects.claimable(time.now()).exists())


def work() -> int:
    """Bring up to 50 due runs on; return how many were taken. Safe to run in parallel and to be killed."""
    taken: list[Run] = Run.objects.claim(limit=AT_ONCE, lease=LEASE)
    is_workday = workdays() if taken else weekday
    for run in taken:
        _bring_on(run, is_workday)
    return len(taken)


def workdays() -> IsWorkday:
    """Return which days are working days: by the workspace's calendar, without one Monday to Friday."""
    calendar = workspace_calendar()
    return calendar.is_working_day if calendar is not None else weekday


def _bring_on(run: Run, is_workday: IsWorkday) -> None:
    try:
        run_advance(run=run, at=time.now(), is_workday=is_workday)
    except Exception as error:
        log.exception("Run %s could not go on", run.pk)
        _put_off(run, error)


def _put_off(run: Run, error: Exception) -> None:
    """Let a run try again with growing pauses; one that never comes through fails at its step and goes on."""
    if run.attempts >= MOST_ATTEMPTS and not isinstance(error, OperationalError):
        with transaction.atomic():
            _fail_at_step(run, error)
        return
    Run.objects.filter(pk=run.pk).update(
        state=WorkState.WAITING,
        due_at=time.now() + PAUSE * 2 ** min(run.attempts, 10),
        leased_until=None,
        error=f"{type(error).__name__}: {error}"[:500],
    )


def _fail_at_step(run: Run, error: Exception) -> None:
    row = Run.objects.select_for_update().get(pk=run.pk)
    steps = list(row.running_version.steps.all())
    step = next((one for one in steps if one.key == row.next_key), None)
    if step is not None:
        RunStep.objects.get_or_create(
            run=row,
            key=step.key,
            defaults={
                "step": step,
                "state": RunStep.State.FAILED,
                "why": "error",
                "detail": type(error).__name__,
                "finished_at": time.now(),
            },
        )
        row.next_key = behind(plans(steps), step.key)
    _rest(row, time.now())


@dataclass(frozen=True)
class _Round:
    """One round of a run: its steps, the moment, and by which working days."""

    run: Run
    steps: list[Plan]
    rows: dict[int, Step]
    at: dt.datetime
    today: dt.date
    is_workday: IsWorkday


@transaction.atomic
def run_advance(*, run: Run, at: dt.datetime, is_workday: IsWorkday = weekday) -> Run:
    """Bring a run as far as it is due at a moment, its steps in order, each once."""
    row: Run = (
        Run.objects.select_for_update(of=("self",))
        .select_related(
            "playbook__owner",
            "running_version",
            "customer__owner",
            "customer__onboarding_owner",
            "customer__commercial_owner",
            "started_by",
            "alert",
        )
        .get(pk=run.pk)
    )
    if row.standing != Run.Standing.RUNNING:
        _rest(row, at)
        return row
    if row.customer.archived_at is not None:
        return run_end(run=row, standing=Run.Standing.STOPPED, at=at, why="archived")
    found = list(row.running_version.steps.all())
    now = _Round(row, plans(found), {one.key: one for one in found}, at, time.local_day(at), is_workday)
    while row.next_key is not None:
        due_at = _pass(now)
        if due_at is not None:
            _rest(row, due_at)
            return row
    return run_end(run=row, standing=Run.Standing.FINISHED, at=at)


def _pass(now: _Round) -> dt.datetime | None:
    """Bring a run past the step it is at; return when to look again where that is not to be yet."""
    run, key = now.run, now.run.next_key
    step = by_key(now.steps, key)
    if step is None:
        run.next_key = None
        return None
    gone = RunStep.objects.filter(run=run, key=step.key).first()
    if gone is not None and gone.state != RunStep.State.WAITING:  # done under another version
        run.next_key = behind(now.steps, step.key)
        return None
    due_on = due_day(run.started_on, step.after, step.unit, now.is_workday)
    if due_on > now.today:
        return time.day_start(due_on)
    known = facts.known(run, now.steps, now.today)
    if gone is None and not holds(step.condition, known):
        _note(now, step, Came(RunStep.State.SKIPPED, "condition"))
        run.next_key = next_of(now.steps, step, known, done=False)
        return None
    if step.kind == Step.Kind.WAIT:
        waits = _wait(now, step, gone, known)
        if waits is not None:
            return waits
    else:
        _do(now, step)
    if step.branch:
        known = facts.known(run, now.steps, now.today)
    run.next_key = next_of(now.steps, step, known, done=True)
    return None


def _wait(now: _Round, step: Plan, row: RunStep | None, known: Known) -> dt.datetime | None:
    """Wait until something holds, at most so many days; return when to look again, None when it is over."""
    if row is None:
        row = RunStep.objects.create(
            run=now.run,
            step=now.rows[step.key],
            key=step.key,
            state=RunStep.State.WAITING,
            reached_at=now.at,
        )
    ends_on = time.local_day(row.reached_at) + dt.timedelta(days=int(step.params.get("at_most") or 0))
    came = holds(step.params.get("until") or {}, known)
    if not came and now.today < ends_on:
        return min(now.at + LOOK_AGAIN, time.day_start(ends_on))
    row.state, row.finished_at = RunStep.State.DONE, now.at
    row.why = "held" if came else "timed_out"
    row.save(update_fields=["state", "finished_at", "why"])
    return None


def _do(now: _Round, step: Plan) -> None:
    """Do a step and note what came of it; what the workspace refuses fails this step alone."""
    row = RunStep.objects.create(
        run=now.run,
        step=now.rows[step.key],
        key=step.key,
        state=RunStep.State.DONE,
        reached_at=now.at,
    )
    doing = Doing(now.run, row, now.rows[step.key], now.at, now.today, now.is_workday)
    try:
        with transaction.atomic():
            came = do(doing)
    except ValidationError as refused:
        came = Came(RunStep.State.FAILED, "refused", " ".join(refused.messages)[:300])
        row.task, row.mails, row.due_at = None, 0, None
    row.state, row.why, row.detail = came.state, came.why, came.detail[:300]
    row.finished_at = None if came.state == RunStep.State.SENDING else now.at
    row.save()
    now.run.customer.refresh_from_db()


def _note(now: _Round, step: Plan, came: Came) -> None:
    RunStep.objects.create(
        run=now.run,
        step=now.rows[step.key],
        key=step.key,
        state=came.state,
        why=came.why,
        reached_at=now.at,
        finished_at=now.at,
    )


def run_end(
    *, run: Run, standing: str, at: dt.datetime, why: str = "", actor: Principal | None = None
) -> Run:
    """End a run and say so; call it inside the transaction that holds its row."""
    run.standing, run.ended_at, run.end_why, run.next_key = standing, at, why[:300], None
    _rest(run, at)
    audit.record(
        actor=actor,
        action="run.finished" if standing == Run.Standing.FINISHED else "run.stopped",
        subject=run,
        changes={"standing": (Run.Standing.RUNNING, standing)},
        customer_id=run.customer_id,
        label=run.playbook.name,
    )
    return run


def _rest(run: Run, due_at: dt.datetime) -> None:
    """Let go of a run: it waits until it is due again, or is done for good."""
    over = run.standing != Run.Standing.RUNNING
    Run.objects.filter(pk=run.pk).update(
        standing=run.standing,
        ended_at=run.ended_at,
        end_why=run.end_why,
        next_key=run.next_key,
        state=WorkState.DONE if over else WorkState.WAITING,
        due_at=F("due_at") if over else due_at,
        finished_at=due_at if over else None,
        leased_until=None,
        attempts=0,
        error="",
    )
