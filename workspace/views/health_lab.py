"""Settings: the score lab."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from customers.models import AttributeDefinition, Segment, Stage
from metrics.first_value import candidates
from metrics.health import cards, profiles, sources
from metrics.models import ScorecardVersion
from metrics.services.scorecards import draft_discard, draft_publish, draft_save, version_restore
from workspace.customer.health import profile_name
from workspace.health import lab, trial

PAGE = "workspace/health/lab.html"
PREVIEW = "workspace/health/_preview.html"


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def health_settings(request: HttpRequest) -> HttpResponse:
    """Show a profile (`?cell=`), or save what was typed as the draft; with `act=preview` only see what it would do."""
    cell = cell_of(request)
    if request.method != "POST":
        return render(request, PAGE, context(cell))
    only_look = request.POST.get("act") == "preview"
    part = only_look and getattr(request, "htmx", False)
    typed = {key: request.POST[key] for key in request.POST}
    definition, _in_force, _draft = lab.definition_now()
    try:
        definition = _changed(request, definition, cell)
        if not only_look:
            draft_save(actor=signed_in(request), definition=definition, note=typed.get("note", ""))
    except ValidationError as refused:
        if part:
            return render(request, PREVIEW, {"wrong": refused.messages}, status=422)
        return render(request, PAGE, {**context(cell, typed=typed), "wrong": refused.messages}, status=422)
    if part:
        return render(request, PREVIEW, {"preview": trial.previewed(definition, cell)})
    if only_look:
        return render(request, PAGE, {**context(cell, definition), "not_saved": True})
    toast(request, _("The draft is saved. Nothing changes for anybody until you publish it."))
    return redirect(address(cell))


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def health_publish(request: HttpRequest) -> HttpResponse:
    """Publish the draft with a note."""
    try:
        version = draft_publish(actor=signed_in(request), note=request.POST.get("note", ""))
    except ValidationError as refused:
        return render(request, PAGE, {**context(cell_of(request)), "wrong": refused.messages}, status=422)
    toast(
        request, _("Version %(version)s is published. It holds from today on.") % {"version": version.number}
    )
    return redirect(address(cell_of(request)))


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def health_discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    draft_discard(actor=signed_in(request))
    toast(request, _("The draft is gone. The published version holds as before."))
    return redirect(address(cell_of(request)))


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def health_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back to an earlier version."""
    version = get_object_or_404(ScorecardVersion, pk=pk, state=ScorecardVersion.State.PUBLISHED)
    try:
        new = version_restore(actor=signed_in(request), version=version)
    except ValidationError as refused:
        return render(request, PAGE, {**context(""), "wrong": refused.messages}, status=422)
    toast(request, _("Version %(version)s is published. It holds from today on.") % {"version": new.number})
    return redirect(address(""))


def _changed(request: HttpRequest, definition: lab.Definition, cell: str) -> lab.Definition:
    sent = request.POST
    if sent.get("act") == "copy":
        return lab.copied(definition, parsed_cell(sent.get("from", "")), cell)
    changed = lab.read(definition, cell, {key: sent[key] for key in sent})
    if sent.get("drop"):
        return lab.without_factor(changed, sent["drop"])
    if sent.get("act") == "add":
        return lab.with_factor(changed, _new_factor(request))
    return changed


def _new_factor(request: HttpRequest) -> str:
    chosen = request.POST.get("factor", "")
    if chosen.startswith("event:"):
        return f"{chosen}:{request.POST.get('factor_days', '30')}"
    if not chosen:
        raise ValidationError(_("Choose a factor to add."))
    return chosen


def context(
    cell: str, shown: lab.Definition | None = None, typed: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return the page's context: of what is worked on, or of the definition `shown` that is not saved."""
    stored, in_force, draft = lab.definition_now()
    definition = shown or stored
    rows = lab.rows(definition, cell, in_force, typed)
    published = list(
        ScorecardVersion.objects.filter(state=ScorecardVersion.State.PUBLISHED).select_related("author")
    )
    live = cards.in_force([time.today()])[0].version
    return {
        "cell": cell,
        "cell_name": profile_name(cell),
        "rows": rows,
        "sum": sum(float(row.holds_weight) for row in rows),
        "grid": lab.grid(definition),
        "stages": Stage.choices,
        "segments": Segment.choices,
        "edges": lab.edge_values(definition, cell, typed),
        "draft": draft,
        "live": live,
        "published": published,
        "preview": trial.previewed(definition, cell),
        "more": _more(definition),
        "bar": lab.segments_of_sum(rows),
        "others": _others(cell),
        "shadow": trial.beside(),
        "event_days": sources.EVENT_DAYS,
    }


def _others(cell: str) -> list[dict[str, str]]:
    """Return the profiles one may copy from."""
    cells = [
        profiles.cell(segment, stage) for segment in ("", *Segment.values) for stage in ("", *Stage.values)
    ]
    return [{"cell": one, "name": profile_name(one) or _("Default")} for one in cells if one != cell]


def _more(definition: lab.Definition) -> list[dict[str, str]]:
    """Return the factors one may add: shipped ones, events seen, attributes that are numbers."""
    there = set(definition["factors"])
    found = [
        {"key": source.key, "name": str(source.name)}
        for source in sources.SHIPPED.values()
        if source.key not in there
    ]
    found += [
        {"key": f"event:{name}", "name": _("Event: %(name)s") % {"name": name}}
        for kind, name in candidates(time.today())
        if kind == "event"
    ]
    numbers = AttributeDefinition.objects.filter(archived_at__isnull=True, kind__in=("number", "bool"))
    return found + [
        {"key": f"attribute:{one.key}", "name": _("Attribute: %(name)s") % {"name": one.label}}
        for one in numbers
        if f"attribute:{one.key}" not in there
    ]


def cell_of(request: HttpRequest) -> str:
    """Return the profile that a page is about; a stranger's name for one is not found."""
    return parsed_cell(request.GET.get("cell", ""))


def parsed_cell(cell: str) -> str:
    """Return a cell's name as it is kept. Raises `Http404` for what is none."""
    try:
        segment, stage = profiles.parsed(cell)
    except ValueError:
        raise Http404 from None
    if segment not in {"", *Segment.values} or stage not in {"", *Stage.values}:
        raise Http404
    return profiles.cell(segment, stage)


def address(cell: str) -> str:
    """Return the lab's address with a profile chosen."""
    page = reverse("health_settings")
    return f"{page}?{urlencode({'cell': cell})}" if cell else page
