"""Writing a playbook's draft: what starts it, and its steps. Editing a published one opens a draft of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.views.form_page import FormPage, form_page
from playbooks.models import Playbook, PlaybookVersion, Step
from playbooks.plays.kinds import KINDS
from playbooks.services import playbooks as service
from workspace.playbooks.forms import StartForm
from workspace.playbooks.step_forms import StepForm


def _draft_page(pk: int) -> str:
    return reverse("playbook", args=[pk]) + "?version=draft"


def _newest(playbook: Playbook) -> PlaybookVersion:
    """Return the draft, else what is published: what an editor sees before anything is changed."""
    found = service.draft_of(playbook) or playbook.published
    if found is None:
        raise Http404
    return found


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def playbook_start_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what starts the draft, and for whom."""
    one = get_object_or_404(Playbook.objects.live().select_related("published"), pk=pk)
    form = StartForm(request.POST or None, version=_newest(one))

    def save(data: dict[str, Any]) -> None:
        service.start_update(actor=signed_in(request), playbook=one, changes=form.values())

    page = FormPage(
        title=_("When it starts"),
        submit=_("Save in the draft"),
        done=_("Saved in the draft."),
        back=_draft_page(pk),
        template="workspace/playbooks/start_form.html",
        extra={"playbook": one},
    )
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def playbook_step_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a step of a kind at the end of the draft."""
    one = get_object_or_404(Playbook.objects.live().select_related("published"), pk=pk)
    if kind not in KINDS:
        raise Http404
    form = StepForm(request.POST or None, kind=kind, others=list(_newest(one).steps.all()))

    def save() -> Step:
        return service.step_add(actor=signed_in(request), playbook=one, kind=kind, values=form.values())

    return _step_page(request, one, form, save, None)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def playbook_step(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Change a step of the draft."""
    one = get_object_or_404(Playbook.objects.live().select_related("published"), pk=pk)
    steps = list(_newest(one).steps.all())
    step = next((row for row in steps if row.key == key), None)
    if step is None:
        raise Http404
    others = [row for row in steps if row.key != key]
    form = StepForm(request.POST or None, kind=step.kind, others=others, step=step)

    def save() -> Step:
        return service.step_update(
            actor=signed_in(request), step=_in_draft(request, one, key), values=form.values()
        )

    return _step_page(request, one, form, save, step)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_POST
def playbook_step_do(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Move a step up or down, or take it out (`do=up`, `down`, `remove`)."""
    one = get_object_or_404(Playbook.objects.live().select_related("published"), pk=pk)
    user, do = signed_in(request), request.POST.get("do")
    try:
        step = _in_draft(request, one, key)
        if do in ("up", "down"):
            service.step_move(actor=user, step=step, up=do == "up")
        elif do == "remove":
            service.step_remove(actor=user, step=step)
            toast(request, _("“%(step)s” is out of the draft.") % {"step": step.title})
    except ValidationError as refused:
        toast_error(request, " ".join(refused.messages))
    return redirect(_draft_page(pk))


def _in_draft(request: HttpRequest, one: Playbook, key: int) -> Step:
    """Return a step as it stands in the draft, which is opened where there is none."""
    draft = service.draft_open(actor=signed_in(request), playbook=one)
    return get_object_or_404(draft.steps, key=key)


def _step_page(
    request: HttpRequest, one: Playbook, form: StepForm, save: Any, step: Step | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("Saved in the draft."))
            return redirect(_draft_page(one.pk))
    form.focus()
    context = {
        "form": form,
        "playbook": one,
        "step": step,
        "kind": KINDS[form.kind],
        "kind_label": Step.Kind(form.kind).label,
        "back": _draft_page(one.pk),
    }
    status = 422 if form.is_bound else 200
    return render(request, "workspace/playbooks/step_form.html", context, status=status)
