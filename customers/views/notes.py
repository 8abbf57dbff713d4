"""Notes and files of a customer."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core.toasts import toast
from customers.forms.notes import FileForm, NoteForm
from customers.models import Attachment, Customer, Note
from customers.services.files import file_archive, file_create
from customers.services.notes import may_edit_note, note_archive, note_create, note_pin, note_update
from customers.views.access import customer_to_edit, posted, visible_customers
from customers.views.form_page import Aside, FormPage, form_page


def _page(customer: Customer, title: str, submit: str, done: str, *, multipart: bool = False) -> FormPage:
    back = reverse("customer", args=[customer.pk])
    return FormPage(title=title, submit=submit, done=done, back=back, customer=customer, multipart=multipart)


@requires(Perm.CUSTOMERS_EDIT)
def note_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note."""
    customer = customer_to_edit(request, pk)

    def save(data: dict[str, Any]) -> None:
        note_create(actor=signed_in(request), customer=customer, **data)

    page = _page(customer, _("Write a note"), _("Save note"), _("The note is saved."))
    return form_page(request, page=page, form=NoteForm(posted(request)), save=save)


@requires(Perm.CUSTOMERS_EDIT)
def note_edit(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Correct a note: who wrote it, or a manager."""
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Note, customer=customer, pk=note, archived_at__isnull=True)
    if not may_edit_note(signed_in(request), row):
        raise PermissionDenied

    def save(data: dict[str, Any]) -> None:
        note_update(actor=signed_in(request), note=row, **data)

    page = replace(
        _page(customer, _("Edit note"), _("Save note"), _("The note is saved.")),
        aside=Aside(
            title=_("No longer needed?"),
            text=_("An archived note leaves the page and can be restored there at any time."),
            submit=_("Archive this note"),
            url=reverse("note_archive", args=[pk, note]),
        ),
    )
    form = NoteForm(posted(request), initial={"body": row.body})
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def note_pinned(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Pin a note, or unpin a pinned one."""
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Note, customer=customer, pk=note, archived_at__isnull=True)
    note_pin(actor=signed_in(request), note=row, pinned=row.pinned_at is None)
    toast(request, _("The note is pinned.") if row.pinned_at else _("The note is no longer pinned."))
    return redirect("customer", pk)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def note_archived(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Put a note aside; posted again (the undo) it comes back."""
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Note, customer=customer, pk=note)
    note_archive(actor=signed_in(request), note=row, archived=row.archived_at is None)
    if row.archived_at:
        toast(request, _("The note is archived."), undo_url=reverse("note_archive", args=[pk, note]))
    else:
        toast(request, _("The note is back."))
    return redirect("customer", pk)


@requires(Perm.CUSTOMERS_EDIT)
def file_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file with a customer."""
    customer = customer_to_edit(request, pk)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()

    def save(data: dict[str, Any]) -> None:
        file_create(actor=signed_in(request), customer=customer, upload=data["file"])

    page = _page(customer, _("Add a file"), _("Add file"), _("The file is kept."), multipart=True)
    return form_page(request, page=page, form=form, save=save)


@requires(Perm.CUSTOMERS_VIEW)
def file_get(request: HttpRequest, pk: int, attachment: int) -> FileResponse:
    """Hand out a file as a download, never shown in the browser as if it were a page of ours."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    row = get_object_or_404(Attachment, customer=customer, pk=attachment, archived_at__isnull=True)
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=True,
        filename=row.name,
        content_type=row.content_type or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def file_archived(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Put a file aside; posted again (the undo) it comes back."""
    customer = customer_to_edit(request, pk)
    row = get_object_or_404(Attachment, customer=customer, pk=attachment)
    file_archive(actor=signed_in(request), attachment=row, archived=row.archived_at is None)
    if row.archived_at:
        toast(request, _("The file is archived."), undo_url=reverse("file_archive", args=[pk, attachment]))
    else:
        toast(request, _("The file is back."))
    return redirect("customer", pk)
