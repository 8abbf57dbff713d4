"""The expansion pipeline: the page and its file, one opportunity made, changed, handed over, won or lost."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.forms import DayField, MoneyField
from core.toasts import toast, toast_error
from customers.models import Customer, InsightTeam, Team
from customers.views.form_page import FormPage, form_page
from playbooks.models import Opportunity
from playbooks.services.opportunities import (
    opportunity_create,
    opportunity_hand_over,
    opportunity_lost,
    opportunity_reopen,
    opportunity_update,
    opportunity_won,
)
from workspace.opportunities.board import HEADER, TONES, Board, missing
from workspace.opportunities.forms import OpportunityForm
from workspace.work.files import csv_file
from workspace.work.picks import whole_number


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def opportunities(request: HttpRequest) -> HttpResponse:
    """Show the pipeline, or what was won and lost."""
    board = Board(signed_in(request), request.GET)
    return render(request, "workspace/opportunities/page.html", {"board": board})


@requires(Perm.EXPORT_RUN)
@require_GET
def opportunities_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the opportunities that match as CSV."""
    user = signed_in(request)
    board = Board(user, request.GET)
    changes = {"show": (None, board.show), "stage": (None, board.stage.chosen)}
    audit.record(actor=user, action="opportunities.exported", subject=("opportunities", "-"), changes=changes)
    return csv_file("opportunities", HEADER, board.file())


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_new(request: HttpRequest) -> HttpResponse:
    """Write an opportunity down; `?customer=` says whose."""
    user = signed_in(request)
    key = whole_number(request.GET.get("customer"))
    customer = Customer.objects.editable_by(user).filter(pk=key).first() if key else None
    form = OpportunityForm(request.POST or None, user=user, customer=customer)

    def save(data: dict[str, Any]) -> None:
        about = customer or data.pop("customer")
        opportunity_create(actor=user, customer=about, **data)

    page = FormPage(
        title=_("New opportunity"),
        submit=_("Save"),
        done=_("The opportunity is recorded."),
        back=reverse("customer", args=[customer.pk]) if customer else reverse("opportunities"),
        customer=customer,
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one opportunity; who may change the customer changes it here."""
    user = signed_in(request)
    rows = Opportunity.objects.visible_to(user).select_related("customer", "owner")
    row = get_object_or_404(rows, pk=pk)
    may_edit = Opportunity.objects.editable_by(user).filter(pk=pk).exists()
    posted = request.POST if may_edit and request.method == "POST" else None
    form = OpportunityForm(posted, user=user, opportunity=row)

    def save(data: dict[str, Any]) -> None:
        opportunity_update(actor=user, opportunity=row, changes=data)

    page = FormPage(
        title=row.title,
        submit=_("Save"),
        done=_("Saved."),
        back=reverse("opportunities"),
        template="workspace/opportunities/opportunity.html",
        extra={
            "row": row,
            "tone": TONES[row.stage],
            "may_edit": may_edit,
            "missing": missing(row, time.today()),
            "today": time.today(),
            "sales": row.sales_email
            or InsightTeam.objects.filter(team=Team.SALES).values_list("email", flat=True).first(),
        },
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def opportunity_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it over (`do=sales`), say it is won (`do=won`) or lost (`do=lost`), or open it again (`do=reopen`)."""
    user = signed_in(request)
    row = get_object_or_404(Opportunity.objects.editable_by(user).select_related("customer"), pk=pk)
    do = request.POST.get("do") or request.GET.get("do") or ""
    try:
        said = _turn(user, row, do, request.POST)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        undo = reverse("opportunity_turn", args=[pk]) + "?do=reopen" if do in ("won", "lost") else None
        toast(request, said, undo_url=undo)
    return redirect("opportunity", pk)


def _turn(user: User, row: Opportunity, do: str, sent: QueryDict) -> str:
    if do == "sales":
        opportunity_hand_over(actor=user, opportunity=row, to=sent.get("to", ""))
        return _("Sales has it: they get a mail with what is known.")
    if do == "won":
        mrr = MoneyField(required=False).clean(sent.get("mrr", ""))
        opportunity_won(actor=user, opportunity=row, on=DayField().clean(sent.get("on", "")), mrr_cents=mrr)
        return _("Won. The night looks for it in the MRR.")
    if do == "lost":
        opportunity_lost(actor=user, opportunity=row, why=sent.get("why", ""))
        return _("Lost. The reason is kept.")
    if do == "reopen":
        opportunity_reopen(actor=user, opportunity=row)
        return _("The opportunity is open again.")
    raise ValidationError(_("Choose what is to happen to the opportunity."))
