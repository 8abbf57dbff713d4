"""The settings page of connections, and the addresses to which they post."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, public, requires
from accounts.requests import signed_in
from core.problems import refusal
from core.toasts import toast
from ingest import jobs
from ingest.connected import services
from ingest.connected.files import NotAnExport, bring_export
from ingest.connected.forms import ConnectionForm, ExportFileForm
from ingest.connected.receiving import receive
from ingest.connected.sent import Unreadable
from ingest.connected.signatures import NotTheirs
from ingest.models import Connection, Delivery

MOST_BYTES = 1_000_000  # of one event
SAID = {
    "no_signature": "The call carries no signature.",
    "bad_signature": "The signature is not of this secret and body.",
    "old_signature": "The signature is older than five minutes, or of the future.",
}


@csrf_exempt  # the signature is the proof; there is no session to ride on
@public
@require_POST
def hook(request: HttpRequest, kind: str) -> HttpResponse:
    """Take in one event of a connected system; 200 only when it is kept."""
    connection = Connection.objects.filter(kind=kind).first()
    if connection is None:
        return refusal(404, "not_connected", "Nobody connected this system.")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return refusal(413, "too_large", f"An event holds at most {MOST_BYTES} bytes.")
    try:
        new = receive(connection, headers=request.headers, body=body)
    except NotTheirs as wrong:
        return refusal(400, wrong.code, SAID[wrong.code])
    except Unreadable:
        return refusal(400, "bad_event", "The body is no event that could be read.")
    return JsonResponse({"received": True, "new": new})


@requires(Perm.SETTINGS_MANAGE)
@never_cache
def connections(request: HttpRequest) -> HttpResponse:
    """List the systems one can connect, each with how it is and the form to change it."""
    return _page(request)


@requires(Perm.SETTINGS_MANAGE)
@never_cache
@require_POST
def connection_save(request: HttpRequest, kind: str) -> HttpResponse:
    """Connect a system, or change how it is."""
    if kind not in Connection.Kind.values:
        raise Http404
    known = Connection.objects.filter(kind=kind).exists()
    form = ConnectionForm(request.POST, kind=kind, known=known)
    if form.is_valid():
        try:
            row = services.connection_set(actor=signed_in(request), kind=kind, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            toast(request, _("%(system)s is connected.") % {"system": row})
            return redirect("connections")
    return _page(request, form=form, status=422)


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def connection_remove(request: HttpRequest, kind: str) -> HttpResponse:
    """Hear no more of a system."""
    row = get_object_or_404(Connection, kind=kind)
    services.connection_remove(actor=signed_in(request), connection=row)
    toast(request, _("%(system)s is no longer connected.") % {"system": row})
    return redirect("connections")


@requires(Perm.SETTINGS_MANAGE)
@require_POST
def connection_file(request: HttpRequest) -> HttpResponse:
    """Take one of their export files to the upload page, translated into our columns."""
    form = ExportFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            batches = bring_export(file=form.cleaned_data["file"], actor=signed_in(request))
        except NotAnExport as wrong:
            form.add_error("file", str(wrong))
        else:
            for batch in batches:
                jobs.work_now(batch)
            return redirect("imports") if len(batches) > 1 else redirect("import_batch", batches[0].pk)
    return _page(request, files=form, status=422)


def _page(
    request: HttpRequest,
    *,
    form: ConnectionForm | None = None,
    files: ExportFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = {row.kind: row for row in Connection.objects.all()}
    waiting = Delivery.objects.filter(waits=True)
    systems = []
    for kind, label in Connection.Kind.choices:
        row = rows.get(kind)
        start = {"makes_customers": bool(row and row.makes_customers)}
        own = form if form is not None and form.prefix == kind else None
        systems.append(
            {
                "kind": kind,
                "label": label,
                "row": row,
                "address": request.build_absolute_uri(reverse(f"hook_{kind}")),
                "waiting": waiting.filter(source=kind).values("subject").distinct().count() if row else 0,
                "form": own or ConnectionForm(kind=kind, known=row is not None, initial=start),
            }
        )
    context = {"systems": systems, "files": files or ExportFileForm()}
    return render(request, "ingest/connections.html", context, status=status)
