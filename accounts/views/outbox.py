"""The outbox: what was sent, what waits, what nobody knows."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import letters, local_outbox, mail
from core.models import OutgoingMail, WorkState
from core.toasts import toast, toast_error

PER_PAGE = 25


@requires(Perm.SETTINGS_MANAGE)
def outbox(request: HttpRequest) -> HttpResponse:
    """List mails, newest first, unclear and failed ones on request."""
    only = request.GET.get("only", "")
    mails = OutgoingMail.objects.order_by("-pk")
    if only == "unclear":
        mails = mails.filter(pk__in=mail.unclear().values("pk"))
    elif only == "failed":
        mails = mails.filter(state=WorkState.FAILED)
    page = Paginator(mails, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "only": only,
        "lines": [(row, mail.state_of(row), letters.why_words(row)) for row in page],
        "unclear_count": mail.unclear().count(),
        "local": mail.bodies_stay_readable(),
    }
    return render(request, "accounts/outbox.html", context)


@requires(Perm.SETTINGS_MANAGE)
def mail_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a mail that stayed here, because there is no mail server: headers and text."""
    row, kept = get_object_or_404(OutgoingMail, pk=pk), _kept(pk)
    return render(request, "accounts/mail.html", {"mail": row, "kept": kept})


@requires(Perm.SETTINGS_MANAGE)
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML part of such a mail, alone in a sandbox: it may use its own styles and nothing else of ours."""
    kept = _kept(pk)
    if not kept.html:
        raise Http404
    response = HttpResponse(kept.html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'none'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _kept(pk: int) -> local_outbox.LocalMail:
    found = local_outbox.read(pk) if mail.bodies_stay_readable() else None
    if found is None:
        raise Http404
    return found


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed mail, or one of which nobody knows whether it left, again."""
    row = get_object_or_404(OutgoingMail, pk=pk)
    with transaction.atomic():
        freed = mail.send_again(row)
        if freed:
            audit.record(actor=signed_in(request), action="mail.sent_again", subject=row, label=row.to)
    if freed:
        toast(request, _("The mail to %(to)s is sent again.") % {"to": row.to})
    else:
        toast_error(request, _("This mail is neither unclear nor failed any more; nothing was done."))
    return redirect("outbox")
