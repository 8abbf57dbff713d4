"""What every public page has in common: its headers, its frame, the one 404."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from accounts.models import Workspace
from surveys.languages import language_of
from surveys.models import Invitation
from surveys.public.words import WORDS

POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


def page(template: str, context: dict[str, Any], *, language: str, status: int = 200) -> HttpResponse:
    """Return a public page; it knows no session and sets no cookie."""
    html = render_to_string(
        f"surveys/public/{template}.html", {"w": WORDS[language], "lang": language, **context}
    )
    return HttpResponse(html, status=status, headers={**HEADERS, "Content-Language": language})


class SeeOther(HttpResponseRedirect):
    """A redirect that makes a POST a GET."""

    status_code = 303


def sent_on(address: str) -> HttpResponse:
    """Send the browser on to a page."""
    return SeeOther(address, headers=HEADERS)


@cache
def _nothing() -> str:
    return render_to_string("surveys/public/not_found.html", {"all": WORDS, "w": WORDS["en"], "lang": "en"})


def nothing_here() -> HttpResponse:
    """Return the 404 of every unknown, altered and revoked link: the same bytes for all of them."""
    return HttpResponse(_nothing(), status=404, headers=HEADERS)


def spoken(request: HttpRequest, invitation: Invitation | None, *locales: str) -> str:
    """Return the language of a page: chosen on it, else the invitation's, else the given ones or the browser's."""
    chosen = request.POST.get("l") or request.GET.get("l") or ""
    if chosen in WORDS:
        return chosen
    if invitation is not None:
        return invitation.language
    return language_of(*locales, request.headers.get("Accept-Language", "").split(",")[0])


def brand_name(invitation: Invitation) -> str:
    """Return the name under which is asked."""
    return invitation.survey.brand_name or Workspace.get().name
