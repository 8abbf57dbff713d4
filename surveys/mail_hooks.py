"""`/hooks/mail/<provider>/`: what the mail provider tells about mails: delivered, bounced, complained.

django-anymail reads each provider's format and checks its signature; here it is made sure that nobody else is heard.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from accounts.permissions import public

ANYMAIL_URLS = "anymail.urls"


@public
@csrf_exempt  # a provider has no session; its secret and signature are the proof
def mail_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Hand the call to django-anymail's view of the provider that is set up.

    404 for any other provider, and while ANYMAIL_WEBHOOK_SECRET is empty: an open webhook would let anybody stop
    our mails. Wrong credentials or a wrong signature are answered with 400.
    """
    if provider != settings.EMAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    try:
        view = resolve(f"/{provider}/tracking/", urlconf=ANYMAIL_URLS).func
    except Resolver404 as unknown:
        raise Http404 from unknown
    answer: HttpResponse = view(request)
    return answer
