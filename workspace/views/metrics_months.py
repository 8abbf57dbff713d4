"""Recorded months: the list, one month beside what is known now, freezing it, its figures as CSV."""

import csv
import datetime as dt

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.csv import safe_cell
from core.toasts import toast, toast_error
from metrics.months import may_see, plain_result, results
from metrics.registry import FIGURES
from metrics.services.months import month_freeze
from workspace.metrics.months import MonthPage, month_lines


@requires(Perm.METRICS_VIEW)
@require_GET
def months(request: HttpRequest) -> HttpResponse:
    """List the months that are over, with what is on record of them."""
    _seen_by(request)
    return render(request, "workspace/metrics/months.html", {"lines": month_lines()})


@requires(Perm.METRICS_VIEW)
@require_GET
def month(request: HttpRequest, month: dt.date) -> HttpResponse:
    """Show what is on record of a month beside what is told of it now."""
    page = MonthPage(_seen_by(request), month, request.GET.dict())
    return render(request, "workspace/metrics/month.html", {"page": page})


@requires(Perm.MONTHS_FREEZE)
@require_POST
def freeze(request: HttpRequest, month: dt.date) -> HttpResponse:
    """Freeze a month."""
    try:
        month_freeze(actor=_seen_by(request), month=month, note=request.POST.get("note", ""))
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
    else:
        toast(request, _("The month is frozen. Its figures stay as they are now."))
    return redirect("metrics_month", month)


@requires(Perm.EXPORT_RUN)
@require_GET
def export(request: HttpRequest, month: dt.date) -> HttpResponse:
    """Send the figures of a record as CSV: whole, segments, stages and owners."""
    page = MonthPage(_seen_by(request), month, request.GET.dict())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{month:%Y-%m}.csv"'
    lines = csv.writer(response)
    lines.writerow(("figure", "month", "slice", "value", "numerator", "denominator", "recorded_at"))
    if page.record is None:
        return response
    for (key, cut, part), result in results(page.record).items():
        if key in FIGURES:
            told = plain_result(FIGURES[key], result)
            values = [
                "" if told.get(name) is None else told[name] for name in ("value", "numerator", "denominator")
            ]
            slice_ = safe_cell(f"{cut}={part}" if cut else "")
            lines.writerow([key, f"{month:%Y-%m}", slice_, *values, page.record.recorded_at.isoformat()])
    return response


def _seen_by(request: HttpRequest) -> User:
    """Return who asks. Raises Http404 for somebody who sees some customers only: records are of all."""
    user = signed_in(request)
    if not may_see(user):
        raise Http404
    return user
