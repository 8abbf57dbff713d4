"""The page behind an invitation's link."""

from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import JoinForm
from accounts.models import Invitation, User, Workspace
from accounts.permissions import public
from accounts.services.invitations import invitation_accept, invitation_by_token


@public
@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let the invited person in, or say why the link does not and what to do."""
    invitation = invitation_by_token(token)
    if invitation is None or invitation.state is not Invitation.State.OPEN:
        return _refused(request, invitation)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitation_accept(
                invitation=invitation,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=translation.get_language() or "",
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            # The library's way in, so that the session is listed among the person's sessions.
            response: HttpResponse = perform_login(request, person, email_verification="none")
            return response
    context = {"form": form, "invitation": invitation, "workspace": Workspace.get()}
    return render(request, "accounts/join.html", context, status=422 if form.errors else 200)


def _refused(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    state = "unknown" if invitation is None else str(invitation.state)
    context = {
        "state": state,
        "invitation": invitation,
        "workspace": Workspace.get(),
        "admins": User.objects.admins().order_by("name")[:3] if invitation is not None else [],
    }
    return render(request, "accounts/join_refused.html", context, status=404 if invitation is None else 410)
