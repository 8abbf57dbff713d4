"""Global search: a page without script, a list for the palette."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.text import tokens
from customers.forms.fields import named
from customers.models import Customer
from workspace.search.finding import about, customers_matching, find

PALETTE = "palette-results"
MOST_ON_PAGE = 50
LOOKED_UP = 8


@requires(Perm.CUSTOMERS_VIEW)
def search(request: HttpRequest) -> HttpResponse:
    """Show what a few words mean: customers, people, views and pages."""
    text = request.GET.get("q", "")[:120]
    in_palette = getattr(request, "htmx", False) and request.htmx.target == PALETTE  # type: ignore[attr-defined]
    results = find(signed_in(request), text, limit=6 if in_palette else MOST_ON_PAGE)
    template = "workspace/search/palette.html" if in_palette else "workspace/search/page.html"
    response = render(request, template, {"results": results})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def customer_lookup(request: HttpRequest) -> HttpResponse:
    """Offer the customers a few typed words mean to a field that names one; `not` is the one it may not be."""
    text, own = request.GET.get("q", "")[:120], request.GET.get("not", "")
    rows = customers_matching(signed_in(request), text).present() if tokens(text) else Customer.objects.none()
    if own.isdecimal():
        rows = rows.exclude(pk=own)
    found = [{"value": named(row), "name": row.name, "note": about(row)} for row in rows[:LOOKED_UP]]
    return JsonResponse({"found": found})
