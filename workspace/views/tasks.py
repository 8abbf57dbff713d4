"""Tasks: the page of them, one made, looked at and changed, many changed at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import formats, time
from core.forms import DayField
from core.toasts import toast
from customers.models import Customer
from customers.services.owners import assignable_people
from customers.views.form_page import FormPage, form_page
from playbooks.models import Task
from playbooks.services.many_tasks import tasks_assign, tasks_done, tasks_move
from playbooks.services.tasks import (
    comment_add,
    item_add,
    item_remove,
    item_tick,
    task_create,
    task_done,
    task_drop,
    task_reopen,
    task_update,
)
from workspace.tasks.desk import Desk
from workspace.tasks.forms import TaskForm

PAGE = "workspace/tasks/page.html"
TASK = "workspace/tasks/task.html"
FORM = "workspace/tasks/form.html"


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the reader's tasks."""
    return render(request, PAGE, {"desk": Desk(signed_in(request), request.GET)})


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Make a task; `?customer=` says about whom."""
    user = signed_in(request)
    customer = _asked_customer(request, user)
    form = TaskForm(request.POST or None, user=user, customer=customer)

    def save(data: dict[str, Any]) -> None:
        task_create(actor=user, **data)

    back = reverse("customer", args=[customer.pk]) if customer else reverse("tasks")
    page = FormPage(
        title=_("New task"), submit=_("Save"), done=_("The task is made."), back=back, template=FORM
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one task with its checklist and what was said about it."""
    return _shown(request, _seen(request, pk))


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "POST"])
def task_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task."""
    row, user = _mine(request, pk), signed_in(request)
    form = TaskForm(request.POST or None, user=user, task=row)

    def save(data: dict[str, Any]) -> None:
        task_update(actor=user, task=row, changes=data)

    page = FormPage(
        title=_("Change the task"),
        submit=_("Save"),
        done=_("The task is changed."),
        back=reverse("task", args=[row.pk]),
        template=FORM,
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def task_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a task as done, or drop it (`do=drop`); the toast takes it back."""
    row, user = _mine(request, pk), signed_in(request)
    if request.POST.get("do") == "drop":
        task_drop(actor=user, task=row)
        said = _("The task is dropped.")
    else:
        task_done(actor=user, task=row)
        said = _said_done(row)
    toast(request, said, undo_url=reverse("task_reopen", args=[pk]))
    return _back(request, reverse("task", args=[pk]))


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def task_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a task again."""
    task_reopen(actor=signed_in(request), task=_mine(request, pk))
    toast(request, _("The task is open again."))
    return _back(request, reverse("tasks"))


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def task_items(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line to a checklist, tick one (`tick=`), take the tick back (`untick=`) or the line off (`remove=`)."""
    row, user, sent = _mine(request, pk), signed_in(request), request.POST
    for do in ("tick", "untick", "remove"):
        if sent.get(do):
            if not sent[do].isdecimal():
                raise Http404
            item = get_object_or_404(row.items.all(), pk=sent[do])
            if do == "remove":
                item_remove(actor=user, item=item)
            else:
                item_tick(actor=user, item=item, done=do == "tick")
            return redirect("task", pk)
    try:
        item_add(actor=user, task=row, text=sent.get("text", ""))
    except ValidationError as wrong:
        return _shown(request, row, item_error=" ".join(wrong.messages))
    return redirect("task", pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def task_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a task."""
    row = _seen(request, pk)
    try:
        comment_add(actor=signed_in(request), task=row, text=request.POST.get("text", "")[:5000])
    except ValidationError as wrong:
        return _shown(request, row, comment_error=" ".join(wrong.messages))
    return redirect("task", pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def tasks_bulk(request: HttpRequest) -> HttpResponse:
    """Change many tasks at once: done, given to somebody, moved to a day; `done_one` is a single one's box."""
    user, sent = signed_in(request), request.POST
    keys = [sent["done_one"]] if sent.get("done_one") else sent.getlist("task")
    chosen = Task.objects.editable_by(user, time.today()).filter(
        pk__in=[key for key in keys if key.isdecimal()]
    )
    try:
        said = _bulk(user, chosen, "done" if sent.get("done_one") else sent.get("do", ""), sent)
    except ValidationError as wrong:
        said = " ".join(wrong.messages)
    undo = reverse("task_reopen", args=keys) if sent.get("done_one", "").isdecimal() else None
    toast(request, said, undo_url=undo)
    return _back(request, reverse("tasks"))


def _bulk(user: User, chosen: Any, do: str, sent: Any) -> str:
    if not chosen.open().exists():
        return _("No open task was chosen.")
    if do == "done":
        count = tasks_done(actor=user, tasks=chosen)
        return ngettext("%(n)d task is done.", "%(n)d tasks are done.", count) % {"n": count}
    if do == "assign":
        owner = (
            assignable_people().filter(pk=sent["owner"]).first()
            if sent.get("owner", "").isdecimal()
            else None
        )
        if owner is None:
            raise ValidationError(_("Choose who gets the tasks."))
        count = tasks_assign(actor=user, tasks=chosen, owner=owner)
        return ngettext("%(n)d task went to %(name)s.", "%(n)d tasks went to %(name)s.", count) % {
            "n": count,
            "name": owner,
        }
    if do == "move":
        day = DayField().clean(sent.get("due_on", ""))
        count = tasks_move(actor=user, tasks=chosen, due_on=day)
        return ngettext("%(n)d task moved to %(day)s.", "%(n)d tasks moved to %(day)s.", count) % {
            "n": count,
            "day": formats.day(day),
        }
    raise ValidationError(_("Choose what is to happen to the tasks."))


def _shown(request: HttpRequest, row: Task, **errors: str) -> HttpResponse:
    user = signed_in(request)
    context = {
        "task": row,
        "may_edit": Task.objects.editable_by(user, time.today()).filter(pk=row.pk).exists(),
        "may_say": user.may(Perm.CUSTOMERS_EDIT),
        "items": list(row.items.all()),
        "comments": list(row.comments.select_related("author")),
        "today": time.today(),
        **errors,
    }
    return render(request, TASK, context, status=422 if errors else 200)


def _said_done(row: Task) -> str:
    following = Task.objects.filter(follows=row).first()
    if following is None or following.due_on is None:
        return _("The task is done.")
    return _("The task is done. The next one is due on %(day)s.") % {"day": formats.day(following.due_on)}


def _seen(request: HttpRequest, pk: int) -> Task:
    rows = Task.objects.visible_to(signed_in(request)).select_related(
        "customer", "owner", "created_by", "closed_by", "case"
    )
    row: Task = get_object_or_404(rows, pk=pk)
    return row


def _mine(request: HttpRequest, pk: int) -> Task:
    rows = Task.objects.editable_by(signed_in(request), time.today()).select_related("customer", "owner")
    row: Task = get_object_or_404(rows, pk=pk)
    return row


def _asked_customer(request: HttpRequest, user: User) -> Customer | None:
    key = request.GET.get("customer", "")
    return Customer.objects.visible_to(user).filter(pk=key).first() if key.isdecimal() else None


def _back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Lead back to the page named in `back`, if it is one of ours."""
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if back and ours else otherwise)
