"""Beside the tasks: the calendar address of a person, and who stands in for whom."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, public, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from customers.views.form_page import FormPage, form_page
from playbooks.ical import Entry, calendar_file
from playbooks.models import Cover, Task
from playbooks.services.feeds import feed_make, feed_owner, feed_revoke
from playbooks.services.many_tasks import cover_add, cover_remove
from workspace.tasks.forms import CoverForm

FORM = "workspace/tasks/form.html"
MOST = 1000


@requires(Perm.CUSTOMERS_VIEW)
@require_POST
def tasks_calendar(request: HttpRequest) -> HttpResponse:
    """Make one's calendar address and show it this once, or (`do=revoke`) let it stop working."""
    user = signed_in(request)
    if request.POST.get("do") == "revoke":
        feed_revoke(actor=user)
        toast(request, _("The calendar address works no more."))
        return redirect("tasks")
    address = request.build_absolute_uri(reverse("calendar_feed", args=[feed_make(actor=user)]))
    response = render(request, "workspace/tasks/calendar.html", {"address": address})
    response["Cache-Control"] = "no-store"
    return response


@public
@require_GET
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Send the open tasks with a day of whose secret address it is; any other address does not exist."""
    user = feed_owner(key, time.today())
    if user is None or not user.may(Perm.CUSTOMERS_VIEW):
        raise Http404
    rows = (
        Task.objects.visible_to(user)
        .filter(pk__in=Task.objects.on_desk_of(user, time.today()).values("pk"), due_on__isnull=False)
        .select_related("customer")
        .order_by("due_on", "pk")[:MOST]
    )
    zone = time.workspace_zone()
    with override(user.language or None):
        entries = [
            Entry(
                uid=f"task-{row.pk}@{request.get_host()}",
                day=row.due_on,
                at=dt.datetime.combine(row.due_on, row.due_at, zone) if row.due_at else None,
                title=f"{row.title} · {row.customer.name}" if row.customer else row.title,
                text=row.body,
                url=request.build_absolute_uri(reverse("task", args=[row.pk])),
                changed_at=row.updated_at,
            )
            for row in rows
        ]
        text = calendar_file(_("Zelo tasks"), entries)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def cover_new(request: HttpRequest) -> HttpResponse:
    """Let somebody stand in for the reader."""
    user = signed_in(request)
    form = CoverForm(request.POST or None, user=user)
    page = FormPage(
        title=_("Somebody stands in for me"),
        submit=_("Save"),
        done=_("Your tasks stand on the other desk too on these days."),
        back=reverse("tasks"),
        template=FORM,
    )
    return form_page(
        request, page=page, form=form, save=lambda data: cover_add(actor=user, person=user, **data)
    )


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def cover_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a stand-in: one's own, for managers anybody's."""
    user = signed_in(request)
    rows = Cover.objects.all() if user.may(Perm.CUSTOMERS_MANAGE) else Cover.objects.filter(person=user)
    cover_remove(actor=user, cover=get_object_or_404(rows.select_related("person"), pk=pk))
    toast(request, _("Nobody stands in on these days any more."))
    return redirect("tasks")
