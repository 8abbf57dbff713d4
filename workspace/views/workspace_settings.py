"""Settings of the whole installation. What moves figures is shown before it is saved."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import WorkspaceForm
from accounts.models import Workspace
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from accounts.services.workspace import SETTINGS, workspace_update
from core.toasts import toast
from workspace.effects import FIGURES_DEPEND_ON, of_settings


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def workspace_settings(request: HttpRequest) -> HttpResponse:
    """Show and change the workspace's name and rules; a change on which figures depend is shown in figures first."""
    saved = Workspace.get()
    form = WorkspaceForm(request.POST or None, instance=Workspace.get())
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        new = {name: form.cleaned_data[name] for name in SETTINGS}
        changed = [name for name in FIGURES_DEPEND_ON if new[name] != getattr(saved, name)]
        seen = " ".join(f"{name}={new[name]}" for name in changed)
        effects = of_settings(saved, new) if seen != request.POST.get("seen", "") else []
        if effects:
            return render(
                request, "workspace/workspace_settings.html", {**context, "effects": effects, "seen": seen}
            )
        try:
            workspace_update(actor=signed_in(request), **new)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            toast(request, _("The settings are saved."))
            return redirect("workspace_settings")
    return render(request, "workspace/workspace_settings.html", context, status=422 if form.errors else 200)
