"""Action plans: what is done about a figure that fell or missed its target."""

import datetime as dt
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
from metrics.models import ActionPlan, PlanStep
from metrics.nights import last_finished_day
from metrics.services.targets import check_figure
from metrics.standings import value_now
from metrics.targets import outside

FIELDS = ("cause", "owner", "due_on")
MOST_STEPS = 40


@transaction.atomic
def plan_open(
    *,
    actor: Principal | None,
    key: str,
    cause: str,
    owner: User,
    due_on: dt.date,
    slice: str = "",
    steps: Sequence[str] = (),
) -> ActionPlan:
    """Open a plan for a figure; what the figure is as of the last finished night is kept with it.

    Raises ValidationError by field: an unknown figure or slice, a plan that is open already, a due day that is over,
    an owner that left, no cause.
    """
    check_figure(key, slice)
    if ActionPlan.objects.filter(key=key, slice=slice, closed_on__isnull=True).exists():
        raise ValidationError({"key": _("This figure has an open plan already. Add your steps to that one.")})
    plan = ActionPlan(
        key=key, slice=slice, cause=cause.strip(), owner=owner, due_on=due_on, opened_on=time.today()
    )
    _check(plan)
    plan.value = _value(plan)
    plan.save()
    PlanStep.objects.bulk_create(
        PlanStep(plan=plan, position=place, what=what)
        for place, what in enumerate((_what(step) for step in steps if step.strip()), start=1)
    )
    changes = {name: (None, getattr(plan, name)) for name in ("key", "slice", *FIELDS)}
    audit.record(actor=actor, action="plan.opened", subject=plan, changes=changes)
    return plan


@transaction.atomic
def plan_update(*, actor: Principal | None, plan: ActionPlan, changes: Mapping[str, Any]) -> ActionPlan:
    """Change cause, owner or due day of a plan. Raises ValidationError by field."""
    row = _locked(plan)
    changed = audit.field_changes({name: getattr(row, name) for name in changes}, changes)
    if not changed:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    audit.record(actor=actor, action="plan.updated", subject=row, changes=changed)
    return row


@transaction.atomic
def plan_close(*, actor: Principal | None, plan: ActionPlan, outcome: str) -> ActionPlan:
    """Close a plan with what came of it. Raises ValidationError without a word about that."""
    row = _locked(plan)
    if row.closed_on is not None:
        return row
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say in a sentence what came of it.")})
    row.closed_on, row.outcome = max(time.today(), row.opened_on), outcome.strip()
    row.save(update_fields=["closed_on", "outcome"])
    changes = {"closed_on": (None, row.closed_on), "outcome": ("", row.outcome)}
    audit.record(actor=actor, action="plan.closed", subject=row, changes=changes)
    return row


@transaction.atomic
def step_add(
    *, actor: Principal | None, plan: ActionPlan, what: str, due_on: dt.date | None = None
) -> PlanStep:
    """Add a step at a plan's end. Raises ValidationError by field."""
    row = _open(plan)
    place = row.steps.aggregate(last=Max("position"))["last"] or 0
    if place >= MOST_STEPS:
        raise ValidationError({"what": _("A plan has at most %(n)s steps.") % {"n": MOST_STEPS}})
    step = PlanStep.objects.create(plan=row, position=place + 1, what=_what(what), due_on=due_on)
    audit.record(actor=actor, action="plan.step_added", subject=row, changes={"step": (None, step.what)})
    return step


@transaction.atomic
def step_done(*, actor: Principal | None, step: PlanStep, done: bool) -> PlanStep:
    """Mark a step as done today, or as not done after all. Saying it twice changes nothing."""
    plan = _open(step.plan)
    row = plan.steps.select_for_update().get(pk=step.pk)
    if (row.done_on is not None) == done:
        return row
    before, row.done_on = row.done_on, time.today() if done else None
    row.save(update_fields=["done_on"])
    audit.record(
        actor=actor,
        action="plan.step_done" if done else "plan.step_undone",
        subject=plan,
        changes={"step": (row.what if not done else None, row.what), "done_on": (before, row.done_on)},
    )
    return row


def _check(plan: ActionPlan) -> None:
    if not plan.cause:
        raise ValidationError({"cause": _("Say what you think the cause is.")})
    if plan.due_on < plan.opened_on:
        raise ValidationError({"due_on": _("The plan is due before it begins. Give a later day.")})
    if not plan.owner.is_active:
        raise ValidationError({"owner": _("This person cannot sign in any more. Choose another one.")})


def _value(plan: ActionPlan) -> Any:
    night = last_finished_day()
    value = value_now(plan.key, plan.slice, plan.due_on, night) if night else None
    return None if value is None else outside(plan.key, value)


def _what(text: str) -> str:
    what = text.strip()
    longest = 200
    if not what or len(what) > longest:
        raise ValidationError({"what": _("Say the step in 1 to %(n)s characters.") % {"n": longest}})
    return what


def _locked(plan: ActionPlan) -> ActionPlan:
    return ActionPlan.objects.select_for_update().get(pk=plan.pk)


def _open(plan: ActionPlan) -> ActionPlan:
    row = _locked(plan)
    if row.closed_on is not None:
        raise ValidationError(_("This plan is closed. Open a new one for what is left to do."))
    return row
