"""The strategy matrix and one cell of it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from customers.models import Segment, Stage
from customers.views.form_page import FormPage, form_page
from playbooks.services.strategy import strategy_set
from workspace.strategy.forms import StrategyForm
from workspace.strategy.matrix import Matrix

PER_PAGE = 40


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def strategy(request: HttpRequest) -> HttpResponse:
    """Show the nine cells."""
    return render(request, "workspace/strategy/page.html", {"matrix": Matrix(signed_in(request))})


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def strategy_cell(request: HttpRequest, segment: str, stage: str) -> HttpResponse:
    """Show a cell with whom no strategy reaches; a manager says here what it is for."""
    if segment not in Segment.values or stage not in Stage.values:
        raise Http404
    user = signed_in(request)
    matrix = Matrix(user)
    cell = matrix.cell(segment, stage)
    form = StrategyForm(request.POST if matrix.may_edit and request.method == "POST" else None, cell=cell)

    def save(data: dict[str, Any]) -> None:
        strategy_set(actor=user, segment=segment, stage=stage, **data)

    rows = Paginator(matrix.left_out(segment, stage), PER_PAGE).get_page(request.GET.get("page"))
    page = FormPage(
        title=f"{cell.segment.label} · {cell.stage.label}",
        submit=_("Save"),
        done=_("The strategy is saved."),
        back=reverse("strategy"),
        template="workspace/strategy/cell.html",
        extra={"cell": cell, "matrix": matrix, "rows": rows},
    )
    return form_page(request, page=page, form=form, save=save)
