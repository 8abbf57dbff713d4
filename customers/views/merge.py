"""Merging duplicates: find them, see field by field what would happen, do it, take it back."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import formats
from core.toasts import toast
from customers.duplicates import candidates
from customers.forms.customer import CustomerForm, shown
from customers.models import AttributeDefinition, Customer
from customers.services.merge import FIELDS, customer_merge, default_choice, merge_counts
from customers.views.access import customer_to_edit, visible_customers

FOUND = 20


@requires(Perm.CUSTOMERS_MANAGE)
def customer_merge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a duplicate, compare, merge. `other` in the address is the one chosen."""
    customer = customer_to_edit(request, pk)
    if customer.archived_at is not None:
        return redirect("customer", customer.merged_into_id or pk)
    key = request.POST.get("other") or request.GET.get("other", "")
    if not key.isdecimal():
        return _choose(request, customer)
    other = get_object_or_404(visible_customers(request).exclude(pk=pk), pk=int(key))
    wrong: list[str] = []
    if request.method == "POST":
        choices = {
            name.removeprefix("keep_"): str(value)
            for name, value in request.POST.items()
            if name.startswith("keep_")
        }
        try:
            reversal = customer_merge(
                actor=signed_in(request), survivor=customer, other=other, choices=choices
            )
        except ValidationError as refused:
            wrong = refused.messages
        else:
            toast(request, reversal.summary, undo_url=reverse("portfolio_undo", args=[reversal.pk]))
            return redirect("customer", pk)
    context = {
        "customer": customer,
        "other": other,
        "rows": _compare(customer, other, request.POST),
        "counts": merge_counts(survivor=customer, other=other),
        "tags": other.tags.order_by("name"),
        "wrong": wrong,
    }
    return render(request, "customers/merge.html", context, status=422 if wrong else 200)


def _choose(request: HttpRequest, customer: Customer) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    visible = visible_customers(request)
    found = []
    if query:
        matching = Q(name__icontains=query) | Q(external_id__iexact=query) | Q(tax_id__icontains=query)
        rows = visible.filter(matching, archived_at__isnull=True).exclude(pk=customer.pk)
        found = list(rows.select_related("owner").order_by("name", "pk")[:FOUND])
    context = {
        "customer": customer,
        "query": query,
        "found": found,
        "candidates": candidates(customer, visible),
    }
    return render(request, "customers/merge_choose.html", context)


def _compare(customer: Customer, other: Customer, posted: Any) -> list[dict[str, Any]]:
    """Return the fields in which the two differ, with the choice made or proposed."""
    rows = []
    for name in FIELDS:
        left, right = getattr(customer, name), getattr(other, name)
        if left == right:
            continue
        choice = posted.get(f"keep_{name}") or default_choice(customer, other, name)
        label = CustomerForm.base_fields[name].label
        said = formats.country if name == "country" else _said
        rows.append(
            {"name": name, "label": label, "left": said(left), "right": said(right), "choice": choice}
        )
    labels = dict(AttributeDefinition.objects.values_list("key", "label"))
    for key in sorted({*customer.attributes, *other.attributes}):
        left, right = customer.attributes.get(key), other.attributes.get(key)
        if left == right:
            continue
        choice = posted.get(f"keep_attr_{key}") or ("survivor" if left is not None else "other")
        rows.append(
            {
                "name": f"attr_{key}",
                "label": labels.get(key, key),
                "left": _said(left),
                "right": _said(right),
                "choice": choice,
            }
        )
    return rows


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return formats.day(value)
    return shown(value)
