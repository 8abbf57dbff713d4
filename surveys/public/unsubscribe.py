"""`/unsubscribe/<token>/`: no more mails of a kind. A GET asks, a POST acts at once (RFC 8058)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Workspace
from accounts.permissions import public
from core import time
from customers.models import Contact
from surveys.models import Invitation, Link, Suppression
from surveys.public.pages import nothing_here, page, sent_on, spoken
from surveys.public.words import WORDS
from surveys.services.suppressions import suppressed_kinds, suppression_choose
from surveys.tokens import link_for

KINDS = (str(Suppression.Kind.SURVEYS), str(Suppression.Kind.PLAYBOOKS))


@public
@csrf_exempt  # the token is the proof, and mail programs post here without ever having seen a page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask which mails should stop, or stop them.

    A mail program's POST (`List-Unsubscribe=One-Click`) stops the kind the address names (`?kind=surveys`),
    without one all; the page's own form stops what is ticked and lets the rest come again.
    """
    found = _of(token)
    if found is None:
        return nothing_here()
    contact, invitation = found
    language = spoken(request, invitation, contact.locale)
    named = request.GET.get("kind", "")
    kinds = [named] if named in KINDS else list(KINDS)
    if request.method == "POST":
        if request.POST.get("chosen") == "1":
            stopped = [kind for kind in KINDS if kind in request.POST.getlist("kind")]
        else:
            stopped = sorted({*kinds, *suppressed_kinds(contact.email)} & set(KINDS))
        suppression_choose(contact=contact, kinds=stopped, at=time.now())
        return sent_on(_address(token, done="1", l=language))
    if "done" in request.GET:
        return _done(token, contact, language)
    return _asked(token, contact, language, kinds)


def _asked(token: str, contact: Contact, language: str, kinds: list[str]) -> HttpResponse:
    words = WORDS[language]
    ticked = {*kinds, *suppressed_kinds(contact.email)}
    context = {
        "brand": Workspace.get().name,
        "text": words["stop_text"].format(address=contact.email),
        "action": _address(token),
        "kinds": [{"key": kind, "label": words[f"stop_{kind}"], "checked": kind in ticked} for kind in KINDS],
    }
    return page("stop", context, language=language)


def _done(token: str, contact: Contact, language: str) -> HttpResponse:
    words = WORDS[language]
    stopped = suppressed_kinds(contact.email)
    labels = ", ".join(words[f"stop_{kind}"] for kind in KINDS if kind in stopped)
    context = {
        "brand": Workspace.get().name,
        "heading": words["stopped_title"],
        "text": words["stopped_text"].format(kinds=labels) if labels else words["stopped_none"],
        "change": _address(token, l=language),
    }
    return page("said", context, language=language)


def _address(token: str, **query: str) -> str:
    address = reverse("unsubscribe", args=[token])
    return f"{address}?{urlencode(query)}" if query else address


def _of(token: str) -> tuple[Contact, Invitation | None] | None:
    """Return whose mails a token may stop: its own kind of link, or the link of an invitation, which knows too."""
    link = link_for(token, Link.Purpose.UNSUBSCRIBE, Link.Purpose.ANSWER)
    if link is None:
        return None
    contact = link.contact or (link.invitation.contact if link.invitation is not None else None)
    return None if contact is None else (contact, link.invitation)
