"""`/s/done/<token>/`: what was done about somebody's answer, and whether it helped."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Workspace
from accounts.permissions import public
from core import time
from surveys.models import Link, LoopCase
from surveys.public.pages import nothing_here, page, sent_on, spoken
from surveys.services.loop import case_helped
from surveys.tokens import link_for

SAID = {"yes": True, "no": False}


@public
@csrf_exempt  # the token is the proof, as for an answer (docs/adr/0007)
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was done; record a yes or no, which can be changed."""
    link = link_for(token, Link.Purpose.CLOSING)
    case = (
        None
        if link is None or link.subject_id is None
        else LoopCase.objects.filter(pk=link.subject_id, told_at__isnull=False)
        .select_related("response__invitation__survey")
        .first()
    )
    if link is None or case is None:
        return nothing_here()
    if request.method == "POST" and request.POST.get("helped") in SAID:
        case_helped(case=case, helped=SAID[request.POST["helped"]], at=time.now())
        return sent_on(request.get_full_path())
    locale = link.contact.locale if link.contact is not None else ""
    language = spoken(request, case.response.invitation, locale)
    survey = case.response.invitation.survey if case.response.invitation is not None else None
    context = {
        "brand": (survey.brand_name if survey is not None else "") or Workspace.get().name,
        "colour": survey.brand_colour[1:].lower() if survey is not None else "",
        "case": case,
    }
    return page("done", context, language=language)
