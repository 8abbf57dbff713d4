"""The contact budget's settings page, with what a change would have done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from surveys.effect import effects
from surveys.limits import limits_of
from surveys.models import ContactBudget, ContactMail
from surveys.services.budget import FIELDS, budget_update
from workspace.campaigns.budget_form import BudgetForm


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def contact_budget(request: HttpRequest) -> HttpResponse:
    """Show and change the contact budget; the button `preview` shows the effect of what is typed and saves nothing."""
    form = BudgetForm(request.POST or None, instance=ContactBudget.get())
    preview = "preview" in request.POST
    if request.method == "POST" and form.is_valid() and not preview:
        budget_update(actor=signed_in(request), values={name: form.cleaned_data[name] for name in FIELDS})
        toast(request, _("The contact budget is saved. It holds for every mail that has not left yet."))
        return redirect("contact_budget")
    at = time.now()
    saved = {one.key: one for one in effects(limits_of(ContactBudget.objects.get(pk=1)), at)}
    typed = effects(limits_of(form.instance), at) if preview and form.is_valid() else list(saved.values())
    lines: list[dict[str, Any]] = [
        {"typed": one, "now": saved[one.key].held if one.key in saved else 0} for one in typed
    ]
    context = {
        "form": form,
        "lines": lines,
        "is_preview": preview and form.is_valid(),
        "waiting": ContactMail.objects.filter(state=ContactMail.State.PLANNED).count(),
        "dropped": ContactMail.objects.filter(state=ContactMail.State.DROPPED, dropped_why="late").count(),
    }
    status = 422 if form.errors else 200
    return render(request, "workspace/campaigns/budget.html", context, status=status)
