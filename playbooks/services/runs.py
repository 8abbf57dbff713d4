"""Runs started, stopped and moved to a changed version; offers answered."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import bells, time
from core.locks import hold
from core.models import WorkState
from customers.models import Customer
from playbooks.models import Alert, Playbook, PlaybookVersion, Run, RunBatch, RunStep, Step
from playbooks.plays.machine import first, goes_on_at
from playbooks.plays.plans import plans_of
from playbooks.services.advancing import KIND, run_end

MOST_AT_ONCE = 10_000
MOST_HOLDOUT = 50


@dataclass(frozen=True)
class Cause:
    """What starts a run by itself: for which customer, a name that starts it once, the alert behind it."""

    customer_id: int
    key: str
    alert_id: int | None = None


@transaction.atomic
def runs_start(
    *,
    actor: Principal,
    playbook: Playbook,
    customers: QuerySet[Customer],
    holdout: int = 0,
    alert: Alert | None = None,
) -> RunBatch:
    """Start a playbook for customers the person may change; the work itself is done in the background.

    Left out are customers for which it is running already, and archived ones. `holdout` per cent of the others are
    held back to be compared. Raises ValidationError for a playbook that has no published version.
    """
    version = _published(playbook)
    if not 0 <= holdout <= MOST_HOLDOUT:
        raise ValidationError({"holdout": _("Hold back between 0 and %(n)s per cent.") % {"n": MOST_HOLDOUT}})
    wanted = set(customers.order_by().values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError(
            _("These are more than %(n)s customers. Choose fewer at a time.") % {"n": f"{MOST_AT_ONCE:,}"}
        )
    may = Customer.objects.editable_by(actor).present().order_by()
    keys = set(may.filter(pk__in=customers.order_by().values("pk")).values_list("pk", flat=True))
    batch = RunBatch.objects.create(playbook=playbook, made_by=actor.person)
    causes = [Cause(key, "", alert.pk if alert is not None else None) for key in sorted(keys)]
    started = _insert(version, causes, Run.How.HAND, holdout=holdout, actor=actor, batch=batch)
    batch.total, batch.left_out = started, len(wanted) - started
    batch.save(update_fields=["total", "left_out"])
    audit.record(
        actor=actor,
        action="playbook.started",
        subject=playbook,
        changes={"customers": (None, started)},
        customer_id=next(iter(keys)) if len(keys) == 1 else None,
        label=playbook.name,
    )
    return batch


@transaction.atomic
def runs_start_by(*, playbook: Playbook, causes: Sequence[Cause], how: str) -> int:
    """Start a playbook by itself; each cause once, by the version's re-entry rule and hold-out share."""
    version = _published(playbook)
    barred = _barred(version, [cause.customer_id for cause in causes])
    free = [cause for cause in causes if cause.customer_id not in barred]
    once = {cause.customer_id: cause for cause in reversed(free)}  # one start a customer at a time
    return _insert(version, sorted(once.values(), key=_place), how, holdout=version.holdout)


def _place(cause: Cause) -> tuple[int, str]:
    return cause.customer_id, cause.key


