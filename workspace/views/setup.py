"""The set-up checklist, the first night by hand, and the way from the demo to one's own data."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from core import time
from core.toasts import toast, toast_error
from metrics.first_value import candidates, first_value_set, signs
from metrics.nights import open_nights
from workspace import setup
from workspace.forms import StartForm
from workspace.services import start_with_own_data

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def checklist(request: HttpRequest) -> HttpResponse:
    """Show what is done and what comes next; the part that moves is polled by htmx while nights run."""
    steps = setup.checklist()
    following = next((step.key for step in steps if not step.done), "")
    context = {
        "steps": steps,
        "following": following,
        "done": sum(step.done for step in steps),
        "nights": setup.nights_progress(),
    }
    return render(request, "workspace/setup.html", context)


@requires(Perm.NIGHTS_RUN)
@require_POST
def night(request: HttpRequest) -> HttpResponse:
    """Open a night for every closed day since the first fact and ring for the workers."""
    open_nights()
    if setup.nights_progress().total:
        toast(request, _("The nights are running. You can leave this page, they go on."))
    else:
        toast_error(
            request,
            _(
                "There is no closed day to compute yet: bring customers and subscriptions first, or wait for tonight."
            ),
        )
    return redirect("setup")


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Leave the demo: make the first admin of one's own, clear the demo, sign in as that admin."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person: User = start_with_own_data(**form.cleaned_data)
        login(request, person, backend=BACKEND)
        toast(request, _("The demo company is gone. This is your workspace now."))
        return redirect("setup")
    status = 422 if form.is_bound else 200
    return render(request, "workspace/start.html", {"form": form}, status=status)


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def first_value(request: HttpRequest) -> HttpResponse:
    """Choose the events and milestones that count as first value."""
    known = candidates(time.today())
    if request.method == "POST":
        wanted = set(request.POST.getlist("sign"))
        chosen = [sign for sign in known if ":".join(sign) in wanted]
        kind, name = request.POST.get("kind", "milestone"), request.POST.get("name", "").strip()[:120]
        if name and kind in {"event", "milestone"}:
            chosen.append((kind, name))
        first_value_set(actor=request.user, chosen=chosen)  # type: ignore[arg-type]
        toast(request, _("First value is saved; the time to it is counted from now on by this definition."))
        return redirect("first_value_settings")
    current = signs()
    rows = [{"kind": kind, "name": name, "chosen": (kind, name) in current} for kind, name in known]
    return render(request, "workspace/first_value.html", {"rows": rows})
