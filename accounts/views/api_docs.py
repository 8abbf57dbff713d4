"""The API's description, readable: Swagger UI under our policy (no inline script, no other host)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Perm, requires


@requires(Perm.SIGNED_IN)
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the description; it is read from `/api/v1/schema/` with the same session."""
    return render(request, "accounts/api_docs.html")
