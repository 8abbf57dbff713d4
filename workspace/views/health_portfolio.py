"""Health over the portfolio."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from workspace.health import portfolio, risk

PAGE = "workspace/health/portfolio.html"
PART = "workspace/health/_movement.html"
RISK = "workspace/health/risk.html"


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def portfolio_health(request: HttpRequest) -> HttpResponse:
    """Show how healthy the customers are that a person sees; why that moved is looked up by the page itself."""
    asked = "from" in request.GET or "to" in request.GET
    return render(request, PAGE, _context(request, moved=asked))


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def portfolio_health_moves(request: HttpRequest) -> HttpResponse:
    """Show why scores moved between two days (`from`, `to`): a part of the page, or the page with it."""
    if getattr(request, "htmx", False):
        days = portfolio.days_asked(request.GET.get("from", ""), request.GET.get("to", ""))
        return render(request, PART, {**_moved(request, days), "health": days})
    return render(request, PAGE, _context(request, moved=True))


@requires(Perm.CUSTOMERS_MANAGE)
@require_GET
def portfolio_risk(request: HttpRequest) -> HttpResponse:
    """Show who is likely to leave, and whether the model that tells it can be trusted."""
    return render(request, RISK, {"risk": risk.overview(signed_in(request))})


def _context(request: HttpRequest, *, moved: bool) -> dict[str, Any]:
    found = portfolio.overview(signed_in(request), request.GET.get("from", ""), request.GET.get("to", ""))
    heads = portfolio.columns(found["grid"]) if found else []
    may_see_risk = signed_in(request).may(Perm.CUSTOMERS_MANAGE)
    shown = {"health": found, "heads": heads, "may_see_risk": may_see_risk}
    return {**shown, **(_moved(request, found) if moved else {})}


def _moved(request: HttpRequest, found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return {}
    causes = [_("People"), _("Scorecard"), _("Data"), _("Behaviour")]  # in the order of CAUSES
    return {"movement": portfolio.movement(signed_in(request), found["days"]), "causes": causes}
