"""Closing the loop: low answers, their deadlines, what was done, what the contact says to it."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast, toast_error
from customers.models import Customer
from playbooks.models import Task
from surveys.models import LoopCase, LoopSettings
from surveys.services.loop import case_close, case_tell, loop_settings_save
from workspace.surveys.cases import cases_of, in_time
from workspace.surveys.forms import CloseForm, DeadlineForm

WHICH = ("open", "late", "closed")
PER_PAGE = 25


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List low answers that wait for somebody, those past their day, and closed ones."""
    user = signed_in(request)
    which = request.GET.get("which", "open")
    which, mine = which if which in WHICH else "open", request.GET.get("mine") == "1"
    waits = LoopSettings.get()
    context = {
        "page": Paginator(cases_of(user, which, mine=mine), PER_PAGE).get_page(request.GET.get("page")),
        "which": which,
        "mine": mine,
        "told": in_time(user, time.now()),
        "waits": waits,
        "now": time.now(),
        "deadline": DeadlineForm(initial={"hours": waits.hours, "working_hours": waits.working_hours})
        if user.may(Perm.SETTINGS_MANAGE)
        else None,
    }
    return render(request, "workspace/surveys/cases.html", context)


def _case(request: HttpRequest, pk: int) -> LoopCase:
    visible = Customer.objects.visible_to(request.user).order_by().values("pk")
    rows = LoopCase.objects.select_related("response__contact", "response__invitation", "customer", "owner")
    return get_object_or_404(rows, pk=pk, customer__in=visible)


def _may_edit(request: HttpRequest, case: LoopCase) -> bool:
    return Customer.objects.editable_by(signed_in(request)).filter(pk=case.customer_id).exists()


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a low answer, and close it by saying what was done."""
    row, user = _case(request, pk), signed_in(request)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not _may_edit(request, row):
            raise PermissionDenied
        if form.is_valid():
            try:
                case_close(actor=user, case=row, done=form.cleaned_data["done"], at=time.now())
            except ValidationError as wrong:
                form.take(wrong)
            else:
                toast(request, _("Closed."))
                return redirect("survey_case", pk)
    context = {
        "case": row,
        "form": form,
        "may_edit": _may_edit(request, row),
        "now": time.now(),
        "task": Task.objects.visible_to(user).filter(case=row).first(),
    }
    return render(request, "workspace/surveys/case.html", context, status=422 if form.errors else 200)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def case_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the contact what was done, by mail or by a link to pass on."""
    row = _case(request, pk)
    if not _may_edit(request, row):
        raise PermissionDenied
    by_mail = request.POST.get("how") == "mail"
    try:
        token = case_tell(
            actor=signed_in(request),
            case=row,
            by_mail=by_mail,
            at=time.now(),
            done=request.POST.get("done", ""),
        )
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
        return redirect("survey_case", pk)
    if by_mail:
        toast(request, _("The mail is on its way."))
        return redirect("survey_case", pk)
    link = settings.SITE_URL + reverse("survey_done", args=[token])
    row.refresh_from_db()
    context = {"case": row, "may_edit": True, "link": link, "share": quote(link, safe=""), "now": time.now()}
    return render(request, "workspace/surveys/case.html", context)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def cases_deadline(request: HttpRequest) -> HttpResponse:
    """Set how long low answers may wait."""
    form = DeadlineForm(request.POST)
    if form.is_valid():
        loop_settings_save(actor=signed_in(request), **form.cleaned_data)
        toast(request, _("Saved. Open ones keep their deadline."))
    else:
        toast_error(request, _("Hours go from 1 to 720, working hours from 1 to 240. Nothing was changed."))
    return redirect("survey_cases")
