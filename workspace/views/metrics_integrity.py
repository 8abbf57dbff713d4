"""The integrity page, and the button that repeats a night."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import formats
from core.toasts import toast, toast_error
from metrics.services.nights import night_repeat
from workspace.metrics.integrity import IntegrityPage


@requires(Perm.AUDIT_VIEW)
@require_GET
def integrity(request: HttpRequest) -> HttpResponse:
    """Show what the nightly checks found."""
    return render(request, "workspace/metrics/integrity.html", {"page": IntegrityPage(signed_in(request))})


@requires(Perm.NIGHTS_RUN)
@require_POST
def night_again(request: HttpRequest) -> HttpResponse:
    """Repeat the night of a day."""
    try:
        day = parse_date(request.POST.get("day", ""))
        if day is None:
            raise ValidationError(_("Give a day like 2026-01-31."))
        night_repeat(actor=signed_in(request), day=day)
    except (ValidationError, ValueError) as wrong:
        said = wrong.messages if isinstance(wrong, ValidationError) else [_("Give a day like 2026-01-31.")]
        toast_error(request, " ".join(said))
    else:
        toast(request, _("The night of %(day)s is computed again.") % {"day": formats.day(day)})
    return redirect("metrics_integrity")
