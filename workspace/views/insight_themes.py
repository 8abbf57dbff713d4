"""Themes of insights: named, routed, moved on, merged and split; the teams' addresses."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from customers.models import InsightTheme
from customers.services.insight_themes import (
    teams_set,
    theme_create,
    theme_merge,
    theme_move,
    theme_split,
    theme_update,
)
from customers.views.access import posted
from customers.views.form_page import FormPage, form_page
from workspace.insights.board import Board
from workspace.insights.forms import MoveForm, RouteForm, TeamsForm, ThemeForm
from workspace.insights.theme import ThemePanel


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def insight_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a theme with everything said, and what becomes of it; a merged one leads on."""
    theme = get_object_or_404(InsightTheme.objects.select_related("owner"), pk=pk)
    if theme.merged_into_id is not None:
        return redirect("insight_theme", theme.merged_into_id)
    board = Board(signed_in(request), request.GET)
    panel = ThemePanel(board, theme, whole=True, number=board.number)
    context: dict[str, Any] = {"board": board, "panel": panel}
    if board.may_edit:
        others = InsightTheme.objects.live().exclude(pk=pk)
        context |= {"route": RouteForm(theme=theme), "move": MoveForm(theme=theme), "others": others}
    return render(request, "workspace/insights/theme.html", context)


@requires(Perm.CUSTOMERS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def insight_theme_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Name a theme, or change it."""
    theme = get_object_or_404(InsightTheme.objects.live(), pk=pk) if pk else None
    actor = signed_in(request)
    page = FormPage(
        title=theme.name if theme else _("New theme"),
        submit=_("Save"),
        done=_("The theme is saved."),
        back=reverse("insight_theme", args=[pk]) if pk else reverse("insights"),
        intro=_("What several customers say, as one thing that a team can act on."),
        template="workspace/insights/theme_form.html",
    )

    def save(data: dict[str, Any]) -> None:
        data = {**data, "subject_id": data["subject_id"] or None}
        if theme is None:
            theme_create(actor=actor, **data)
        else:
            theme_update(actor=actor, theme=theme, changes=data)

    return form_page(request, page=page, form=ThemeForm(posted(request), theme=theme), save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_theme_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which team a theme goes to, who looks after it and by when something is expected."""
    theme = get_object_or_404(InsightTheme.objects.live(), pk=pk)
    form = RouteForm(request.POST, theme=theme)
    if form.is_valid():
        theme_update(actor=signed_in(request), theme=theme, changes=form.cleaned_data)
        toast(request, _("Saved. A team is written to when a theme comes to it."))
    else:
        toast_error(request, _("Choose a team, a person and a day from the lists. Nothing was changed."))
    return redirect("insight_theme", pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_theme_moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a theme on: accepted, planned, done or declined with a reason."""
    theme = get_object_or_404(InsightTheme.objects.live(), pk=pk)
    form = MoveForm(request.POST, theme=theme)
    try:
        if not form.is_valid():
            raise ValidationError(_("Choose one of the states."))
        row = theme_move(actor=signed_in(request), theme=theme, **form.cleaned_data)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(
            request, _("“%(name)s” is %(state)s now.") % {"name": row.name, "state": row.get_state_display()}
        )
    return redirect("insight_theme", pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_theme_merged(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a theme into another one, with a way back."""
    theme = get_object_or_404(InsightTheme.objects.live(), pk=pk)
    text = request.POST.get("into", "")
    into = get_object_or_404(InsightTheme.objects.live(), pk=int(text) if text.isdecimal() else 0)
    try:
        reversal = theme_merge(actor=signed_in(request), theme=theme, into=into)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
        return redirect("insight_theme", pk)
    toast(request, reversal.summary, undo_url=reverse("portfolio_undo", args=[reversal.pk]))
    return redirect("insight_theme", into.pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def insight_theme_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chosen insights into a theme of their own, with a way back."""
    theme = get_object_or_404(InsightTheme.objects.live(), pk=pk)
    asked = [int(key) for key in request.POST.getlist("insight") if key.isascii() and key.isdecimal()]
    board = Board(signed_in(request), request.GET)
    keys = list(board.ever.filter(theme=theme, pk__in=asked).values_list("pk", flat=True))
    try:
        made, reversal = theme_split(
            actor=signed_in(request), theme=theme, name=request.POST.get("name", "")[:120], insights=keys
        )
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
        return redirect("insight_theme", pk)
    toast(request, reversal.summary, undo_url=reverse("portfolio_undo", args=[reversal.pk]))
    return redirect("insight_theme", made.pk)


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def insight_teams(request: HttpRequest) -> HttpResponse:
    """Set at which address each team hears of its themes."""
    page = FormPage(
        title=_("Teams that get insights"),
        submit=_("Save"),
        done=_("The addresses are saved."),
        back=reverse("settings"),
        intro=_(
            "When a theme goes to a team, a mail with what stands behind it goes to this address. Without one the team "
            "still has the list, its CSV file and the webhook."
        ),
        settings=True,
    )

    def save(data: dict[str, Any]) -> None:
        teams_set(actor=signed_in(request), emails=data)

    return form_page(request, page=page, form=TeamsForm(posted(request)), save=save)
