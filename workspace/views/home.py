"""Where the day begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from customers.models import Customer
from workspace.day.page import MyDay


@requires(Perm.CUSTOMERS_VIEW)
def home(request: HttpRequest) -> HttpResponse:
    """Show My day, or while there are no customers lead to the set-up checklist."""
    if not Customer.objects.exists():
        return redirect("setup")
    return render(request, "workspace/day/page.html", {"page": MyDay(signed_in(request), request.GET)})
