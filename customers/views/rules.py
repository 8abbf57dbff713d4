"""Settings: how customers come into segments and stages, with a preview of whom a change would move."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.toasts import toast
from customers.forms.rules import SegmentRules, StageRules, segment_initial, segment_rows, stage_initial
from customers.models import Customer, Segment, Stage
from customers.models.customer import Decided
from customers.segment_query import segment_moves
from customers.services.rules import (
    segment_rules_checked,
    segment_rules_set,
    stage_moves_checked,
    stage_rules_set,
)
from customers.stage_query import stage_moves
from customers.views.access import posted


@requires(Perm.SETTINGS_MANAGE)
def segments_settings(request: HttpRequest) -> HttpResponse:
    """Set the segment rules: "See what changes" tells who would move, "Save" moves them."""
    formset = SegmentRules(posted(request), initial=segment_initial())
    wrong: list[str] = []
    moving = None
    if request.method == "POST" and formset.is_valid():
        rows = segment_rows(formset)
        try:
            rules = segment_rules_checked(rows)
            if "save" in request.POST:
                moved = segment_rules_set(actor=signed_in(request), rows=rows)
                toast(request, _saved(moved))
                return redirect("segments_settings")
            moving = _said(segment_moves(rules, time.today()), dict(Segment.choices))
        except ValidationError as refused:
            wrong = refused.messages
    by_hand = Customer.objects.present().exclude(segment_by=Decided.RULE).count()
    context = {"formset": formset, "wrong": wrong, "moving": moving, "by_hand": by_hand}
    return _page(request, "customers/segments_settings.html", context)


@requires(Perm.SETTINGS_MANAGE)
def stages_settings(request: HttpRequest) -> HttpResponse:
    """Set the stage rules: "See what changes" tells who would move, "Save" moves them."""
    formset = StageRules(posted(request), initial=stage_initial())
    wrong: list[str] = []
    moving = None
    if request.method == "POST" and formset.is_valid():
        moves = [move for form in formset if (move := form.move()) is not None]
        try:
            stage_moves_checked(moves)
            if "save" in request.POST:
                moved = stage_rules_set(actor=signed_in(request), moves=moves)
                toast(request, _saved(moved))
                return redirect("stages_settings")
            moving = _said(stage_moves(moves, time.today()), dict(Stage.choices))
        except ValidationError as refused:
            wrong = refused.messages
    context = {"formset": formset, "wrong": wrong, "moving": moving}
    return _page(request, "customers/stages_settings.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    formset = context["formset"]
    bad = context["wrong"] or (formset.is_bound and not formset.is_valid())
    return render(request, template, context, status=422 if bad else 200)


def _saved(moved: int) -> str:
    if not moved:
        return _("The rules are saved. No customer moved.")
    return ngettext(
        "The rules are saved. %(n)s customer moved.", "The rules are saved. %(n)s customers moved.", moved
    ) % {"n": moved}


def _said(moves: Sequence[tuple[str, str, int]], labels: dict[Any, Any]) -> list[str]:
    """Say in sentences who would move."""
    nothing = _("none")
    return [
        ngettext(
            "%(n)s customer would move from %(now)s to %(then)s",
            "%(n)s customers would move from %(now)s to %(then)s",
            n,
        )
        % {"n": n, "now": labels.get(now, nothing), "then": labels.get(then, nothing)}
        for now, then, n in moves
    ]
