"""Renewals: the page as a table, a calendar and a file, and one renewal with its calls."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from customers.models import Contract
from customers.views.form_page import FormPage, form_page
from playbooks.models import Renewal
from playbooks.services.renewals import renewal_update
from workspace.renewals.board import HEADER, Board, line_of
from workspace.renewals.forms import RenewalForm
from workspace.work.files import csv_file


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """Show the renewals ahead, or those won and lost."""
    board = Board(signed_in(request), request.GET)
    return render(request, "workspace/renewals/page.html", {"board": board})


@requires(Perm.EXPORT_RUN)
@require_GET
def renewals_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the renewals that match as CSV."""
    user = signed_in(request)
    board = Board(user, request.GET)
    changes = {"show": (None, board.show), "span": (None, board.span)}
    audit.record(actor=user, action="renewals.exported", subject=("renewals", "-"), changes=changes)
    return csv_file("renewals", HEADER, board.file())


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one renewal; who may change the customer says here how it stands."""
    user = signed_in(request)
    row = get_object_or_404(
        Renewal.objects.visible_to(user).weighed().select_related("customer__owner"), pk=pk
    )
    may_edit = Renewal.objects.editable_by(user).filter(pk=pk).exists()
    form = RenewalForm(request.POST if may_edit and request.method == "POST" else None, renewal=row)

    def save(data: dict[str, Any]) -> None:
        renewal_update(actor=user, renewal=row, changes=data)

    page = FormPage(
        title=row.customer.name,
        submit=_("Save"),
        done=_("Saved."),
        back=reverse("renewals"),
        template="workspace/renewals/renewal.html",
        extra={
            "line": line_of(row),
            "may_edit": may_edit,
            "calls": list(row.calls.select_related("author")[:20]),
            "contracts": list(Contract.objects.filter(customer=row.customer_id, ends_on=row.due_on)),
        },
    )
    return form_page(request, page=page, form=form, save=save)
