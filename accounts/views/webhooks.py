"""Webhooks: who is told what, and whether it arrived."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Webhook, WebhookAttempt, WebhookMessage
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from accounts.services import webhooks as service
from accounts.webhooks import types
from accounts.webhooks.forms import WebhookForm
from core.models import WorkState
from core.toasts import toast

PER_PAGE = 25


@requires(Perm.SETTINGS_MANAGE)
@never_cache
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the webhooks; set one up and show its signing secret, this once and never again."""
    form = WebhookForm(request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = service.webhook_create(
                actor=signed_in(request),
                url=form.cleaned_data["url"],
                types_wanted=form.cleaned_data["types"],
                description=form.cleaned_data["description"],
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            form = WebhookForm()
    rows = Webhook.objects.annotate(
        waiting=Count("messages", filter=Q(messages__state__in=(WorkState.WAITING, WorkState.RUNNING))),
        failed=Count("messages", filter=Q(messages__state=WorkState.FAILED)),
    )
    context = {"form": form, "made": made, "secret": secret, "webhooks": rows, "labels": types.known()}
    return render(request, "accounts/webhooks.html", context, status=422 if form.errors else 200)


@requires(Perm.SETTINGS_MANAGE)
@never_cache
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one webhook with what was brought there; change it."""
    row = get_object_or_404(Webhook, pk=pk)
    initial = {"url": row.url, "description": row.description, "types": row.types}
    form = WebhookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.webhook_update(actor=signed_in(request), webhook=row, changes=form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            toast(request, _("The webhook is saved."))
            return redirect("webhook", pk=row.pk)
    return _page(request, row, form, status=422 if form.errors else 200)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
@never_cache
def webhook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new signing secret and show it, this once."""
    row, secret = service.webhook_rotate(actor=signed_in(request), webhook=get_object_or_404(Webhook, pk=pk))
    initial = {"url": row.url, "description": row.description, "types": row.types}
    return _page(request, row, WebhookForm(initial=initial), secret=secret)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def webhook_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a webhook off or on again."""
    row = get_object_or_404(Webhook, pk=pk)
    service.webhook_switch(actor=signed_in(request), webhook=row, on=not row.is_on)
    toast(request, _("The webhook is off.") if row.is_on else _("The webhook is on again."))
    return redirect("webhook", pk=pk)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def webhook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a webhook away."""
    row = get_object_or_404(Webhook, pk=pk)
    service.webhook_remove(actor=signed_in(request), webhook=row)
    toast(request, _("The webhook to %(url)s is gone.") % {"url": row.url})
    return redirect("webhooks")


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def webhook_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message."""
    service.webhook_test(actor=signed_in(request), webhook=get_object_or_404(Webhook, pk=pk))
    toast(request, _("A test message is on its way; its result appears below."))
    return redirect("webhook", pk=pk)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def webhook_replay(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    """Bring one message again."""
    row = get_object_or_404(WebhookMessage, pk=message, webhook_id=pk)
    service.message_replay(actor=signed_in(request), message=row)
    toast(request, _("The message is brought again, with the same id."))
    return redirect("webhook", pk=pk)


def _page(
    request: HttpRequest, row: Webhook, form: WebhookForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    messages = row.messages.prefetch_related(
        Prefetch("tries", queryset=WebhookAttempt.objects.order_by("pk"))
    )
    page = Paginator(messages, PER_PAGE).get_page(request.GET.get("page"))
    context = {"webhook": row, "form": form, "secret": secret, "page": page}
    return render(request, "accounts/webhook.html", context, status=status)
