"""Changing many customers of the portfolio at once: owner, stage or tag, each with one way back; playbooks started."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import Customer, Reversal
from customers.querysets import CustomerQuerySet
from customers.services.bulk import (
    BulkInterruptedError,
    customers_bulk_assign,
    customers_bulk_stage,
    customers_bulk_tag,
)
from customers.services.owners import assignable_people
from customers.services.reversal import may_reverse, reversal_use
from playbooks.models import Playbook, RunBatch
from playbooks.services.runs import runs_start
from workspace.portfolio.desk import Desk, desk_of
from workspace.portfolio.opening import open_portfolio

NOBODY = "none"


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def portfolio_bulk(request: HttpRequest) -> HttpResponse:
    """Change the chosen customers, or all in the view, and come back to it with the way to undo."""
    desk = desk_of(request)
    user, chosen = signed_in(request), chosen_customers(desk, request.POST)
    try:
        if not chosen.exists():
            raise ValidationError(_("Select at least one customer first."))
        if "playbook" in request.POST:
            return redirect("run_batch", _started(user, chosen, request.POST).pk)
        left = _left(user, chosen)  # asked before: who gives a customer away may not change it after
        reversal = _apply(user, chosen, request.POST)
    except ValidationError as reason:
        toast_error(request, " ".join(reason.messages))
    except BulkInterruptedError as stopped:
        said = _("%(done)s. Then it was interrupted: do it again for the others, or take it back.")
        toast(request, said % {"done": stopped.reversal.summary}, undo_url=_undo(stopped.reversal))
    else:
        toast(request, _said(reversal, left), undo_url=_undo(reversal))
    query = request.POST.get("state", "")
    return redirect(f"{reverse('portfolio')}?{query}" if query else reverse("portfolio"))


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def portfolio_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a change of many customers back, and return to the page it was asked from."""
    user = signed_in(request)
    reversal = get_object_or_404(Reversal, pk=pk)
    if not may_reverse(user, reversal):
        raise Http404
    try:
        undone = reversal_use(actor=user, reversal=reversal)
    except ValidationError as reason:
        toast_error(request, " ".join(reason.messages))
    except DatabaseError:
        toast(request, _("Not everything could be taken back. Try again."), undo_url=_undo(reversal))
    else:
        said = _("Taken back.")
        if undone.left:
            said += " " + ngettext(
                "%(n)s row had changed since and was left.",
                "%(n)s rows had changed since and were left.",
                undone.left,
            ) % {"n": undone.left}
        toast(request, said)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else reverse("portfolio"))


def chosen_customers(desk: Desk, posted: QueryDict) -> CustomerQuerySet:
    """Return the ticked customers, or with `all` everybody in the view that `state` says."""
    if posted.get("all"):
        return open_portfolio(desk, QueryDict(posted.get("state", ""))).portfolio.matching()
    keys = [int(key) for key in posted.getlist("id") if key.isdecimal()]
    return Customer.objects.visible_to(desk.user).filter(pk__in=keys)


def _started(user: User, chosen: CustomerQuerySet, posted: QueryDict) -> RunBatch:
    """Start a playbook for the chosen customers; the work is done in the background."""
    playbook = Playbook.objects.startable().filter(pk=_key(posted.get("playbook", ""))).first()
    if playbook is None:
        raise ValidationError(_("This playbook is not published any more. Choose another one."))
    share = posted.get("holdout", "")
    return runs_start(
        actor=user, playbook=playbook, customers=chosen, holdout=int(share) if share.isdecimal() else 0
    )


def _apply(user: User, chosen: CustomerQuerySet, posted: QueryDict) -> Reversal:
    if "owner" in posted:
        owner = None
        if posted.get("owner") != NOBODY:
            owner = assignable_people().filter(pk=_key(posted.get("owner", ""))).first()
            if owner is None:
                raise ValidationError(_("This person cannot look after customers. Choose another one."))
        return customers_bulk_assign(actor=user, customers=chosen, owner=owner)
    if "stage" in posted:
        return customers_bulk_stage(actor=user, customers=chosen, stage=posted.get("stage", ""))
    names = [posted.get("tag", "")]
    if posted.get("do") == "untag":
        return customers_bulk_tag(actor=user, customers=chosen, remove=names)
    return customers_bulk_tag(actor=user, customers=chosen, add=names)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _left(user: User, chosen: CustomerQuerySet) -> int:
    """Return how many of the chosen customers the person may not change."""
    may = Customer.objects.editable_by(user).present().order_by().values("pk")
    return chosen.exclude(pk__in=may).count()


def _said(reversal: Reversal, left: int) -> str:
    if not left:
        return reversal.summary
    others = ngettext(
        "%(n)s was left: it is not yours to change, or it is archived.",
        "%(n)s were left: they are not yours to change, or they are archived.",
        left,
    ) % {"n": left}
    return f"{reversal.summary}. {others}"


def _undo(reversal: Reversal) -> str | None:
    return reverse("portfolio_undo", args=[reversal.pk]) if reversal.steps else None
