"""The import pages: what came in, bring a file, see what it would do, confirm, take back."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast, toast_error
from ingest import jobs
from ingest.forms import UploadForm
from ingest.labels import EXAMPLES, KIND_LABELS
from ingest.models import Batch
from ingest.parsers.catalogue import KINDS
from ingest.presenting import batch_context
from ingest.querysets import batches_newest_first, refusal
from ingest.readers.open import open_rows
from ingest.reasons import FileProblem
from ingest.rejected_file import rejected_lines
from ingest.services.look import look
from ingest.services.run import kind_named
from ingest.services.undo import UndoBlocked, undo_start
from ingest.services.upload import reading_set, upload_confirm, upload_create, upload_discard
from ingest.words import column_word

PER_PAGE = 30
AT_ONCE = 2 << 20  # files up to this size are checked while the person waits
BOM = "\ufeff"  # by which Excel knows UTF-8


@requires(Perm.IMPORT_RUN)
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, newest first."""
    page = Paginator(batches_newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(batch, KIND_LABELS.get(batch.kind, (batch.kind,))[0]) for batch in page]
    return render(request, "ingest/imports.html", {"page": page, "rows": rows})


@requires(Perm.IMPORT_RUN)
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a file."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = upload_create(
            kind=form.cleaned_data["kind"],
            file=file,
            name=file.name,
            actor=signed_in(request),
            source_name=form.cleaned_data["source"],
        )
        return redirect("import_batch", batch.pk)
    kinds = [(kind, label, about) for kind, (label, about) in KIND_LABELS.items()]
    return render(
        request, "ingest/new.html", {"form": form, "kinds": kinds}, status=422 if form.errors else 200
    )


@requires(Perm.IMPORT_RUN)
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a batch where it stands: how it is read, what it would do, its progress, what it did."""
    batch = get_object_or_404(batches_newest_first(), pk=pk)
    again = request.GET.get("read") == "1" and batch.step == Batch.Step.PREVIEWED
    reading = batch.channel == "upload" and (
        again or (batch.step == Batch.Step.UPLOADED and not batch.options.get("read"))
    )
    context = batch_context(batch)
    if reading:
        context["look"] = look(batch)
    return render(request, "ingest/batch.html", context)


@requires(Perm.IMPORT_RUN)
@require_POST
def import_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in how the file is to be read, and check it: at once if it is small, else by a worker."""
    batch = get_object_or_404(batches_newest_first(), pk=pk)
    if batch.step not in {Batch.Step.UPLOADED, Batch.Step.PREVIEWED}:
        return redirect("import_batch", pk)
    names = request.POST.getlist("name")
    columns = {
        name: request.POST.get(f"column-{index}", "") for index, name in enumerate(names) if name.strip()
    }
    dates = request.POST.get("dates", "")
    seen = look(batch, columns=columns or None, dates=dates)
    problem = _unreadable(seen.problem, seen.missing, ambiguous=seen.ambiguous)
    twice = _twice(columns)
    if twice:
        problem = _("Two columns are read as “%(column)s”; choose one of them.") % {
            "column": column_word(twice)
        }
    if problem:
        context = {**batch_context(batch), "look": seen, "problem": problem}
        return render(request, "ingest/batch.html", context, status=422)
    reading_set(batch=batch, columns=columns, dates=seen.dates, file_wins="file_wins" in request.POST)
    if batch.file.size <= AT_ONCE:
        jobs.work_now(batch)
    return redirect("import_batch", pk)


def _unreadable(problem: str, missing: list[str], *, ambiguous: bool) -> str:
    if problem:
        return problem
    if missing:
        return _("Say which columns of the file are: %(columns)s.") % {"columns": ", ".join(missing)}
    if ambiguous:
        return _("Say whether the dates begin with the day or with the month.")
    return ""


def _twice(columns: dict[str, str]) -> str:
    chosen = [target for target in columns.values() if target]
    return next((target for target in chosen if chosen.count(target) > 1), "")


@requires(Perm.IMPORT_RUN)
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a checked file to the workers."""
    upload_confirm(batch=get_object_or_404(Batch, pk=pk))
    return redirect("import_batch", pk)


@requires(Perm.IMPORT_RUN)
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a file that was not applied."""
    upload_discard(batch=get_object_or_404(Batch, pk=pk, channel="upload"))
    toast(request, _("The file was thrown away; nothing of it was written."))
    return redirect("imports")


@requires(Perm.IMPORT_RUN)
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back, or say which rows stand in the way."""
    batch = get_object_or_404(batches_newest_first(), pk=pk)
    try:
        undo_start(batch=batch, actor=signed_in(request))
    except UndoBlocked as blocked:
        toast_error(request, _("This import cannot be taken back: rows were touched since."))
        return render(
            request, "ingest/batch.html", {**batch_context(batch), "blocked": blocked.rows}, status=409
        )
    return redirect("import_batch", pk)


@requires(Perm.IMPORT_RUN)
def import_rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Download the rejected rows with their reasons, ready to be mended and imported again."""
    batch = get_object_or_404(Batch, pk=pk)
    if not batch.rejections.exists():
        raise Http404
    names, delimiter = _header(batch)
    refusals = (refusal(row) for row in batch.rejections.order_by("line", "pk").iterator(2000))
    known = [column.name for column in kind_named(batch.kind).columns]
    lines = rejected_lines(refusals, names=names, known=known, delimiter=delimiter)
    return _csv(_with_bom(lines), f"{batch.kind}-{batch.pk}-rejected.csv")


def _header(batch: Batch) -> tuple[list[str] | None, str]:
    try:
        reader = open_rows(Path(batch.file.path), encoding=batch.options.get("encoding", ""))
    except (FileProblem, ValueError):
        return None, ","
    reader.close()
    return reader.names, reader.delimiter


@requires(Perm.IMPORT_RUN)
def import_example(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """Download an example file of a kind: the header and one row."""
    if kind not in KINDS:
        raise Http404
    writer = csv.writer(_Lines())
    header = [column.name for column in KINDS[kind].columns if column.name != "currency"]
    return _csv(iter([writer.writerow(header), writer.writerow(EXAMPLES[kind])]), f"{kind}.csv")


class _Lines:
    def write(self, text: str) -> str:
        """Give back what a csv writer would write."""
        return text


def _with_bom(lines: Iterator[str]) -> Iterator[str]:
    yield BOM
    yield from lines


def _csv(lines: Iterator[object], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        (str(line) for line in lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
