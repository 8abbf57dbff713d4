"""`/s/helped/<token>/`: what came of what somebody told us, and whether it helped."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Workspace
from accounts.permissions import public
from core import time
from customers.models import InsightTold
from surveys.models import Link
from surveys.public.done import SAID
from surveys.public.pages import nothing_here, page, sent_on, spoken
from surveys.services.telling import told_helped
from surveys.tokens import link_for


@public
@csrf_exempt  # the token is the proof, as for an answer (docs/adr/0007)
@require_http_methods(["GET", "HEAD", "POST"])
def helped(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was done; record a yes or no, which can be changed. A GET records nothing."""
    link = link_for(token, Link.Purpose.INSIGHT)
    told = None
    if link is not None and link.subject_id is not None:
        told = InsightTold.objects.filter(pk=link.subject_id, contact=link.contact).first()
    if link is None or told is None:
        return nothing_here()
    if request.method == "POST" and request.POST.get("helped") in SAID:
        told_helped(told=told, helped=SAID[request.POST["helped"]], at=time.now())
        return sent_on(request.get_full_path())
    locale = link.contact.locale if link.contact is not None else ""
    context = {"brand": Workspace.get().name, "told": told}
    return page("helped", context, language=spoken(request, None, locale))
