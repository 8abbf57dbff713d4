"""Settings: what the score lab finds out of a draft: the past, weights that would be better, a shadow, the gate."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from metrics.health import suggest
from metrics.services.scorecards import draft_save, shadow_start, shadow_stop
from workspace.health import lab, trial
from workspace.views.health_lab import PAGE, address, cell_of, context

BACKTEST = "workspace/health/_backtest.html"
SUGGESTION = "workspace/health/_suggestion.html"
GATE = "workspace/health/gate.html"


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def health_backtest(request: HttpRequest) -> HttpResponse:
    """Tell how well what is worked on would have told who leaves; a part of the page, or the page with it."""
    cell = cell_of(request)
    definition, _in_force, _draft = lab.definition_now()
    told = {"backtest": trial.tested(definition, cell, signed_in(request)), "cell": cell}
    if getattr(request, "htmx", False):
        return render(request, BACKTEST, told)
    return render(request, PAGE, {**context(cell), **told})


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def health_suggestion(request: HttpRequest) -> HttpResponse:
    """Tell which weights would have told best who leaves; a part of the page, or the page with it."""
    cell = cell_of(request)
    definition, _in_force, _draft = lab.definition_now()
    told = {"suggestion": trial.suggested(definition, cell, signed_in(request)), "cell": cell}
    if getattr(request, "htmx", False):
        return render(request, SUGGESTION, told)
    return render(request, PAGE, {**context(cell), **told})


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def health_take_over(request: HttpRequest) -> HttpResponse:
    """Take the suggested weights of a profile into the draft."""
    cell = cell_of(request)
    definition, _in_force, _draft = lab.definition_now()
    found = trial.suggested(definition, cell, signed_in(request))
    weights = {one["key"]: one["then"] * 100 for one in found["weights"]} if found else {}
    if not weights:
        toast(request, _("There is nothing to take over yet."))
        return redirect(address(cell))
    draft_save(actor=signed_in(request), definition=suggest.with_weights(definition, cell, weights))
    toast(request, _("The suggested weights are in the draft. Nothing changes until you publish it."))
    return redirect(address(cell))


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def health_shadow(request: HttpRequest) -> HttpResponse:
    """Start the draft as a shadow, or end the one that runs (`act=stop`)."""
    if request.POST.get("act") == "stop":
        shadow_stop(actor=signed_in(request))
        toast(request, _("The shadow has ended."))
        return redirect(address(cell_of(request)))
    try:
        shadow_start(actor=signed_in(request))
    except ValidationError as refused:
        return render(request, PAGE, {**context(cell_of(request)), "wrong": refused.messages}, status=422)
    toast(request, _("From the next night on the draft scores beside the published version."))
    return redirect(address(cell_of(request)))


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def health_gate(request: HttpRequest) -> HttpResponse:
    """Say what is known of the draft and what is not, before it is published."""
    definition, _in_force, draft = lab.definition_now()
    if draft is None:
        toast(request, _("There is no draft to publish."))
        return redirect(address(""))
    return render(request, GATE, {"gate": trial.gate(definition, signed_in(request)), "draft": draft})
