"""A playbook on the past and afterwards: rehearsed before it is switched on, measured once it has run."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.models import WorkState
from core.toasts import toast, toast_error
from playbooks.models import Playbook, PlaybookStudy
from playbooks.plays.words import start_sentence
from playbooks.services.playbooks import draft_of
from playbooks.services.studies import latest, study_ask
from workspace.playbooks.studied import effect, listed, months, people


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["GET", "POST"])
def playbook_rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a playbook would have done over the last 12 months; a POST has its newest version rehearsed."""
    one = get_object_or_404(Playbook.objects.with_counts().select_related("published", "owner"), pk=pk)
    version = draft_of(one) or one.published
    if request.method == "POST":
        if (
            version is None
            or study_ask(
                actor=signed_in(request), playbook=one, kind=PlaybookStudy.Kind.REHEARSAL, version=version
            )
            is None
        ):
            toast_error(
                request, _("There is no finished night yet: nothing is stored that could be rehearsed.")
            )
        else:
            toast(request, _("The rehearsal goes on in the background. Look again in a moment."))
        return redirect("playbook_rehearsal", pk)
    study = latest(one, PlaybookStudy.Kind.REHEARSAL)
    done = study is not None and study.state == WorkState.DONE
    result = study.result if study is not None and done else {}
    context = {
        "playbook": one,
        "tab": "rehearsal",
        "study": study,
        "waits": study is not None and study.state in (WorkState.WAITING, WorkState.RUNNING),
        "failed": study is not None and study.state == WorkState.FAILED,
        "result": result,
        "people": people(result),
        "months": months(result),
        "listed": listed(result, signed_in(request)),
        "start": start_sentence(version) if version is not None else "",
        "by_hand": version is None or version.starts == "hand",
        "may_edit": True,
    }
    return render(request, "workspace/playbooks/rehearsal.html", context)


@requires(Perm.CUSTOMERS_VIEW)
@require_http_methods(["GET"])
def playbook_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a playbook changed, as it was measured last."""
    one = get_object_or_404(Playbook.objects.with_counts().select_related("published", "owner"), pk=pk)
    study = latest(one, PlaybookStudy.Kind.EFFECT)
    done = study is not None and study.state == WorkState.DONE
    result = study.result if study is not None and done else {}
    context = {
        "playbook": one,
        "tab": "effect",
        "study": study,
        "result": result,
        "figures": effect(result),
        "waits": study is not None and study.state in (WorkState.WAITING, WorkState.RUNNING),
        "may_edit": signed_in(request).may(Perm.CAMPAIGNS_MANAGE),
    }
    return render(request, "workspace/playbooks/effect.html", context)


@requires(Perm.CAMPAIGNS_MANAGE)
@require_http_methods(["POST"])
def playbook_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the effect measured anew."""
    one = get_object_or_404(Playbook, pk=pk)
    if study_ask(actor=signed_in(request), playbook=one, kind=PlaybookStudy.Kind.EFFECT) is None:
        toast_error(request, _("There is no finished night yet: nothing is stored that could be measured."))
    else:
        toast(request, _("It is measured in the background. Look again in a moment."))
    return redirect("playbook_effect", pk)
