"""The customer page, its timeline by the page, and the quick entry of a conversation."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from customers.models import Customer
from workspace.customer.aside import put_aside
from workspace.customer.asof import as_of
from workspace.customer.log import LogForm
from workspace.customer.logging import conversation_log
from workspace.customer.page import customer_for, last_touch, page, people_part, rights, timeline_part
from workspace.customer.stakeholders import people
from workspace.tasks.desk import of_customer

PAGE = "workspace/customer/page.html"
TIMELINE = "workspace/customer/_timeline.html"
OLDER = "workspace/customer/_timeline_days.html"
LOG = "workspace/customer/_log.html"
LOGGED = "workspace/customer/_logged.html"
FIELDS = {"title": "promise", "due_on": "promise_due", "quote": "summary"}  # a service's field → the form's


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one customer, now or as of a past day; one merged away leads to the one it went into."""
    found = customer_for(request.user, pk)
    if found.merged_into is not None:
        toast(
            request,
            _("%(name)s was merged into this customer.") % {"name": found.name},
        )
        return redirect("customer", found.merged_into_id)
    seen = as_of(request.GET.get("as_of", ""), time.today())
    context = page(
        found,
        signed_in(request),
        seen,
        group=request.GET.get("kind", ""),
        before=request.GET.get("before", ""),
        days=request.GET.get("days", ""),
        between=(request.GET.get("health_from", ""), request.GET.get("health_to", "")),
    )
    return render(request, PAGE, context)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer htmx with the timeline of one filter, or with its older entries; others get the page itself."""
    found = customer_for(request.user, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('customer', args=[pk])}?{request.GET.urlencode()}#timeline")
    seen = as_of(request.GET.get("as_of", ""), time.today())
    before = request.GET.get("before", "")
    context = timeline_part(found, seen, group=request.GET.get("kind", ""), before=before)
    context |= {"customer": found, "seen": seen, "fragment": True, **rights(found, signed_in(request), seen)}
    return render(request, OLDER if before else TIMELINE, context)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def customer_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the quick entry. htmx gets the empty form and what changed around it; others are led back to the page.

    An entry that cannot be written comes back with what was typed: 422 to htmx, the whole page to others.
    """
    found = customer_for(request.user, pk)
    actor = signed_in(request)
    seen = as_of("", time.today())
    if not rights(found, actor, seen)["can_edit"]:
        raise PermissionDenied
    form = LogForm(request.POST, customer=found)
    if not (form.is_valid() and _logged(form, actor, found)):
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, LOG, {"customer": found, "log": form}, status=422)
        return render(request, PAGE, {**page(found, actor, seen), "log": form}, status=422)
    if not request.htmx:  # type: ignore[attr-defined]
        toast(request, _("Logged. It stands on the timeline."))
        return redirect(f"{reverse('customer', args=[pk])}#timeline")
    context = {
        "customer": found,
        "seen": seen,
        "can_edit": True,
        "log": LogForm(customer=found),
        "last_touch": last_touch(pk, seen),
        "tasks": of_customer(pk, actor),
        **people_part(people(found.pk, seen)),
        "aside": put_aside(found.pk, actor, shown=True),
        **timeline_part(found, seen),
    }
    return render(request, LOGGED, context)


def _logged(form: LogForm, actor: User, found: Customer) -> bool:
    """Write the conversation; what the service refuses becomes the form's errors."""
    try:
        conversation_log(actor=actor, customer=found, **form.cleaned_data)
    except ValidationError as refused:
        for name, messages in getattr(refused, "message_dict", {"": refused.messages}).items():
            form.add_error(FIELDS.get(name, name if name in form.fields else None), messages)
        return False
    return True
