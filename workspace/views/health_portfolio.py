"""Health over the portfolio."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from workspace.health import portfolio, risk

PAGE = "workspace/health/portfolio.html"
RISK = "workspace/health/risk.html"


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def portfolio_health(request: HttpRequest) -> HttpResponse:
    """Show how healthy the customers are that a person sees, and why that moved between two days (`from`, `to`)."""
    found = portfolio.overview(signed_in(request), request.GET.get("from", ""), request.GET.get("to", ""))
    heads = portfolio.columns(found["grid"]) if found else []
    causes = [_("People"), _("Scorecard"), _("Data"), _("Behaviour")]  # in the order of CAUSES
    may_see_risk = signed_in(request).may(Perm.CUSTOMERS_MANAGE)
    return render(
        request, PAGE, {"health": found, "heads": heads, "causes": causes, "may_see_risk": may_see_risk}
    )


@requires(Perm.CUSTOMERS_MANAGE)
@require_GET
def portfolio_risk(request: HttpRequest) -> HttpResponse:
    """Show who is likely to leave, and whether the model that tells it can be trusted."""
    return render(request, RISK, {"risk": risk.overview(signed_in(request))})