def held_back(playbook_id: int, customer_id: int, share: int) -> bool:
    """Tell whether a customer is among the share of a playbook that is held back; always the same ones."""
    digest = hashlib.sha256(f"{playbook_id}:{customer_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < share


def _published(playbook: Playbook) -> PlaybookVersion:
    version = playbook.published
    if version is None or playbook.archived_at is not None:
        raise ValidationError(
            _("“%(name)s” has no published version. Publish it first.") % {"name": playbook}
        )
    return version


def _barred(version: PlaybookVersion, customers: Collection[int]) -> set[int]:
    """Return the customers for which the re-entry rule says not (yet) again."""
    past = Run.objects.filter(playbook=version.playbook_id, customer__in=customers)
    if version.again_days is not None:
        past = past.filter(started_on__gt=time.today() - dt.timedelta(days=version.again_days))
    return set(past.order_by().values_list("customer", flat=True))


def _insert(
    version: PlaybookVersion,
    causes: Iterable[Cause],
    how: str,
    *,
    holdout: int,
    actor: Principal | None = None,
    batch: RunBatch | None = None,
) -> int:
    """Write the runs of causes; those of customers for which one is running are left out. Returns how many."""
    hold(f"playbook:{version.playbook_id}")
    at, wanted = time.now(), list(causes)
    running = set(
        Run.objects.running()
        .filter(playbook=version.playbook_id, customer__in=[one.customer_id for one in wanted])
        .values_list("customer", flat=True)
    )
    known = set(
        Run.objects.filter(
            playbook=version.playbook_id, cause__in=[one.key for one in wanted if one.key]
        ).values_list("cause", flat=True)
    )
    begin = first(plans_of(version))
    rows = [
        _row(version, cause, how, at=at, begin=begin, holdout=holdout, actor=actor, batch=batch)
        for cause in wanted
        if cause.customer_id not in running and not (cause.key and cause.key in known)
    ]
    made = Run.objects.bulk_create(rows, batch_size=500)
    audit.record_many(
        actor=actor,
        action="run.started",
        model=Run,
        changes={run.pk: {"standing": (None, str(run.standing))} for run in made},
    )
    if made:
        bells.ring(KIND)
    return len(made)


def _row(
    version: PlaybookVersion,
    cause: Cause,
    how: str,
    *,
    at: dt.datetime,
    begin: int | None,
    holdout: int,
    actor: Principal | None,
    batch: RunBatch | None,
) -> Run:
    control = held_back(version.playbook_id, cause.customer_id, holdout)
    return Run(
        playbook_id=version.playbook_id,
        running_version=version,
        customer_id=cause.customer_id,
        standing=Run.Standing.CONTROL if control else Run.Standing.RUNNING,
        state=WorkState.DONE if control else WorkState.WAITING,
        how=how,
        cause=cause.key,
        alert_id=cause.alert_id,
        batch=batch,
        started_by=actor.person if actor is not None else None,
        started_on=time.local_day(at),
        due_at=at,
        created_at=at,
        next_key=None if control else begin,
    )


@transaction.atomic
def run_stop(*, actor: Principal, run: Run, why: str) -> Run:
    """Stop a run: its mails that have not left stay, its tasks are the team's. Raises ValidationError without a why."""
    row: Run = Run.objects.select_for_update(of=("self",)).select_related("playbook").get(pk=run.pk)
    if row.standing != Run.Standing.RUNNING:
        return row
    said = why.strip()
    if not said:
        raise ValidationError({"why": _("Say why it is stopped; it tells whether the playbook is any good.")})
    return run_end(run=row, standing=Run.Standing.STOPPED, at=time.now(), why=said, actor=actor)


@transaction.atomic
def runs_apply(*, actor: Principal, playbook: Playbook) -> int:
    """Move every running run to the published version, on purpose; return how many moved.

    A run stays at its step where that is still there, else goes on behind the last step it has done. Steps it has
    done are never done again.
    """
    version = _published(playbook)
    steps = plans_of(version)
    rows = Run.objects.running().filter(playbook=playbook).exclude(running_version=version)
    moved = 0
    for run in rows.select_for_update(of=("self",)).prefetch_related("steps"):
        gone = [one.key for one in run.steps.all() if one.state != RunStep.State.WAITING]
        Run.objects.filter(pk=run.pk).update(
            running_version=version,
            next_key=goes_on_at(steps, run.next_key, gone),
            state=WorkState.WAITING,
            due_at=time.now(),
            leased_until=None,
        )
        moved += 1
    if moved:
        audit.record(
            actor=actor,
            action="playbook.applied",
            subject=playbook,
            changes={"version": (None, version.number), "runs": (None, moved)},
            label=playbook.name,
        )
        bells.ring(KIND)
    return moved


@transaction.atomic
def offer_answer(*, actor: Principal, step: RunStep, answer: str) -> RunStep:
    """Record what the customer said to an offer. Raises ValidationError for another answer or step."""
    rows = RunStep.objects.select_for_update(of=("self",)).select_related("run__playbook", "step")
    row: RunStep = rows.get(pk=step.pk)
    if row.step.kind != Step.Kind.OFFER or answer not in (RunStep.Answer.ACCEPTED, RunStep.Answer.DECLINED):
        raise ValidationError({"answer": _("Say whether the offer was accepted or declined.")})
    before, row.answer, row.answered_at = row.answer, answer, time.now()
    row.save(update_fields=["answer", "answered_at"])
    audit.record(
        actor=actor,
        action="run.offer_answered",
        subject=row.run,
        changes={"answer": (before, answer)},
        customer_id=row.run.customer_id,
        label=row.step.title,
    )
    return row
