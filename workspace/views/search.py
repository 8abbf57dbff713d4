"""Global search: a page without script, a list for the palette."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from workspace.search.finding import find

PALETTE = "palette-results"
MOST_ON_PAGE = 50


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
