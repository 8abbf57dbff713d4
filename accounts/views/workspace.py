"""Settings of the whole installation."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.forms import WorkspaceForm
from accounts.models import Workspace
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from accounts.services.workspace import SETTINGS, workspace_update
from core.toasts import toast


@requires(Perm.SETTINGS_MANAGE)
def workspace_settings(request: HttpRequest) -> HttpResponse:
    """Show and change the workspace's name and rules."""
    form = WorkspaceForm(request.POST or None, instance=Workspace.get())
    if request.method == "POST" and form.is_valid():
        try:
            workspace_update(actor=signed_in(request), **{name: form.cleaned_data[name] for name in SETTINGS})
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            toast(request, _("The settings are saved."))
            return redirect("workspace_settings")
    return render(request, "accounts/workspace.html", {"form": form}, status=422 if form.errors else 200)
