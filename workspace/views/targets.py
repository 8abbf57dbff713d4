"""Targets: all of them on a page, one set, changed, ended or taken up again."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from customers.views.form_page import FormPage, form_page
from metrics.models import Target
from metrics.registry import FIGURES, Figure
from metrics.services.targets import target_create, target_end, target_resume, target_update
from workspace.metrics.aims import figure_url
from workspace.metrics.target_form import TargetForm
from workspace.metrics.targets_page import TargetsPage

FORM = "workspace/metrics/form.html"


@requires(Perm.METRICS_VIEW)
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """Show all targets with their status, and the action plans."""
    return render(request, "workspace/metrics/targets.html", {"page": TargetsPage(signed_in(request))})


@requires(Perm.TARGETS_EDIT)
@require_http_methods(["GET", "POST"])
def target_new(request: HttpRequest, key: str) -> HttpResponse:
    """Set a target for a figure; `?slice=` chooses for whom."""
    figure, user = _figure(key), signed_in(request)
    form = TargetForm(
        request.POST or None, figure=figure, today=time.today(), slice_=request.GET.get("slice", "")
    )

    def save(data: dict[str, Any]) -> None:
        target_create(actor=user, key=key, **data)

    page = _page(figure, _("Set a target"), _("The target is set."), figure_url(key, _slice(request)))
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.TARGETS_EDIT)
@require_http_methods(["GET", "POST"])
def target_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a target; its baseline stays unless another one is given."""
    target, user = get_object_or_404(Target, pk=pk, key__in=FIGURES), signed_in(request)
    figure = FIGURES[target.key]
    form = TargetForm(request.POST or None, figure=figure, today=time.today(), target=target)

    def save(data: dict[str, Any]) -> None:
        target_update(actor=user, target=target, changes=data)

    page = _page(
        figure, _("Change the target"), _("The target is changed."), figure_url(target.key, target.slice)
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.TARGETS_EDIT)
@require_POST
def target_over(request: HttpRequest, pk: int) -> HttpResponse:
    """End a target today, or (`do=resume`) take it up again."""
    target, user = get_object_or_404(Target, pk=pk), signed_in(request)
    if request.POST.get("do") == "resume":
        target_resume(actor=user, target=target)
        toast(request, _("The target holds again."))
    else:
        target_end(actor=user, target=target, on=time.today())
        toast(request, _("The target is ended. It stands below, and can be taken up again."))
    return redirect("targets")


def _page(figure: Figure, title: str, done: str, back: str) -> FormPage:
    return FormPage(
        title=title, submit=_("Save"), done=done, back=back, template=FORM, extra={"figure": figure}
    )


def _slice(request: HttpRequest) -> str:
    return request.POST.get("slice") or request.GET.get("slice", "")


def _figure(key: str) -> Figure:
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]
