"""Campaigns: the list, setting one up, its preview and progress, and starting, pausing and stopping it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast, toast_error
from surveys.models import Campaign, Survey
from surveys.services.campaigns import (
    campaign_create,
    campaign_pause,
    campaign_start,
    campaign_stop,
    campaign_update,
)
from workspace.campaigns.forms import FILTERS, CampaignForm, as_choice
from workspace.campaigns.show import preview, with_counts

PER_PAGE = 25
FORM_FIELDS = (
    "name",
    "roles",
    "when",
    "starts_on",
    "daily_share",
    "every_months",
    "days_before",
    "reminders",
    "reminder_days",
)


@requires(Perm.CAMPAIGNS_MANAGE)
def campaigns(request: HttpRequest) -> HttpResponse:
    """List the campaigns, newest first, with what came of each."""
    state = request.GET.get("state", "")
    rows = Campaign.objects.order_by("-created_at", "-pk")
    if state in Campaign.State.values:
        rows = rows.filter(state=state)
    page = Paginator(with_counts(rows), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": Campaign.State.choices}
    return render(request, "workspace/campaigns/list.html", context)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Set up a campaign; `?audience=` takes the portfolio's query string along."""
    came_with = request.GET.get("audience", "")
    form = CampaignForm(
        request.POST or None, person=signed_in(request), came_with=FILTERS + came_with if came_with else ""
    )

    def save() -> Campaign:
        return campaign_create(
            actor=signed_in(request), survey=form.cleaned_data["survey"], values=form.values()
        )

    context = {"heading": _("New campaign"), "has_survey": Survey.objects.filter(archived_at=None).exists()}
    return _saved_or_form(request, form, save, context)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a campaign that is not stopped."""
    campaign = get_object_or_404(Campaign.objects.exclude(state=Campaign.State.STOPPED), pk=pk)
    initial = {name: getattr(campaign, name) for name in FORM_FIELDS}
    initial["audience"] = as_choice(campaign.audience)
    form = CampaignForm(request.POST or None, person=signed_in(request), campaign=campaign, initial=initial)

    def save() -> Campaign:
        return campaign_update(actor=signed_in(request), campaign=campaign, values=form.values())

    return _saved_or_form(
        request, form, save, {"heading": campaign.name, "campaign": campaign, "has_survey": True}
    )


@requires(Perm.CAMPAIGNS_MANAGE)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one campaign: who gets it, who does not and why, what was sent and answered."""
    one = get_object_or_404(with_counts(Campaign.objects.all()), pk=pk)
    shown = preview(
        one,
        only=request.GET.get("only", ""),
        number=request.GET.get("page", ""),
        at=time.now(),
        person=signed_in(request),
    )
    return render(request, "workspace/campaigns/campaign.html", {"campaign": one, "preview": shown})


@requires(Perm.CAMPAIGNS_MANAGE)
@require_POST
def campaign_started(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a campaign, or go on with a paused one."""
    one = get_object_or_404(Campaign, pk=pk)
    return _turned(
        request,
        one,
        lambda: campaign_start(actor=signed_in(request), campaign=one, at=time.now()),
        _("“%(name)s” is running. Mails leave in working hours, within the contact budget."),
    )


@requires(Perm.CAMPAIGNS_MANAGE)
@require_POST
def campaign_paused(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause a campaign."""
    one = get_object_or_404(Campaign, pk=pk)
    return _turned(
        request,
        one,
        lambda: campaign_pause(actor=signed_in(request), campaign=one),
        _("“%(name)s” is paused. Nothing leaves until it goes on."),
    )


@requires(Perm.CAMPAIGNS_MANAGE)
@require_POST
def campaign_stopped(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a campaign for good."""
    one = get_object_or_404(Campaign, pk=pk)
    return _turned(
        request,
        one,
        lambda: campaign_stop(actor=signed_in(request), campaign=one, at=time.now()),
        _("“%(name)s” is stopped. Links that people have still answer."),
    )


def _turned(request: HttpRequest, one: Campaign, turn: Callable[[], None], done: str) -> HttpResponse:
    try:
        turn()
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
    else:
        toast(request, done % {"name": one.name})
    return redirect("campaign", pk=one.pk)


def _saved_or_form(
    request: HttpRequest, form: CampaignForm, save: Callable[[], Campaign], context: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except ValidationError as refused:
            form.take(refused)
        else:
            toast(request, _("Saved. Look at who gets it before you start it."))
            return redirect("campaign", pk=saved.pk)
    status = 422 if form.is_bound else 200
    return render(request, "workspace/campaigns/form.html", {**context, "form": form}, status=status)
