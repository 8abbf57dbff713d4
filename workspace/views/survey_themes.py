"""Themes of comments: how often, with which scores, and the words they are found by."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from surveys.models import Theme
from surveys.services.themes import theme_archive, theme_save
from workspace.surveys.asked import PERIODS, Asked
from workspace.surveys.forms import ThemeForm
from workspace.surveys.themes import theme_lines
from workspace.views.surveys import may


@requires(Perm.METRICS_VIEW)
@require_GET
def themes(request: HttpRequest) -> HttpResponse:
    """Show theme × score."""
    asked = Asked(signed_in(request), request.GET, period="365")
    context = {"asked": asked, "lines": theme_lines(asked), "periods": PERIODS, "may": may(request)}
    return render(request, "workspace/surveys/themes.html", context)


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def theme_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a theme."""
    theme = None if pk is None else get_object_or_404(Theme, pk=pk, archived_at=None)
    form = ThemeForm(request.POST if request.method == "POST" else None, theme=theme)
    if request.method == "POST" and form.is_valid():
        try:
            theme_save(
                actor=signed_in(request),
                theme=theme,
                name=form.cleaned_data["name"],
                keywords=form.keywords(),
            )
        except ValidationError as wrong:
            form.take(wrong)
        else:
            toast(request, _("Saved. The comments are read again by the new words."))
            return redirect("survey_themes")
    form.focus()
    context = {"form": form, "theme": theme}
    return render(request, "workspace/surveys/theme_form.html", context, status=422 if form.errors else 200)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def theme_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a theme away."""
    theme = get_object_or_404(Theme, pk=pk, archived_at=None)
    theme_archive(actor=signed_in(request), theme=theme)
    toast(request, _("The theme is gone."))
    return redirect("survey_themes")
