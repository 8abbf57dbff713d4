"""Studies of playbooks: asked for by a page or due by themselves, done by a worker, kept for whoever looks."""

import datetime as dt
import logging

from django.db import models, transaction

from accounts import audit
from accounts.principals import Principal
from core import bells, time
from core.models import WorkState
from metrics.nights import last_finished_day
from playbooks.models import Playbook, PlaybookStudy, PlaybookVersion, Run

log = logging.getLogger(__name__)

KIND = "playbook studies"
LEASE = dt.timedelta(minutes=30)
MOST_ATTEMPTS = 3
EVERY = dt.timedelta(days=1)
AFTER = dt.timedelta(days=30)  # of its first run, from which on a playbook's effect is measured


@transaction.atomic
def study_ask(
    *, actor: Principal | None, playbook: Playbook, kind: str, version: PlaybookVersion | None = None
) -> PlaybookStudy | None:
    """Ask for a study; one that waits already is not asked for twice. None before the first night."""
    day = last_finished_day()
    if day is None:
        return None
    waiting: PlaybookStudy | None = PlaybookStudy.objects.filter(
        playbook=playbook, kind=kind, studied=version, state__in=[WorkState.WAITING, WorkState.RUNNING]
    ).first()
    if waiting is not None:
        return waiting
    study: PlaybookStudy = PlaybookStudy.objects.create(
        playbook=playbook,
        kind=kind,
        studied=version,
        as_of=day,
        asked_by=actor.person if actor is not None else None,
    )
    if actor is not None:
        audit.record(
            actor=actor,
            action="playbook.studied",
            subject=playbook,
            changes={"kind": (None, kind)},
            label=playbook.name,
        )
    bells.ring(KIND)
    return study


def latest(playbook: Playbook, kind: str) -> PlaybookStudy | None:
    """Return the newest study of a kind, done or not."""
    found: PlaybookStudy | None = (
        PlaybookStudy.objects.filter(playbook=playbook, kind=kind).order_by("-pk").first()
    )
    return found


def due() -> bool:
    """Tell whether a study waits, or a playbook's effect has not been measured for a day."""
    return bool(PlaybookStudy.objects.claimable(time.now()).exists()) or _unmeasured().exists()


def work() -> int:
    """Do one study that waits; ask for the effect of playbooks that have none of today. Returns how many it was."""
    for playbook in _unmeasured()[:5]:
        if study_ask(actor=None, playbook=playbook, kind=PlaybookStudy.Kind.EFFECT) is None:
            break
    taken: list[PlaybookStudy] = PlaybookStudy.objects.claim(limit=1, lease=LEASE)
    for study in taken:
        _do(study)
    return len(taken)


def _do(study: PlaybookStudy) -> None:
    from playbooks.plays import measured, rehearsal

    rows = PlaybookStudy.objects.filter(pk=study.pk)
    try:
        if study.kind == PlaybookStudy.Kind.REHEARSAL and study.studied is not None:
            result = rehearsal.summary(study.studied, study.as_of)
        else:
            result = measured.measure(study.playbook, study.as_of)
    except Exception as error:
        log.exception("Study %s failed", study.pk)
        over = study.attempts >= MOST_ATTEMPTS
        rows.update(
            state=WorkState.FAILED if over else WorkState.WAITING,
            due_at=time.now() + dt.timedelta(minutes=5),
            leased_until=None,
            error=type(error).__name__,
        )
        return
    with transaction.atomic():
        rows.update(state=WorkState.DONE, finished_at=time.now(), leased_until=None, error="", result=result)
        older = PlaybookStudy.objects.filter(
            playbook=study.playbook, kind=study.kind, pk__lt=study.pk, state=WorkState.DONE
        )
        older.delete()


def _unmeasured() -> models.QuerySet[Playbook]:
    now = time.now()
    begun = Run.objects.filter(started_on__lte=time.local_day(now - AFTER)).values("playbook")
    fresh = PlaybookStudy.objects.filter(kind=PlaybookStudy.Kind.EFFECT, created_at__gt=now - EVERY)
    if last_finished_day() is None:
        return Playbook.objects.none()
    rows = Playbook.objects.live().filter(pk__in=begun).exclude(pk__in=fresh.values("playbook"))
    return rows.order_by("pk")
