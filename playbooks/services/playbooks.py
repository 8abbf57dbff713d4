"""Playbooks written, published, switched on and put away. A published version never changes: editing makes a draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.principals import Principal
from core import time
from playbooks.models import Playbook, PlaybookVersion, Step
from playbooks.plays.around import around, start_of
from playbooks.plays.checking import Problem, problems
from playbooks.plays.kinds import MOST_STEPS
from playbooks.plays.plans import plans_of

START_FIELDS = (
    "starts",
    "start_values",
    "days_before",
    "segments",
    "stages",
    "bands",
    "again_days",
    "holdout",
)
STEP_FIELDS = ("title", "after", "unit", "condition", "branch", "branch_to", "params")


class NotReadyError(ValidationError):
    """A playbook that cannot be published; the messages say why, one for each problem."""


@transaction.atomic
def playbook_create(*, actor: Principal, name: str, purpose: str = "", owner: User | None = None) -> Playbook:
    """Make a playbook with an empty draft. Raises ValidationError by field."""
    playbook = Playbook(name=_named(name), purpose=purpose.strip()[:300], owner=owner or actor.person)
    playbook.save()
    PlaybookVersion.objects.create(playbook=playbook)
    _record(actor, "playbook.created", playbook, {"name": (None, playbook.name)})
    return playbook


@transaction.atomic
def playbook_update(*, actor: Principal, playbook: Playbook, changes: Mapping[str, Any]) -> Playbook:
    """Change name, purpose or owner. Raises ValidationError by field."""
    row = _locked(playbook)
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, _named(value) if name == "name" else value)
    changed = audit.field_changes(before, {name: getattr(row, name) for name in changes})
    if changed:
        _save(row)
        _record(actor, "playbook.updated", row, changed)
    return row


@transaction.atomic
def playbook_copy(*, actor: Principal, playbook: Playbook, name: str) -> Playbook:
    """Make a new playbook with a draft like this one's newest version."""
    source = draft_of(playbook) or playbook.published
    copy = playbook_create(actor=actor, name=name, purpose=playbook.purpose)
    if source is not None:
        draft = copy.versions.get()
        _take_over(source, draft)
    return copy


def draft_of(playbook: Playbook) -> PlaybookVersion | None:
    """Return the draft of a playbook, None without one."""
    return playbook.versions.filter(number__isnull=True).first()


@transaction.atomic
def draft_open(*, actor: Principal, playbook: Playbook) -> PlaybookVersion:
    """Return the draft, made from the published version where there is none."""
    row = _locked(playbook)
    found = draft_of(row)
    if found is not None:
        return found
    draft = PlaybookVersion.objects.create(playbook=row)
    if row.published is not None:
        _take_over(row.published, draft)
    return draft


@transaction.atomic
def draft_discard(*, actor: Principal, playbook: Playbook) -> None:
    """Throw the draft away. Raises ValidationError for a playbook that has nothing else."""
    row = _locked(playbook)
    if row.published is None:
        raise ValidationError(_("This playbook has nothing but its draft. Archive it instead."))
    deleted, _kinds = row.versions.filter(number__isnull=True).delete()
    if deleted:
        _record(actor, "playbook.draft_discarded", row, {})


@transaction.atomic
def start_update(*, actor: Principal, playbook: Playbook, changes: Mapping[str, Any]) -> PlaybookVersion:
    """Change what starts the draft, and for whom (`START_FIELDS`)."""
    draft = draft_open(actor=actor, playbook=playbook)
    before = {name: getattr(draft, name) for name in changes}
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save()
    changed = audit.field_changes(before, dict(changes))
    if changed:
        _record(actor, "playbook.updated", playbook, changed)
    return draft


@transaction.atomic
def step_add(*, actor: Principal, playbook: Playbook, kind: str, values: Mapping[str, Any]) -> Step:
    """Add a step at the end of the draft. Raises ValidationError by field."""
    if kind not in Step.Kind.values:
        raise ValidationError({"kind": _("There is no such kind of step.")})
    draft = draft_open(actor=actor, playbook=playbook)
    last = draft.steps.aggregate(key=Max("key"), position=Max("position"))
    if (last["position"] or 0) >= MOST_STEPS:
        raise ValidationError(_("A playbook has at most %(n)s steps.") % {"n": MOST_STEPS})
    used = PlaybookVersion.objects.filter(playbook=playbook).aggregate(key=Max("steps__key"))["key"]
    step = Step(version=draft, kind=kind, key=(used or 0) + 1, position=(last["position"] or 0) + 1)
    _set(step, values)
    step.save()
    _record(actor, "playbook.step_changed", playbook, {"step": (None, step.title)})
    return step


@transaction.atomic
def step_update(*, actor: Principal, step: Step, values: Mapping[str, Any]) -> Step:
    """Change a step of a draft (`STEP_FIELDS`). Raises ValidationError for a published one."""
    row = _of_draft(step)
    before = {name: getattr(row, name) for name in values}
    _set(row, values)
    row.save()
    if audit.field_changes(before, dict(values)):
        _record(actor, "playbook.step_changed", row.version.playbook, {"step": (step.title, row.title)})
    return row


