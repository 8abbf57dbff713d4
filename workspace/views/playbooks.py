"""Playbooks: the list, a new one, the page of one, and what is done with it as a whole."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import formats
from core.toasts import toast, toast_error
from customers.views.form_page import FormPage, form_page
from playbooks.models import Playbook, PlaybookVersion, Run
from playbooks.plays.words import again_sentence, for_whom, start_sentence
from playbooks.services import playbooks as service
from playbooks.services.runs import runs_apply
from workspace.playbooks.forms import PlaybookForm
from workspace.playbooks.show import at_step, lines
from workspace.playbooks.step_forms import KIND_CHOICES

STATES = ("live", "archived")


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def playbooks(request: HttpRequest) -> HttpResponse:
    """List the playbooks with how many customers are in each."""
    state = "archived" if request.GET.get("state") == "archived" else "live"
    rows = Playbook.objects.filter(archived_at__isnull=state == "live")
    shown = rows.with_counts().select_related("published", "owner").order_by("-active", "name")
    context = {
        "rows": [_listed(one) for one in shown],
        "state": state,
        "states": [("live", _("In use")), ("archived", _("Archived"))],
        "may_edit": signed_in(request).may(Perm.CAMPAIGNS_MANAGE),
    }
    return render(request, "workspace/playbooks/list.html", context)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def playbook_new(request: HttpRequest) -> HttpResponse:
    """Make a playbook."""
    form = PlaybookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.playbook_create(actor=signed_in(request), **form.cleaned_data)
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("The playbook is made. Add its steps."))
            return redirect("playbook", made.pk)
    form.focus()
    page = FormPage(title=_("New playbook"), submit=_("Save"), done="", back=reverse("playbooks"))
    context = {"form": form, "page": page}
    return render(request, "workspace/playbooks/form.html", context, status=422 if form.is_bound else 200)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def playbook_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, purpose and owner."""
    one = get_object_or_404(Playbook, pk=pk)

    def save(data: dict[str, Any]) -> None:
        service.playbook_update(actor=signed_in(request), playbook=one, changes=data)

    page = FormPage(
        title=_("Name and purpose"),
        submit=_("Save"),
        done=_("The playbook is changed."),
        back=reverse("playbook", args=[pk]),
        template="workspace/playbooks/form.html",
        extra={"playbook": one},
    )
    return form_page(request, page=page, form=PlaybookForm(request.POST or None, playbook=one), save=save)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a playbook: when it starts, its steps, who is in it. `?version=` shows an earlier one, `draft` the draft."""
    user = signed_in(request)
    one = get_object_or_404(Playbook.objects.with_counts().select_related("published", "owner"), pk=pk)
    versions = list(one.versions.select_related("published_by"))
    shown = _version(one, versions, request.GET.get("version", ""), user)
    wrong = service.version_problems(shown) if shown.number is None else []
    may_edit = user.may(Perm.CAMPAIGNS_MANAGE) and one.archived_at is None
    context = {
        "playbook": one,
        "tab": "steps",
        "version": shown,
        "versions": versions,
        "draft": next((row for row in versions if row.number is None), None),
        "lines": lines(shown, wrong),
        "start": start_sentence(shown),
        "whom": for_whom(shown),
        "again": again_sentence(shown),
        "wrong": [row.text for row in wrong if row.key is None],
        "n_wrong": len(wrong),
        "may_edit": may_edit,
        "may_change": may_edit and (shown.number is None or shown == one.published),
        "may_start": user.may(Perm.CUSTOMERS_EDIT) and one.published is not None and one.archived_at is None,
        "kinds": KIND_CHOICES,
        "running": [
            at_step(run)
            for run in Run.objects.visible_to(user).running().filter(playbook=one).shown().order_by("-pk")[:6]
        ],
        "behind": Run.objects.running().filter(playbook=one).exclude(running_version=one.published).count()
        if one.published is not None
        else 0,
    }
    return render(request, "workspace/playbooks/playbook.html", context)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_POST
def playbook_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish, switch on or off, apply to running ones, discard the draft, copy, archive or restore (`do=`)."""
    one, user = get_object_or_404(Playbook, pk=pk), signed_in(request)
    try:
        to = _done(request, one, user, request.POST.get("do", ""))
    except service.NotReadyError as refused:
        said = ngettext(
            "It cannot be published yet: %(n)s thing is missing. It stands in the draft.",
            "It cannot be published yet: %(n)s things are missing. They stand in the draft.",
            len(refused.messages),
        )
        toast_error(request, said % {"n": len(refused.messages)})
        return redirect(reverse("playbook", args=[pk]) + "?version=draft")
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
        return redirect("playbook", pk)
    return redirect("playbook", to.pk)


def _done(request: HttpRequest, one: Playbook, user: User, do: str) -> Playbook:
    if do == "publish":
        version = service.playbook_publish(actor=user, playbook=one, note=request.POST.get("note", ""))
        toast(
            request,
            _("Version %(n)s is published. Runs that are going on keep theirs.") % {"n": version.number},
        )
    elif do in ("on", "off"):
        service.playbook_switch(actor=user, playbook=one, on=do == "on")
        toast(request, _("It starts by itself now.") if do == "on" else _("It starts by hand only now."))
    elif do == "apply":
        one = get_object_or_404(Playbook.objects.select_related("published"), pk=one.pk)
        moved = runs_apply(actor=user, playbook=one)
        said = ngettext("%(n)s run follows the new version.", "%(n)s runs follow the new version.", moved)
        toast(request, said % {"n": formats.number(moved)})
    elif do == "discard":
        service.draft_discard(actor=user, playbook=one)
        toast(request, _("The draft is thrown away."))
    elif do == "copy":
        name = _("%(name)s (copy)") % {"name": one.name[:110]}
        one = service.playbook_copy(actor=user, playbook=one, name=name)
        toast(request, _("This is the copy. Give it a name of its own."))
    elif do in ("archive", "restore"):
        service.playbook_archive(actor=user, playbook=one, archived=do == "archive")
        toast(request, _("The playbook is archived.") if do == "archive" else _("The playbook is back."))
    return one


def _version(one: Playbook, versions: list[PlaybookVersion], asked: str, user: User) -> PlaybookVersion:
    """Return the version asked for; without one the published, for editors of a playbook with none the draft."""
    draft = next((row for row in versions if row.number is None), None)
    if asked == "draft" and draft is not None:
        return draft
    numbered = next((row for row in versions if str(row.number) == asked), None)
    return numbered or one.published or draft or versions[0]


def _listed(one: Any) -> dict[str, Any]:
    version = one.published
    return {
        "playbook": one,
        "start": start_sentence(version) if version is not None else _("Not published yet"),
        "n_done": one.n_finished + one.n_stopped,
    }
