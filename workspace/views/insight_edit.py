"""Writing insights: from a comment, a conversation, a ticket or by hand; repeats put together and taken apart."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import Customer, Insight, InsightTheme
from customers.services.insight_themes import theme_create
from customers.services.insights import (
    insight_bring_back,
    insight_create,
    insight_merge,
    insight_remove,
    insight_separate,
    insight_update,
)
from customers.views.access import customer_to_edit
from workspace.insights.forms import InsightForm, insight_initial
from workspace.insights.origin import Origin, origin_of
from workspace.insights.suggest import subjects_of, themes_for

FORM = "workspace/insights/insight_form.html"


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def insight_new(request: HttpRequest) -> HttpResponse:
    """Write an insight; `?comment=`, `?touchpoint=`, `?ticket=` or `?customer=` say what it comes from."""
    user = signed_in(request)
    origin = origin_of(user, request.GET)
    if origin.customer is not None:
        customer_to_edit(request, origin.customer.pk)
    subjects = subjects_of(origin.text, origin.comment) if origin.text else []
    suggested = themes_for(subjects)
    initial = {**origin.initial, **({"new_theme": subjects[0].name} if subjects and not suggested else {})}
    form = InsightForm(
        request.POST if request.method == "POST" else None,
        user=user,
        customer=origin.customer,
        initial=initial,
        suggested=suggested,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = _create(user, form.cleaned_data, origin)
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("The insight is recorded."))
            return redirect(_back(request, row))
    form.focus()
    context = {"form": form, "origin": origin, "back": request.GET.get("next", "")}
    return render(request, FORM, context, status=422 if form.errors else 200)


@transaction.atomic
def _create(user: User, data: dict[str, Any], origin: Origin) -> Insight:
    customer = origin.customer or data.pop("customer")
    theme = _theme(user, data)
    return insight_create(actor=user, customer=customer, theme=theme, **data, **origin.fields)


def _theme(user: User, data: dict[str, Any]) -> InsightTheme | None:
    """Return the theme chosen or the new one that was named."""
    name, theme = data.pop("new_theme", "").strip(), data.pop("theme", None)
    if not name:
        return theme if isinstance(theme, InsightTheme) else None
    same = InsightTheme.objects.live().filter(name__iexact=name).first()
    return same or theme_create(actor=user, name=name, kind=data["kind"], area=data["area"])


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def insight_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an insight or sort it to a theme; say what it repeats."""
    row, user = _own(request, pk), signed_in(request)
    suggested = [] if row.theme_id else themes_for(subjects_of(row.quote))
    form = InsightForm(
        request.POST if request.method == "POST" else None,
        user=user,
        customer=row.customer,
        initial={key: value for key, value in insight_initial(row).items() if key != "theme" or value},
        suggested=suggested,
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            with transaction.atomic():
                row = insight_update(actor=user, insight=row, changes=_data(user, data))
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("Saved."))
            return redirect(_back(request, row))
    form.focus()
    same = Insight.objects.counted().filter(customer=row.customer).exclude(pk=row.pk)
    context = {"form": form, "insight": row, "same": same[:20], "back": request.GET.get("next", "")}
    return render(request, FORM, context, status=422 if form.errors else 200)


def _data(user: User, data: dict[str, Any]) -> dict[str, Any]:
    """Return a form's data as the service takes them."""
    return {"theme": _theme(user, data), **data}


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an insight away, with a way back."""
    row = insight_remove(actor=signed_in(request), insight=_own(request, pk))
    toast(request, _("The insight is removed."), undo_url=reverse("insight_restore", args=[row.pk]))
    return redirect(_back(request, row))


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_restored(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an insight back."""
    row = insight_bring_back(actor=signed_in(request), insight=_own(request, pk))
    toast(request, _("The insight is back."))
    return redirect(_back(request, row))


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_merged(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an insight repeats another one, with a way back."""
    row = _own(request, pk)
    text = request.POST.get("into", "")
    into = Insight.objects.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() else None
    try:
        if into is None:
            raise ValidationError(_("Choose the insight that says the same."))
        insight_merge(actor=signed_in(request), insight=row, into=into)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(request, _("Both count as one now."), undo_url=reverse("insight_separate", args=[row.pk]))
    return redirect(_back(request, row))


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a repeated insight count by itself again."""
    row = insight_separate(actor=signed_in(request), insight=_own(request, pk))
    toast(request, _("It counts by itself again."))
    return redirect(_back(request, row))


def _own(request: HttpRequest, pk: int) -> Insight:
    """Return an insight of a customer the reader may change: 404 for a stranger's, 403 for who may only look."""
    rows = Insight.objects.select_related("customer", "contact", "theme", "duplicate_of")
    row = get_object_or_404(rows, pk=pk)
    if not Customer.objects.visible_to(request.user).filter(pk=row.customer_id).exists():
        raise Http404
    customer_to_edit(request, row.customer_id)
    return row


def _back(request: HttpRequest, row: Insight) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return reverse("insight_theme", args=[row.theme_id]) if row.theme_id else reverse("insights_loose")