@transaction.atomic
def step_remove(*, actor: Principal, step: Step) -> None:
    """Take a step out of a draft; those behind it move up."""
    row = _of_draft(step)
    draft, playbook = row.version, row.version.playbook
    row.delete()
    _renumber(draft, [one.pk for one in draft.steps.order_by("position")])
    _record(actor, "playbook.step_changed", playbook, {"step": (row.title, None)})


@transaction.atomic
def step_move(*, actor: Principal, step: Step, up: bool) -> None:
    """Move a step of a draft one place up or down; at the end of the list nothing changes."""
    row = _of_draft(step)
    order = [one.pk for one in row.version.steps.order_by("position")]
    place = order.index(row.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        _renumber(row.version, order)
        _record(actor, "playbook.step_changed", row.version.playbook, {"position": (place + 1, other + 1)})


def version_problems(version: PlaybookVersion) -> list[Problem]:
    """Return what keeps a version from being published, in words."""
    return problems(start_of(version), plans_of(version), around(version))


@transaction.atomic
def playbook_publish(*, actor: Principal, playbook: Playbook, note: str = "") -> PlaybookVersion:
    """Publish the draft: it never changes any more, and new runs follow it. Raises NotReadyError with every problem."""
    row = _locked(playbook)
    draft = draft_of(row)
    if draft is None:
        raise ValidationError(_("There is no draft to publish."))
    wrong = version_problems(draft)
    if wrong:
        raise NotReadyError([one.text for one in wrong])
    newest = row.versions.aggregate(n=Max("number"))["n"] or 0
    draft.number, draft.note, draft.published_at = newest + 1, note.strip()[:300], time.now()
    draft.published_by = actor.person
    draft.save()
    before = row.published.number if row.published is not None else None
    row.published = draft
    _save(row)
    _record(actor, "playbook.published", row, {"version": (before, draft.number)})
    return draft


@transaction.atomic
def playbook_switch(*, actor: Principal, playbook: Playbook, on: bool) -> Playbook:
    """Let a playbook start by itself, or no more; runs go on. Raises ValidationError for one never published."""
    row = _locked(playbook)
    if row.active == on:
        return row
    if on and row.published is None:
        raise ValidationError(_("Publish it first: only a published version can start by itself."))
    if on and row.published is not None and row.published.starts == PlaybookVersion.Starts.HAND:
        raise ValidationError(_("Nothing starts it by itself. Say when it starts and publish that first."))
    row.active, row.active_since, row.looked_at = on, time.now() if on else None, None
    _save(row)
    _record(actor, "playbook.switched_on" if on else "playbook.switched_off", row, {"active": (not on, on)})
    return row


@transaction.atomic
def playbook_archive(*, actor: Principal, playbook: Playbook, archived: bool = True) -> Playbook:
    """Put a playbook away (it starts no more, runs go on), or take it back."""
    row = _locked(playbook)
    if (row.archived_at is not None) == archived:
        return row
    row.archived_at = time.now() if archived else None
    row.active, row.active_since = False, None
    _save(row)
    _record(actor, "playbook.archived" if archived else "playbook.restored", row, {})
    return row


def _take_over(source: PlaybookVersion, draft: PlaybookVersion) -> None:
    for name in START_FIELDS:
        setattr(draft, name, getattr(source, name))
    draft.save()
    fields = ("key", "position", "kind", *STEP_FIELDS)
    Step.objects.bulk_create(
        Step(version=draft, **{name: getattr(step, name) for name in fields}) for step in source.steps.all()
    )


def _set(step: Step, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in STEP_FIELDS:
            raise ValidationError({name: _("A step has no such part.")})
        setattr(step, name, value)
    step.title = step.title.strip()
    if not step.title:
        raise ValidationError({"title": _("Say what the step is called.")})


def _of_draft(step: Step) -> Step:
    row: Step = (
        Step.objects.select_for_update(of=("self",)).select_related("version__playbook").get(pk=step.pk)
    )
    if row.version.number is not None:
        raise ValidationError(_("A published version never changes. Change the draft."))
    return row


def _renumber(draft: PlaybookVersion, order: Sequence[int]) -> None:
    """Number steps anew; first out of the way of each other, as a place is taken once."""
    rows = {one.pk: one for one in draft.steps.all()}
    for shift in (1000, 0):
        for place, key in enumerate(order, start=1):
            rows[key].position = place + shift
        Step.objects.bulk_update(rows.values(), ["position"])


def _named(name: str) -> str:
    said = name.strip()
    if not 0 < len(said) <= 120:
        raise ValidationError({"name": _("Give it a name of 1 to %(n)s characters.") % {"n": 120}})
    return said


def _locked(playbook: Playbook) -> Playbook:
    row: Playbook = (
        Playbook.objects.select_for_update(of=("self",)).select_related("published").get(pk=playbook.pk)
    )
    return row


def _save(playbook: Playbook) -> None:
    playbook.version += 1
    playbook.updated_at = time.now()
    playbook.save()


def _record(
    actor: Principal | None, action: str, playbook: Playbook, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    audit.record(actor=actor, action=action, subject=playbook, changes=changes, label=playbook.name)
