"""The Metrics page, a page per figure with its CSV, and the choice of the board."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User, Workspace
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from metrics.nights import first_day, last_finished_day
from metrics.registry import FIGURES, Figure
from metrics.services.board import BoardFull, board_add, board_move, board_remove, board_reset
from workspace.metrics.choosing import Choosing
from workspace.metrics.export import figure_csv
from workspace.metrics.figure import FigurePage
from workspace.metrics.page import MetricsPage
from workspace.metrics.rows_page import RowsPage
from workspace.metrics.span import Span, SpanForm, span_of

PAGE = "workspace/metrics/page.html"
FIGURE = "workspace/metrics/figure.html"
ROWS = "workspace/metrics/rows.html"
BOARD = "workspace/metrics/board.html"
EMPTY = "workspace/metrics/empty.html"


@requires(Perm.METRICS_VIEW)
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the reader's board, what moved the MRR and retention."""
    user = signed_in(request)
    asked = _asked(request)
    if asked is None:
        return render(request, EMPTY)
    span, form = asked
    status = 422 if form.errors else 200
    page = MetricsPage(
        user,
        span,
        form,
        cohorts_by=request.GET.get("cohorts", ""),
        survey=request.GET.get("survey", ""),
    )
    return render(request, PAGE, {"page": page}, status=status)


@requires(Perm.METRICS_VIEW)
@require_GET
def metric(request: HttpRequest, key: str) -> HttpResponse:
    """Show one figure: trend, parts, definition."""
    user = signed_in(request)
    figure = _figure(key)
    asked = _asked(request)
    if asked is None:
        return render(request, EMPTY, {"figure": figure})
    page = FigurePage(user, figure, *asked, request.GET)
    return render(request, FIGURE, {"page": page}, status=422 if page.form.errors else 200)


@requires(Perm.EXPORT_RUN)
@require_GET
def metric_export(request: HttpRequest, key: str) -> HttpResponse:
    """Send the rows of a figure's page as CSV; before the first night there are none, and the page says so."""
    user = signed_in(request)
    figure = _figure(key)
    asked = _asked(request)
    if asked is None:
        return redirect("metric", key)
    page = FigurePage(user, figure, *asked, request.GET)
    return _csv(figure_csv(page), f"{figure.key}-{page.span.period.first.isoformat()}.csv")


@requires(Perm.METRICS_VIEW)
@require_GET
def metric_rows(request: HttpRequest, key: str) -> HttpResponse:
    """Show the exact rows behind a figure, page by page."""
    user = signed_in(request)
    figure = _figure(key)
    asked = _asked(request)
    if asked is None:
        return render(request, EMPTY, {"figure": figure})
    page = RowsPage(user, figure, *asked, request.GET)
    return render(request, ROWS, {"page": page}, status=422 if page.form.errors else 200)


@requires(Perm.EXPORT_RUN)
@require_GET
def metric_rows_export(request: HttpRequest, key: str) -> HttpResponse:
    """Send all rows behind a figure as CSV; where there are none to send, the page says why."""
    user = signed_in(request)
    figure = _figure(key)
    asked = _asked(request)
    page = RowsPage(user, figure, *asked, request.GET) if asked else None
    if page is None or not page.is_counted:
        return redirect("metric_rows", key)
    return _csv(page.csv(), f"{figure.key}-rows-{page.span.period.first.isoformat()}.csv")


@requires(Perm.METRICS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def metrics_board(request: HttpRequest) -> HttpResponse:
    """Choose the figures of one's board. A ninth asks which one goes."""
    user = signed_in(request)
    if request.method != "POST":
        return render(request, BOARD, {"page": Choosing(user)})
    key = request.POST.get("key", "")
    try:
        said = _change(user, request.POST.get("do", ""), key, request.POST.get("instead_of", ""))
    except BoardFull:
        return render(request, BOARD, {"page": Choosing(user, adding=FIGURES[key])}, status=422)
    except ValidationError as reason:
        problem = " ".join(reason.messages)
        return render(request, BOARD, {"page": Choosing(user, problem=problem)}, status=422)
    if said:
        toast(request, said)
    return redirect("metrics_board")


def _change(user: User, do: str, key: str, instead_of: str) -> str:
    """Change the board and return what is said of it. Raises ValidationError."""
    name = str(FIGURES[key].name) if key in FIGURES else key
    if do == "add":
        board_add(actor=user, key=key, instead_of=instead_of)
        return _("“%(name)s” is on your board.") % {"name": name}
    if do == "remove":
        board_remove(actor=user, key=key)
        return _("“%(name)s” is off your board.") % {"name": name}
    if do == "reset":
        board_reset(actor=user)
        return _("Your board is the suggested one again.")
    if do in ("up", "down"):
        board_move(actor=user, key=key, places=-1 if do == "up" else 1)
    return ""


def _csv(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _figure(key: str) -> Figure:
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


def _asked(request: HttpRequest) -> tuple[Span, SpanForm] | None:
    """Return the span asked for; None before the first night."""
    night, begins = last_finished_day(), first_day()
    if night is None or begins is None:
        return None
    workspace = Workspace.get()
    return span_of(
        request.GET,
        begins=min(begins, night),
        night=night,
        year_starts=workspace.fiscal_year_start,
        week_starts=workspace.week_start,
    )
