"""`/plans/<token>/`: a contact sees its company's plan and says how far it is. A GET shows, only a POST records."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Workspace
from accounts.permissions import public
from core import time
from customers.models import Attained, Contact, Objective
from customers.services.success import attained_record
from surveys.models import Language, Link
from surveys.public.pages import nothing_here, page, sent_on, spoken
from surveys.tokens import link_for
from workspace.success.shared import COMMENT_LIMIT, said_too_often, shared, value_read
from workspace.success.shared_words import WORDS


@public
@csrf_exempt  # the token in the address is the proof; there is no session to ride on
@require_http_methods(["GET", "HEAD", "POST"])
def shared_plan(request: HttpRequest, token: str) -> HttpResponse:
    """Show the plan, or record what the reader says of one objective."""
    link = link_for(token, Link.Purpose.PLAN)
    contact = link.contact if link is not None else None
    if link is None or contact is None or _is_gone(contact):
        return nothing_here()
    language = spoken(request, None, contact.locale)
    words = WORDS[language]
    frame = {"brand": Workspace.get().name, "p": words}
    if link.expires_at is not None and link.expires_at <= time.now():
        over = {**frame, "heading": words["over_title"], "text": words["over_text"]}
        return page("said", over, language=language, status=410)
    wrong = ""
    if request.method == "POST":
        wrong = _record(request, contact, words)
        if not wrong:
            chosen = f"&l={language}" if request.POST.get("l") else ""
            return sent_on(f"{reverse('shared_plan', args=[token])}?done=1{chosen}")
    context = {
        **frame,
        "plan": shared(contact, time.today(), language),
        "token": token,
        "limit": COMMENT_LIMIT,
        "wrong": wrong,
        "done": "done" in request.GET and not wrong,
        "languages": [(code, name) for code, name in Language.choices if code != language],
    }
    return page("plan", context, language=language, status=422 if wrong else 200)


def _is_gone(contact: Contact) -> bool:
    return contact.archived_at is not None or contact.customer.archived_at is not None


def _record(request: HttpRequest, contact: Contact, words: dict[str, str]) -> str:
    """Record a statement about an objective of the reader's own company; return what is wrong, "" where nothing is."""
    key, value = request.POST.get("objective", ""), value_read(request.POST.get("value", ""))
    objective = None
    if key.isascii() and key.isdecimal():
        own = Objective.objects.filter(customer=contact.customer_id, archived_at__isnull=True)
        objective = own.filter(pk=int(key[:18])).first()
    if objective is None or value is None:
        return words["wrong"]
    if said_too_often(objective.pk, contact, time.today()):
        return words["often"]
    attained_record(
        actor=None,
        objective=objective,
        side=Attained.Side.CUSTOMER,
        value=value,
        source=Attained.Source.LINK,
        evidence=request.POST.get("comment", "").replace("\x00", "").strip()[:COMMENT_LIMIT],
        contact=contact,
    )
    return ""
