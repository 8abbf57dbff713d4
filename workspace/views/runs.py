"""Runs of playbooks: started for one customer or many, looked at, stopped."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import Customer
from playbooks.models import Alert, Playbook, Run, RunBatch, RunStep
from playbooks.plays.words import run_sentence
from playbooks.services.runs import offer_answer, run_stop, runs_start
from workspace.playbooks.show import at_step, course, playbooks_for

A_PAGE = 50


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def playbook_runs(request: HttpRequest, pk: int) -> HttpResponse:
    """List the customers a playbook was started for."""
    user = signed_in(request)
    one = get_object_or_404(Playbook.objects.with_counts(), pk=pk)
    state = request.GET.get("state", Run.Standing.RUNNING)
    rows = Run.objects.visible_to(user).filter(playbook=one)
    if state in Run.Standing.values:
        rows = rows.filter(standing=state)
    page = Paginator(rows.shown().order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "playbook": one,
        "tab": "runs",
        "may_edit": user.may(Perm.CAMPAIGNS_MANAGE),
        "page_of": page,
        "rows": [at_step(run) for run in page.object_list],
        "state": state,
        "states": [*Run.Standing.choices, ("all", _("All"))],
    }
    return render(request, "workspace/playbooks/runs.html", context)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one run: what was done, what came of it, what is ahead."""
    user = signed_in(request)
    row = get_object_or_404(Run.objects.visible_to(user).shown(), pk=pk)
    context = {
        "run": row,
        "course": course(row),
        "how": run_sentence(row),
        "may_edit": Run.objects.editable_by(user).filter(pk=pk).exists(),
    }
    return render(request, "workspace/playbooks/run.html", context)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def run_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run (`do=stop`), or say what came of an offer (`do=accepted`, `declined`, `step=`)."""
    user, sent = signed_in(request), request.POST
    row = get_object_or_404(Run.objects.editable_by(user), pk=pk)
    do = sent.get("do", "")
    try:
        if do == "stop":
            run_stop(actor=user, run=row, why=sent.get("why", ""))
            toast(request, _("The playbook is stopped for this customer. Its open tasks stay."))
        elif do:
            key = sent.get("step", "")
            step = get_object_or_404(RunStep, run=row, pk=int(key) if key.isdecimal() else 0)
            offer_answer(actor=user, step=step, answer=do)
            toast(request, _("What the customer said is recorded."))
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
    return redirect("run", pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def playbook_start(request: HttpRequest) -> HttpResponse:
    """Start a playbook for one customer (`customer=`), also from an alert (`alert=`); else lead to choosing some."""
    user, asked = signed_in(request), request.POST or request.GET
    if not (asked.get("alert") or asked.get("customer")):
        return redirect("portfolio")
    alert = Alert.objects.editable_by(user).filter(pk=_key(asked.get("alert", ""))).first()
    wanted = alert.customer_id if alert is not None else _key(asked.get("customer", ""))
    customer = get_object_or_404(Customer.objects.editable_by(user).present(), pk=wanted)
    if request.method == "POST":
        one = get_object_or_404(Playbook.objects.startable(), pk=_key(asked.get("playbook", "")))
        try:
            batch = runs_start(
                actor=user, playbook=one, customers=Customer.objects.filter(pk=customer.pk), alert=alert
            )
        except ValidationError as refused:
            toast_error(request, " ".join(refused.messages))
            return redirect("customer", customer.pk)
        said = (
            _("“%(name)s” is started.")
            if batch.total
            else _("“%(name)s” is running for this customer already.")
        )
        toast(request, said % {"name": one.name})
        return redirect("customer", customer.pk)
    running = set(Run.objects.running().filter(customer=customer).values_list("playbook", flat=True))
    context = {
        "customer": customer,
        "alert": alert,
        "playbooks": playbooks_for(user),
        "running": running,
        "back": reverse("customer", args=[customer.pk]),
    }
    return render(request, "workspace/playbooks/start.html", context)


@requires(Perm.CUSTOMERS_EDIT)
@require_GET
def run_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the runs are that were started together; with htmx only the bar."""
    user = signed_in(request)
    batch = get_object_or_404(RunBatch.objects.select_related("playbook", "made_by"), pk=pk)
    rows = Run.objects.visible_to(user).filter(batch=batch)
    counts = rows.order_by().aggregate(
        all=Count("pk"),
        control=Count("pk", filter=Q(standing=Run.Standing.CONTROL)),
        waiting=Count("pk", filter=Q(standing=Run.Standing.RUNNING, due_at=F("created_at"))),
    )
    done = counts["all"] - counts["waiting"]
    share = 100 * done // counts["all"] if counts["all"] else 100
    context = {"batch": batch, "counts": counts, "done": done, "share": share, "over": not counts["waiting"]}
    template = (
        "workspace/playbooks/_progress.html"
        if getattr(request, "htmx", False)
        else "workspace/playbooks/batch.html"
    )
    return render(request, template, context)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() else 0
