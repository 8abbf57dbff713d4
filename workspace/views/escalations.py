"""Escalations: the executive view, one opened, changed, closed with what was learned, opened again."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import Customer
from customers.views.form_page import FormPage, form_page
from playbooks.models import Escalation
from playbooks.services.escalations import (
    escalation_close,
    escalation_create,
    escalation_reopen,
    escalation_update,
)
from workspace.escalations.board import TONES, Board
from workspace.escalations.forms import EscalationForm
from workspace.work.picks import whole_number


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def escalations(request: HttpRequest) -> HttpResponse:
    """Show what is open, the gravest first, or what was closed and learned."""
    return render(
        request, "workspace/escalations/page.html", {"board": Board(signed_in(request), request.GET)}
    )


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def escalation_new(request: HttpRequest) -> HttpResponse:
    """Take a problem up; `?customer=` says whose."""
    user = signed_in(request)
    key = whole_number(request.GET.get("customer"))
    customer = Customer.objects.editable_by(user).filter(pk=key).first() if key else None

    def save(data: dict[str, Any]) -> None:
        about = customer or data.pop("customer")
        escalation_create(actor=user, customer=about, **data)

    page = FormPage(
        title=_("New escalation"),
        submit=_("Save"),
        done=_("The escalation is open."),
        back=reverse("escalations"),
        customer=customer,
    )
    form = EscalationForm(request.POST or None, user=user, customer=customer)
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def escalation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one escalation; who may change the customer changes it here while it is open."""
    user = signed_in(request)
    rows = Escalation.objects.visible_to(user).select_related("customer", "owner", "author")
    row = get_object_or_404(rows, pk=pk)
    may_edit = Escalation.objects.editable_by(user).filter(pk=pk).exists()
    posted = request.POST if may_edit and request.method == "POST" else None

    def save(data: dict[str, Any]) -> None:
        escalation_update(actor=user, escalation=row, changes=data)

    page = FormPage(
        title=row.title,
        submit=_("Save"),
        done=_("Saved."),
        back=reverse("escalations"),
        template="workspace/escalations/escalation.html",
        extra={"row": row, "tone": TONES[row.severity], "may_edit": may_edit},
    )
    form = EscalationForm(posted, user=user, escalation=row)
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def escalation_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an escalation with what was learned, or open it again (`do=reopen`)."""
    user = signed_in(request)
    row = get_object_or_404(Escalation.objects.editable_by(user), pk=pk)
    try:
        if (request.POST.get("do") or request.GET.get("do")) == "reopen":
            escalation_reopen(actor=user, escalation=row)
            toast(request, _("The escalation is open again."))
        else:
            escalation_close(actor=user, escalation=row, learned=request.POST.get("learned", ""))
            undo = reverse("escalation_turn", args=[pk]) + "?do=reopen"
            toast(request, _("The escalation is closed."), undo_url=undo)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    return redirect("escalation", pk)
