"""The voice of the customer: the board of themes, its export, and what is not sorted yet."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from workspace.insights.board import Board
from workspace.insights.export import export_lines, record_export
from workspace.insights.forms import RouteForm
from workspace.insights.theme import PER_PAGE, ThemePanel, told_of
from workspace.insights.voices import Voices


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def insights(request: HttpRequest) -> HttpResponse:
    """Show the themes with what stands behind them, and one of them beside the list."""
    board = Board(signed_in(request), request.GET)
    shown = [line.theme for line in board.lines]
    theme = next((one for one in shown if one.pk == board.chosen), shown[0] if shown else None)
    panel = None if theme is None or board.columns else ThemePanel(board, theme)
    form = RouteForm(theme=theme) if panel and board.may_edit else None
    context = {"board": board, "panel": panel, "route": form}
    return render(request, "workspace/insights/board.html", context)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def insights_loose(request: HttpRequest) -> HttpResponse:
    """List what was said and belongs to no theme yet."""
    board = Board(signed_in(request), request.GET)
    rows = board.ever.filter(theme__isnull=True).select_related("customer", "contact", "ticket", "touchpoint")
    page = Paginator(rows.order_by("-said_on", "-pk"), PER_PAGE).get_page(board.number)
    context = {"board": board, "page": page, "said": told_of(list(page.object_list))}
    return render(request, "workspace/insights/loose.html", context)


@requires(Perm.METRICS_VIEW)
@require_GET
def insights_report(request: HttpRequest) -> HttpResponse:
    """Show a slice's figures beside the themes and words that explain them."""
    report = Voices(signed_in(request), request.GET)
    return render(request, "workspace/insights/report.html", {"report": report})


@requires(Perm.EXPORT_RUN)
@require_GET
def insights_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send what was said about the themes that match, as CSV."""
    board = Board(signed_in(request), request.GET)
    record_export(board)
    response = StreamingHttpResponse(export_lines(board), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="insights-{board.today.isoformat()}.csv"'
    return response
