"""How a person wants to work and be told of alerts; the channels that hear of them."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from customers.views.form_page import Aside, FormPage, form_page
from playbooks.models import AlertChannel
from playbooks.services.notices import channel_remove, channel_save, wish_of, wish_set
from workspace.notices.forms import ChannelForm, WishForm


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def work_wishes(request: HttpRequest) -> HttpResponse:
    """Let a person say how many customers a day, and how and when to be told of alerts."""
    user = signed_in(request)
    form = WishForm(request.POST or None, wish=wish_of(user))

    def save(data: dict[str, Any]) -> None:
        wish_set(actor=user, user=user, changes=data)

    page = FormPage(
        title=_("My day and alerts"), submit=_("Save"), done=_("Your wishes are saved."), back=reverse("home")
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def alert_channels(request: HttpRequest) -> HttpResponse:
    """List the channels with what waits and what went wrong last."""
    waiting = Count("notices", filter=Q(notices__state="waiting"))
    rows = AlertChannel.objects.annotate(waiting=waiting)
    return render(request, "workspace/notices/channels.html", {"rows": rows})


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_channel_new(request: HttpRequest) -> HttpResponse:
    """Set up a channel."""
    user = signed_in(request)

    def save(data: dict[str, Any]) -> None:
        channel_save(actor=user, channel=None, **data)

    page = FormPage(
        title=_("New channel"),
        submit=_("Save"),
        done=_("The channel is set up."),
        back=reverse("alert_channels"),
    )
    return form_page(request, page=page, form=ChannelForm(request.POST or None), save=save)


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a channel."""
    user, row = signed_in(request), get_object_or_404(AlertChannel, pk=pk)

    def save(data: dict[str, Any]) -> None:
        channel_save(actor=user, channel=row, **data)

    page = FormPage(
        title=row.name,
        submit=_("Save"),
        done=_("The channel is changed."),
        back=reverse("alert_channels"),
        aside=Aside(
            title=_("No longer needed?"),
            text=_("What waits for it is not told any more."),
            submit=_("Remove the channel"),
            url=reverse("alert_channel_remove", args=[pk]),
        ),
    )
    return form_page(request, page=page, form=ChannelForm(request.POST or None, channel=row), save=save)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def alert_channel_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a channel away."""
    channel_remove(actor=signed_in(request), channel=get_object_or_404(AlertChannel, pk=pk))
    toast(request, _("The channel is removed."))
    return redirect("alert_channels")
