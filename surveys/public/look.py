"""The look of a survey: its colour as a stylesheet, its logo."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from accounts.permissions import public
from surveys.colours import stylesheet
from surveys.models import Survey
from surveys.public.pages import nothing_here

DAY = "public, max-age=86400"


@public
@require_http_methods(["GET", "HEAD"])
def colour(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the rules for a brand's colour (six hexadecimal digits), readable in both themes."""
    return HttpResponse(
        stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8", headers={"Cache-Control": DAY}
    )


@public
@require_http_methods(["GET", "HEAD"])
def logo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return a survey's logo; whatever it holds, nothing in it runs."""
    survey = Survey.objects.filter(pk=pk).exclude(logo="").first()
    if survey is None:
        return nothing_here()
    response = FileResponse(survey.logo.open("rb"), content_type=survey.logo_type or "image/png")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = DAY
    return response
