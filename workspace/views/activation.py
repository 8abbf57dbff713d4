"""Settings: what makes a customer activated, in versions, for everybody and per segment."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from customers.models import Segment
from metrics.services.activation import activation_publish, versions
from workspace.activation import AppliesForm, AskedRows, MinimumPage, asked_rows, initial


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Publish a new version of what a segment (`?segment=`), or without one everybody, is asked for."""
    segment = request.GET.get("segment", "")
    if segment and segment not in Segment.values:
        raise Http404
    published = versions(segment)
    current = published[0] if published else None
    sent = request.POST if request.method == "POST" else None
    taken = MinimumPage(segment).rows if sent is None and request.GET.get("take") == "minimum" else []
    rows = AskedRows(sent) if sent is not None else AskedRows(initial=taken or initial(current))
    applies = AppliesForm(sent, initial={"applies_from": current.applies_from if current else None})
    wrong: list[str] = []
    if sent is not None:
        try:
            asked = asked_rows(rows)
            if applies.is_valid():
                new = activation_publish(
                    actor=signed_in(request),
                    segment=segment,
                    applies_from=applies.cleaned_data["applies_from"],
                    asked=asked,
                )
                toast(request, _said(new.version if new else None))
                return redirect(f"{request.path}?segment={segment}" if segment else request.path)
        except ValidationError as refused:
            wrong = refused.messages
    context = {
        "rows": rows,
        "applies": applies,
        "wrong": wrong,
        "published": published,
        "current": current,
        "taken": bool(taken),
        "segment": segment,
        "tabs": _tabs(),
    }
    return render(request, "workspace/activation.html", context, status=422 if sent is not None else 200)


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def activation_minimum(request: HttpRequest) -> HttpResponse:
    """Show which few things of the first weeks best tell who stays (`?segment=`), to be taken over as criteria."""
    segment = request.GET.get("segment", "")
    if segment and segment not in Segment.values:
        raise Http404
    context = {"page": MinimumPage(segment), "tabs": _tabs(), "segment": segment}
    return render(request, "workspace/activation_minimum.html", context)


def _tabs() -> list[tuple[str, str]]:
    return [("", _("Everybody")), *((key, str(label)) for key, label in Segment.choices)]


def _said(version: int | None) -> str:
    if version is None:
        return _("Nothing changed, so no new version was made.")
    return _("Version %(version)s is published.") % {"version": version}
