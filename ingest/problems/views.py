"""The page of ingestion problems."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Perm, requires
from ingest.models import HeldEvent, Problem
from ingest.problems.words import KEPT, WORDS

PER_PAGE = 50


@requires(Perm.IMPORT_RUN)
def problems(request: HttpRequest) -> HttpResponse:
    """List what came in and was refused or odd, the newest first: by source, reason and day, counted."""
    found = Problem.objects.order_by(F("last_at").desc(), "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, WORDS.get(one.code, one.code), one.code in KEPT) for one in page]
    context = {"page": page, "rows": rows, "waiting": HeldEvent.objects.count()}
    return render(request, "ingest/problems.html", context)
