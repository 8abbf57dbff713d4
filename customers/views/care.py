"""A customer's segment and stage by hand; putting it aside and bringing it back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.forms.customer import SegmentForm, StageForm
from customers.services.customer import customer_archive, customer_restore
from customers.services.segments import segment_override, segment_to_rule
from customers.services.stages import stage_change
from customers.views.access import customer_to_edit, posted, visible_customers
from customers.views.form_page import FormPage, form_page

PAGE = 50


@requires(Perm.CUSTOMERS_EDIT)
def customer_segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a customer's segment by hand, or give it back to the rules."""
    customer = customer_to_edit(request, pk)
    by_hand = customer.segment if customer.segment_by != "rule" else ""
    form = SegmentForm(posted(request), initial={"segment": by_hand})
    page = FormPage(
        title=_("Segment of %(name)s") % {"name": customer.name},
        submit=_("Save"),
        done=_("The segment is saved."),
        back=reverse("customer", args=[pk]),
        customer=customer,
        intro=_("A segment decided by hand stays until it is given back to the rules."),
    )

    def save(data: dict[str, Any]) -> None:
        if data["segment"]:
            segment_override(actor=signed_in(request), customer=customer, **data)
        else:
            segment_to_rule(actor=signed_in(request), customer=customer)

    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
def customer_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a customer to another stage, from a day on, and say why."""
    customer = customer_to_edit(request, pk)
    form = StageForm(posted(request), initial={"stage": customer.stage})
    page = FormPage(
        title=_("Stage of %(name)s") % {"name": customer.name},
        submit=_("Move"),
        done=_("The stage is changed."),
        back=reverse("customer", args=[pk]),
        customer=customer,
    )

    def save(data: dict[str, Any]) -> None:
        stage_change(actor=signed_in(request), customer=customer, **data)

    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_MANAGE)
def customer_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a customer is put aside, saying what that means; then do it."""
    customer = customer_to_edit(request, pk)
    if request.method == "POST":
        customer_archive(actor=signed_in(request), customer=customer)
        text = _("%(name)s is archived.") % {"name": customer.name}
        toast(request, text, undo_url=reverse("customer_restore", args=[pk]))
        return redirect("customers_archived")
    return render(request, "customers/archive.html", {"customer": customer})


@requires(Perm.CUSTOMERS_MANAGE)
@require_POST
def customer_restored(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an archived customer back."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    try:
        customer_restore(actor=signed_in(request), customer=customer)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
        return redirect("customers_archived")
    toast(request, _("%(name)s is back.") % {"name": customer.name})
    return redirect("customer", pk)


@requires(Perm.CUSTOMERS_MANAGE)
def customers_archived(request: HttpRequest) -> HttpResponse:
    """List the customers that were put aside, the latest first."""
    archived = (
        visible_customers(request)
        .filter(archived_at__isnull=False)
        .select_related("owner", "merged_into")
        .order_by("-archived_at", "-pk")
    )
    page = Paginator(archived, PAGE).get_page(request.GET.get("page"))
    return render(request, "customers/archived.html", {"page": page})
