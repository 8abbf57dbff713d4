"""Settings: when the team works. The support times it would change are shown before it is saved."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import formats, time
from core.days_off import holidays_between
from core.toasts import toast
from customers.services.working import check_working, working_hours_update
from customers.working import Working, working
from workspace.effects import Effect, of_working_hours
from workspace.working_hours import DayOffRows, WorkingForm, of_country, own_days, rows_of

PAGE = "workspace/working_hours.html"


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def working_hours(request: HttpRequest) -> HttpResponse:
    """Show and change weekly hours, holidays and days off."""
    saved = working()
    if request.method != "POST":
        return _page(request, WorkingForm(None, saved), DayOffRows(initial=rows_of(saved)), saved)
    if request.POST.get("do") == "country":
        return _page(request, WorkingForm(of_country(request.POST), saved), DayOffRows(request.POST), saved)
    form, rows = WorkingForm(request.POST, saved), DayOffRows(request.POST)
    try:
        own = own_days(rows)
        if form.is_valid():
            new = form.working(own)
            check_working(new)
            seen = repr(new)
            effect = of_working_hours(saved, new) if _counts(saved, new) else None
            if effect and request.POST.get("seen", "") != seen:
                return _page(request, form, rows, saved, effects=[effect], seen=seen)
            changed = working_hours_update(actor=signed_in(request), new=new)
            toast(request, _("The working hours are saved.") if changed else _("Nothing changed."))
            return redirect("working_hours_settings")
    except ValidationError as wrong:
        form.is_valid()
        form.add_error(None, wrong)
    return _page(request, form, rows, saved, status=422)


def _counts(saved: Working, new: Working) -> bool:
    """Tell whether figures can move: somebody goes by the hours, before or after, and they differ."""
    return (saved.is_set or new.is_set) and saved != new


def _page(
    request: HttpRequest,
    form: WorkingForm,
    rows: object,
    saved: Working,
    *,
    effects: list[Effect] | None = None,
    seen: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "effects": effects or [],
        "seen": seen,
        "zone": str(time.workspace_zone()),
        "coming": _coming(saved),
    }
    return render(request, PAGE, context, status=status)


def _coming(saved: Working) -> list[tuple[str, str]]:
    """Return the next days off as they are saved, with their names."""
    today = time.today()
    locale = str(formats.reader_locale())
    known = holidays_between(
        saved.country, saved.subdivision, tuple(sorted(saved.optional)), today.year, today.year + 1, locale
    )
    days = {**known, **saved.own}
    return [(formats.day(day), days[day]) for day in sorted(days) if day >= today][:8]
