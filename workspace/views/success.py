"""A customer's success plan, and the portfolio by what is at stake."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast, toast_error
from customers.models import Customer
from customers.views.access import customer_to_edit
from surveys.services.plans import OPEN_DAYS, plan_link_create, plan_links_open, plan_links_revoke
from workspace.customer.asof import as_of
from workspace.customer.page import customer_for, rights
from workspace.success.aha import AhaPage
from workspace.success.plan import Facts
from workspace.success.portfolio import PortfolioPage
from workspace.success.review import Review
from workspace.success.show import card, chart, number

HISTORY = 12


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def success_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a customer's plan: what was promised, what is due, what both sides see, and who said what."""
    customer = customer_for(request.user, pk)
    seen = as_of(request.GET.get("as_of", ""), time.today())
    facts = Facts([pk], seen.day)
    said = [row for rows in facts.said.values() for row in rows]
    history = sorted(said, key=lambda row: (row.stated_on, row.pk), reverse=True)[:HISTORY]
    context = {
        "customer": customer,
        "seen": seen,
        "card": card(pk, seen.day),
        "chart": chart(customer, seen.day),
        "history": [(row, number(row.value, row.objective.unit)) for row in history],
        **rights(customer, signed_in(request), seen),
        "links": _links(customer) if seen.live else [],
    }
    return render(request, "workspace/success/plan.html", context)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def plan_link(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Make a contact's link, shown this once, or close those it has."""
    customer = customer_to_edit(request, pk)
    person = get_object_or_404(customer.contacts.select_related("customer"), pk=contact)
    actor = signed_in(request)
    if request.POST.get("do") == "revoke":
        plan_links_revoke(actor=actor, contact=person)
        toast(request, _("The link of %(name)s is closed.") % {"name": person})
        return redirect("success_plan", pk)
    try:
        token = plan_link_create(actor=actor, contact=person)
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
        return redirect("success_plan", pk)
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('shared_plan', args=[token])}"
    context = {"customer": customer, "person": person, "address": address, "days": OPEN_DAYS}
    return render(request, "workspace/success/link.html", context)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def success_portfolio(request: HttpRequest) -> HttpResponse:
    """Show the customers with plans, those first whose gap times MRR is the largest."""
    page = PortfolioPage(signed_in(request), request.GET)
    return render(request, "workspace/success/portfolio.html", {"page": page})


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def success_aha(request: HttpRequest) -> HttpResponse:
    """Compare what customers that reached their goals did first with what the others did."""
    page = AhaPage(signed_in(request), request.GET)
    return render(request, "workspace/success/aha.html", {"page": page})


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def customer_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the quarterly review of a customer, to print."""
    customer = customer_for(request.user, pk)
    review = Review(customer, request.GET.get("quarter", ""), inside=request.GET.get("inside") == "1")
    return render(request, "workspace/success/review.html", {"customer": customer, "review": review})


def _links(customer: Customer) -> list[dict[str, Any]]:
    """Return the people there and until when their links are open."""
    until = plan_links_open(customer.pk)
    people = customer.contacts.filter(archived_at__isnull=True).order_by("name", "pk")
    return [{"person": person, "until": until.get(person.pk)} for person in people]
