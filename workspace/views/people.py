"""The team: who is in it, as what, and how somebody joins or leaves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.forms import InviteForm
from accounts.models import Invitation, User
from accounts.permissions import Perm, Role, requires
from accounts.requests import signed_in
from accounts.services.invitations import (
    Sent,
    invitation_create,
    invitation_resend,
    invitation_revoke,
)
from accounts.services.people import person_enable, person_role_change
from core.models import WorkState
from core.toasts import toast, toast_error
from customers.services.owners import OwnerFunction, assignable_people
from workspace.people import person_leave, portfolio_sizes


class LeaveForm(forms.Form):
    """Who takes over what a leaving person is responsible for, function by function."""

    def __init__(self, *args: Any, person: User, sizes: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = assignable_people().exclude(pk=person.pk)
        for function, size in sizes.items():
            self.fields[function] = forms.ModelChoiceField(
                others,
                required=False,
                empty_label=_("Nobody: leave without an owner"),
                label=OwnerFunction(function).label,
                help_text=ngettext("%(n)s customer", "%(n)s customers", size) % {"n": size},
            )


def _page(request: HttpRequest, form: InviteForm, sent: Sent | None = None) -> HttpResponse:
    sizes = portfolio_sizes()
    people = [
        (person, [(OwnerFunction(key).label, size) for key, size in sizes.get(person.pk, {}).items()])
        for person in User.objects.for_team_page()
    ]
    context = {
        "form": form,
        "sent": sent,
        "people": people,
        "active_count": sum(person.is_active for person, _owned in people),
        "roles": Role.choices,
        "invitations": Invitation.objects.pending().select_related("invited_by").order_by("-created_at"),
    }
    return render(request, "workspace/people.html", context, status=422 if form.errors else 200)


@requires(Perm.PEOPLE_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """List the team and invite somebody; the link is shown once, for those who cannot get mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invitation_create(actor=signed_in(request), **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            return _page(request, InviteForm(), sent)
    return _page(request, form)


@requires(Perm.PEOPLE_MANAGE)
@require_POST
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person another role."""
    person = get_object_or_404(User, pk=pk)
    try:
        person = person_role_change(
            actor=signed_in(request), person=person, role=request.POST.get("role", "")
        )
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(
            request,
            _("%(name)s is now: %(role)s.") % {"name": person, "role": person.get_role_display()},
        )
    return redirect("people")


@requires(Perm.PEOPLE_MANAGE)
def person_disabled(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who takes over, then shut the person out."""
    person = get_object_or_404(User.objects.active(), pk=pk)
    sizes = portfolio_sizes().get(person.pk, {})
    form = LeaveForm(request.POST if request.method == "POST" else None, person=person, sizes=sizes)
    if request.method == "POST" and form.is_valid():
        try:
            order = person_leave(actor=signed_in(request), person=person, successors=form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            said = _("%(name)s can no longer sign in.") % {"name": person}
            if order is not None and order.state != WorkState.DONE:
                said += " " + _("Handing the customers over goes on in the background.")
            toast(request, said)
            return redirect("people")
    context = {"form": form, "person": person, "has_portfolio": bool(sizes)}
    return render(request, "workspace/person_disable.html", context, status=422 if form.errors else 200)


@requires(Perm.PEOPLE_MANAGE)
@require_POST
def person_enabled(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a disabled person sign in again."""
    person = person_enable(actor=signed_in(request), person=get_object_or_404(User, pk=pk))
    toast(request, _("%(name)s can sign in again.") % {"name": person})
    return redirect("people")


@requires(Perm.PEOPLE_MANAGE)
@require_POST
def invitation_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation again with a new link, which is shown once."""
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        sent = invitation_resend(actor=signed_in(request), invitation=invitation)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
        return redirect("people")
    return _page(request, InviteForm(), sent)


@requires(Perm.PEOPLE_MANAGE)
@require_POST
def invitation_revoked(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        invitation_revoke(actor=signed_in(request), invitation=invitation)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(request, _("The invitation of %(email)s is revoked.") % {"email": invitation.email})
    return redirect("people")
