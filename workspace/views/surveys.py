"""Surveys: the overview, a page per kind, the answers, the silence map."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast, toast_error
from customers.models import Customer
from surveys.models import Response, ResponseTheme, SurveyKind, Theme
from surveys.services.deciding import response_decide
from surveys.services.themes import response_sentiment_set, response_themes_set
from workspace.surveys.asked import PERIODS, SENTIMENTS, Asked
from workspace.surveys.kind import KindPage
from workspace.surveys.overview import Overview
from workspace.surveys.silence import ROLES, customers_by_mrr, rows_of

PER_PAGE = 25


@requires(Perm.METRICS_VIEW)
@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """Show the four scores, what waits, and the surveys there are."""
    user = signed_in(request)
    context = {"page": Overview(user, Asked(user, request.GET)), "may": may(request)}
    return render(request, "workspace/surveys/overview.html", context)


@requires(Perm.METRICS_VIEW)
@require_GET
def survey_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Show one kind of survey."""
    asked = Asked(signed_in(request), request.GET)
    context = {
        "page": KindPage(kind, asked),
        "asked": asked,
        "periods": PERIODS,
        "kinds": SurveyKind.choices,
        "may": may(request),
    }
    return render(request, "workspace/surveys/kind.html", context)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def responses(request: HttpRequest) -> HttpResponse:
    """List the answers that match, newest first; comments can be searched."""
    asked = Asked(signed_in(request), request.GET, period="365")
    rows = (
        asked.responses()
        .select_related("customer", "contact")
        .prefetch_related(
            Prefetch("themes", ResponseTheme.objects.filter(removed=False).select_related("theme"))
        )
    )
    context = {
        "asked": asked,
        "may": may(request),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "periods": PERIODS,
        "held": Response.objects.waiting()
        .filter(customer__in=asked.customers().order_by().values("pk"))
        .count(),
    }
    return render(request, "workspace/surveys/responses.html", context)


def may(request: HttpRequest) -> dict[str, bool]:
    """Return which of the pages' controls the reader may use."""
    user = signed_in(request)
    return {
        "edit": user.may(Perm.SETTINGS_MANAGE),
        "decide": user.may(Perm.CUSTOMERS_MANAGE),
        "record": user.may(Perm.CUSTOMERS_EDIT),
    }


def _visible_response(request: HttpRequest, pk: int) -> Response:
    """Return an answer that counts and that the reader may see, else 404."""
    visible = Customer.objects.visible_to(request.user).order_by().values("pk")
    rows = Response.objects.counted().select_related("customer", "contact", "invitation__survey")
    return get_object_or_404(rows, pk=pk, customer__in=visible)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one answer with its versions, and correct what the rules read in its comment."""
    user = signed_in(request)
    row = _visible_response(request, pk)
    context = {
        "response": row,
        "versions": row.versions.order_by("-number"),
        "themes": Theme.objects.filter(archived_at=None),
        "chosen": set(row.themes.filter(removed=False).values_list("theme_id", flat=True)),
        "sentiments": SENTIMENTS,
        "may_edit": Customer.objects.editable_by(user).filter(pk=row.customer_id).exists(),
    }
    return render(request, "workspace/surveys/response.html", context)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def response_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Say by hand what a comment is about and how it sounds."""
    user = signed_in(request)
    row = _visible_response(request, pk)
    if not Customer.objects.editable_by(user).filter(pk=row.customer_id).exists():
        raise PermissionDenied
    keys = [int(key) for key in request.POST.getlist("theme") if key.isascii() and key.isdigit()]
    response_themes_set(
        actor=user, response=row, themes=list(Theme.objects.filter(pk__in=keys, archived_at=None))
    )
    sentiment = request.POST.get("sentiment", "")
    if sentiment in SENTIMENTS and row.sentiment != int(sentiment):
        response_sentiment_set(actor=user, response=row, value=int(sentiment))
    toast(request, _("Saved."))
    return redirect("survey_response", pk)


@requires(Perm.CUSTOMERS_MANAGE)
@require_GET
def held(request: HttpRequest) -> HttpResponse:
    """List held answers for a decision; their scores and comments are not shown before it."""
    visible = Customer.objects.visible_to(request.user).order_by().values("pk")
    rows = Response.objects.waiting().filter(customer__in=visible).select_related("customer", "contact")
    context = {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "workspace/surveys/held.html", context)


@requires(Perm.CUSTOMERS_MANAGE)
@require_POST
def held_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a held answer count, or leave it out."""
    visible = Customer.objects.visible_to(request.user).order_by().values("pk")
    row = get_object_or_404(Response.objects.filter(held=True), pk=pk, customer__in=visible)
    accept = request.POST.get("do") == "accept"
    if not accept and request.POST.get("do") != "refuse":
        return redirect("survey_held")
    try:
        response_decide(actor=signed_in(request), response=row, accept=accept, at=time.now())
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(request, _("The answer counts now.") if accept else _("The answer is left out."))
    return redirect("survey_held")


@requires(Perm.METRICS_VIEW)
@require_GET
def silence(request: HttpRequest) -> HttpResponse:
    """Show which roles at which customers have not answered for how long."""
    asked = Asked(signed_in(request), request.GET)
    page = Paginator(customers_by_mrr(asked.customers()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "rows": rows_of(list(page.object_list), time.now()),
        "roles": [role.label for role in ROLES],
    }
    return render(request, "workspace/surveys/silence.html", context)
