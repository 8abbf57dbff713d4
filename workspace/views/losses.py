"""The register of losses: the page and its file, one loss, notice taken, saved; the reasons to choose from."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import Customer
from customers.views.form_page import FormPage, form_page
from playbooks.models import Loss, LossReason
from playbooks.services.losses import (
    loss_create,
    loss_reopen,
    loss_saved,
    loss_update,
    reason_create,
    reason_update,
)
from workspace.losses.forms import LossForm, ReasonForm
from workspace.losses.register import HEADER, TONES, Register
from workspace.work.files import csv_file
from workspace.work.picks import whole_number

LOSS = "workspace/losses/loss.html"


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def losses(request: HttpRequest) -> HttpResponse:
    """Show what was lost and saved in a period, by reason and line by line."""
    register = Register(signed_in(request), request.GET)
    return render(request, "workspace/losses/page.html", {"register": register})


@requires(Perm.EXPORT_RUN)
@require_GET
def losses_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the lines that match as CSV."""
    user = signed_in(request)
    register = Register(user, request.GET)
    changes = {"period": (None, register.period), "state": (None, register.state.chosen)}
    audit.record(actor=user, action="losses.exported", subject=("losses", "-"), changes=changes)
    return csv_file("losses", HEADER, register.file())


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def loss_new(request: HttpRequest) -> HttpResponse:
    """Write down a notice; `?customer=` says whose."""
    user = signed_in(request)
    key = whole_number(request.GET.get("customer"))
    customer = Customer.objects.editable_by(user).filter(pk=key).first() if key else None
    form = LossForm(request.POST or None, user=user, customer=customer)

    def save(data: dict[str, Any]) -> None:
        about = customer or data.pop("customer")
        loss_create(actor=user, customer=about, **data)

    page = FormPage(
        title=_("Take notice"),
        submit=_("Save"),
        done=_("The notice is recorded."),
        back=reverse("customer", args=[customer.pk]) if customer else reverse("losses"),
        intro=_(
            "A customer that says it will leave, or pay less. The night makes it a loss when it comes true."
        ),
        customer=customer,
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def loss(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one loss; who may change the customer says more about it here."""
    user = signed_in(request)
    rows = Loss.objects.visible_to(user).select_related("customer", "reason", "author")
    row = get_object_or_404(rows, pk=pk)
    may_edit = Loss.objects.editable_by(user).filter(pk=pk).exists()
    form = LossForm(request.POST if may_edit and request.method == "POST" else None, user=user, loss=row)

    def save(data: dict[str, Any]) -> None:
        loss_update(actor=user, loss=row, changes=data)

    page = FormPage(
        title=row.customer.name,
        submit=_("Save"),
        done=_("Saved."),
        back=reverse("losses"),
        template=LOSS,
        extra={"loss": row, "tone": TONES[row.state], "may_edit": may_edit},
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def loss_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a customer stays after all (`do=saved`), or take that back (`do=reopen`)."""
    user = signed_in(request)
    row = get_object_or_404(Loss.objects.editable_by(user), pk=pk)
    try:
        if request.POST.get("do", request.GET.get("do")) == "reopen":
            loss_reopen(actor=user, loss=row)
            toast(request, _("The notice is open again."))
        else:
            loss_saved(actor=user, loss=row)
            undo = reverse("loss_turn", args=[pk]) + "?do=reopen"
            toast(request, _("It stays: the save is recorded."), undo_url=undo)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    return redirect("loss", pk)


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def loss_reasons(request: HttpRequest) -> HttpResponse:
    """List the reasons with how many losses each has."""
    rows = LossReason.objects.annotate(used=Count("losses"))
    return render(request, "workspace/losses/reasons.html", {"rows": rows})


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def loss_reason_new(request: HttpRequest) -> HttpResponse:
    """Add a reason."""
    user = signed_in(request)

    def save(data: dict[str, Any]) -> None:
        reason_create(actor=user, name=data["name"])

    page = FormPage(
        title=_("New reason"), submit=_("Save"), done=_("The reason is added."), back=reverse("loss_reasons")
    )
    return form_page(request, page=page, form=ReasonForm(request.POST or None), save=save)


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def loss_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a reason, put it aside or offer it again."""
    user, reason = signed_in(request), get_object_or_404(LossReason, pk=pk)

    def save(data: dict[str, Any]) -> None:
        reason_update(actor=user, reason=reason, **data)

    page = FormPage(
        title=str(reason), submit=_("Save"), done=_("The reason is changed."), back=reverse("loss_reasons")
    )
    return form_page(request, page=page, form=ReasonForm(request.POST or None, reason=reason), save=save)
