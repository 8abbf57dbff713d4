"""The reports as pages: the newest week or month, and those before."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from metrics.nights import first_day, last_finished_day
from workspace.reports.report import Report
from workspace.reports.spans import Span, newest, span_of


@requires(Perm.METRICS_VIEW)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Go to the newest report: of the week, or with `?span=month` of the month."""
    night = last_finished_day()
    if night is None:
        return render(request, "workspace/metrics/empty.html")
    span = Span.MONTH if request.GET.get("span") == "month" else Span.WEEK
    return redirect("report", span, newest(span, night).first)


@requires(Perm.METRICS_VIEW)
@require_GET
def report(request: HttpRequest, span: str, first: dt.date) -> HttpResponse:
    """Show the report of the week or month that begins on a day."""
    begins, night = first_day(), last_finished_day()
    if span not in Span.values or begins is None or night is None:
        raise Http404
    period = span_of(span, first)
    if period.first != first or period.last < begins or first > night:
        raise Http404
    before = span_of(span, first - dt.timedelta(days=1))
    after = span_of(span, period.end)
    context = {
        "report": Report(signed_in(request), span, period),
        "earlier": before.first if before.last >= begins else None,
        "later": after.first if after.last <= night else None,
        "spans": [(one.value, one.label, one.value == span) for one in Span],
    }
    return render(request, "workspace/reports/report.html", context)
