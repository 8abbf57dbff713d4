"""The portfolio page and its export."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.permissions import Perm, requires
from core import time
from workspace.portfolio.desk import desk_of
from workspace.portfolio.export import export_lines, record_export
from workspace.portfolio.opening import open_portfolio
from workspace.portfolio.page import PortfolioPage

SECTION = "customers"


@requires(Perm.CUSTOMERS_VIEW)
def portfolio(request: HttpRequest) -> HttpResponse:
    """Show which customers match; for htmx only the part that changes."""
    page = PortfolioPage(open_portfolio(desk_of(request), request.GET), editing=request.GET.get("edit", ""))
    only_section = getattr(request, "htmx", False) and request.htmx.target == SECTION  # type: ignore[attr-defined]
    template = "workspace/portfolio/fragment.html" if only_section else "workspace/portfolio/page.html"
    response = render(request, template, {"page": page})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@requires(Perm.EXPORT_RUN)
def portfolio_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send exactly what is filtered, with the columns shown, as CSV."""
    shown = open_portfolio(desk_of(request), request.GET).portfolio
    record_export(shown)
    response = StreamingHttpResponse(export_lines(shown), content_type="text/csv; charset=utf-8")
    day = shown.state.as_of or time.today()
    response["Content-Disposition"] = f'attachment; filename="customers-{day.isoformat()}.csv"'
    return response
