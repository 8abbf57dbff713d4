"""Where the bare address leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.permissions import Perm, requires
from customers.models import Customer


@requires(Perm.CUSTOMERS_VIEW)
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the portfolio, or while there are no customers to the set-up checklist."""
    return redirect("portfolio" if Customer.objects.exists() else "setup")
