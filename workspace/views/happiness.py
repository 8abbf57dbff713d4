"""What successful customers do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from workspace.metrics.happiness import HappinessPage


@requires(Perm.METRICS_VIEW)
@require_GET
def chi_behaviours(request: HttpRequest) -> HttpResponse:
    """Show the behaviours that the customer happiness index was learned from, by a `day`."""
    page = HappinessPage(request.GET.get("day", ""))
    return render(request, "workspace/metrics/happiness.html", {"page": page})
