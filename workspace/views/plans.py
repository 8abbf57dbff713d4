"""Action plans of figures: opened, changed, closed; their steps added and ticked."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.forms import FocusedForm
from core.toasts import toast
from customers.views.form_page import FormPage, form_page
from metrics.models import ActionPlan, PlanStep
from metrics.registry import FIGURES
from metrics.services.plans import plan_close, plan_open, plan_update, step_add, step_done
from workspace.metrics.aims import figure_url, may_edit
from workspace.metrics.plan_form import OutcomeForm, PlanForm, StepForm

USUAL_DAYS = 30
FORM = "workspace/metrics/form.html"


@requires(Perm.TARGETS_EDIT)
@require_http_methods(["GET", "POST"])
def plan_new(request: HttpRequest, key: str) -> HttpResponse:
    """Open a plan for a figure; `?slice=` chooses for whom."""
    if key not in FIGURES:
        raise Http404
    user, slice_ = signed_in(request), request.GET.get("slice", "")
    usual = {"owner": user.pk, "due_on": time.today() + dt.timedelta(days=USUAL_DAYS)}
    form = PlanForm(request.POST or None, figure=FIGURES[key], initial=usual, new=True, slice_=slice_)

    def save(_data: dict[str, Any]) -> None:
        plan_open(actor=user, key=key, **form.saved())

    back = figure_url(key, request.POST.get("slice", slice_))
    return form_page(
        request, page=_page(key, _("Open an action plan"), _("The plan is open."), back), form=form, save=save
    )


@requires(Perm.METRICS_VIEW)
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change cause, owner or due day of an open plan."""
    plan, user = _plan(request, pk), signed_in(request)
    now = {"cause": plan.cause, "owner": plan.owner_id, "due_on": plan.due_on}
    form = PlanForm(request.POST or None, figure=FIGURES[plan.key], initial=now, new=False)

    def save(data: dict[str, Any]) -> None:
        plan_update(actor=user, plan=plan, changes=data)

    return _form(request, plan, _("Change the plan"), _("The plan is changed."), form, save)


@requires(Perm.METRICS_VIEW)
@require_http_methods(["GET", "POST"])
def plan_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a plan with what came of it."""
    plan, user = _plan(request, pk), signed_in(request)

    def save(data: dict[str, Any]) -> None:
        plan_close(actor=user, plan=plan, outcome=data["outcome"])

    form = OutcomeForm(request.POST or None)
    return _form(request, plan, _("Close the plan"), _("The plan is closed."), form, save)


@requires(Perm.METRICS_VIEW)
@require_http_methods(["GET", "POST"])
def plan_step_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a step to an open plan."""
    plan, user = _plan(request, pk), signed_in(request)

    def save(data: dict[str, Any]) -> None:
        step_add(actor=user, plan=plan, what=data["what"], due_on=data["due_on"])

    form = StepForm(request.POST or None)
    return _form(request, plan, _("Add a step"), _("The step is added."), form, save)


@requires(Perm.METRICS_VIEW)
@require_POST
def plan_step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Tick a step of an open plan, or (`done=`) take the tick back."""
    plan = _plan(request, pk)
    row = get_object_or_404(PlanStep, pk=step, plan=plan)
    done = bool(request.POST.get("done"))
    step_done(actor=signed_in(request), step=row, done=done)
    toast(request, _("The step is done.") if done else _("The step is open again."))
    return redirect(figure_url(plan.key, plan.slice))


def _plan(request: HttpRequest, pk: int) -> ActionPlan:
    """Return an open plan that the person may change; others are told that they may not."""
    plan = get_object_or_404(ActionPlan, pk=pk, key__in=FIGURES, closed_on__isnull=True)
    if not may_edit(signed_in(request), plan):
        raise PermissionDenied
    return plan


def _page(key: str, title: str, done: str, back: str) -> FormPage:
    return FormPage(
        title=title, submit=_("Save"), done=done, back=back, template=FORM, extra={"figure": FIGURES[key]}
    )


def _form(
    request: HttpRequest, plan: ActionPlan, title: str, done: str, form: FocusedForm, save: Any
) -> HttpResponse:
    page = _page(plan.key, title, done, figure_url(plan.key, plan.slice))
    return form_page(request, page=page, form=form, save=save)
