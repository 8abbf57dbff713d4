"""The forecast of the MRR."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from workspace.metrics import forecast_page

PAGE = "workspace/metrics/forecast.html"


@requires(Perm.METRICS_VIEW)
@require_GET
def metrics_forecast(request: HttpRequest) -> HttpResponse:
    """Show what the MRR is expected to be, as of the last night or of an earlier day (`as_of`)."""
    page = forecast_page.page(signed_in(request), _day(request.GET.get("as_of", "")))
    return render(request, PAGE, {"page": page})


def _day(raw: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        return None
