"""The way to every settings page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from workspace.settings_cards import cards_for


@requires(Perm.SIGNED_IN)
def settings_index(request: HttpRequest) -> HttpResponse:
    """Show the settings pages this person may open."""
    return render(request, "workspace/settings.html", {"cards": cards_for(signed_in(request))})
