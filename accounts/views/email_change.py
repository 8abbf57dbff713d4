"""Changing the address one signs in with."""

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.forms import EmailForm
from accounts.permissions import Perm, public, requires
from accounts.requests import signed_in
from accounts.services.email_change import email_change_ask, email_change_confirm, email_change_of
from core.toasts import toast


@requires(Perm.SIGNED_IN)
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for the new address, after the password or code once more, and send it a link."""
    response: HttpResponse = reauthentication_required(_email_change)(request)
    return response


def _email_change(request: HttpRequest) -> HttpResponse:
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email_change_ask(person=signed_in(request), email=form.cleaned_data["email"])
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            said = _("We sent a link to %(email)s. Your address changes when you open it.")
            toast(request, said % {"email": form.cleaned_data["email"]})
            return redirect("profile")
    return render(request, "accounts/email_change.html", {"form": form}, status=422 if form.errors else 200)


@public
@never_cache
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Change the address on a press of the button; the link alone, which a mail scanner opens, changes nothing."""
    change = email_change_of(token)
    if change is None:
        return render(request, "accounts/email_confirm.html", {"change": None}, status=410)
    problem = ""
    if request.method == "POST":
        try:
            email_change_confirm(change=change)
        except ValidationError as wrong:
            problem = " ".join(wrong.messages)
        else:
            toast(request, _("You now sign in as %(email)s.") % {"email": change.after})
            return redirect("profile")
    context = {"change": change, "problem": problem}
    return render(request, "accounts/email_confirm.html", context, status=422 if problem else 200)
