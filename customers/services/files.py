"""Files kept with a customer: known kinds, up to 20 MB, put aside but never deleted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import formats, time
from customers.filetypes import HEAD_BYTES, LIMIT_BYTES, FileKindError, content_type_of
from customers.models import Attachment, Customer, Note
from customers.services.facts import check_live


def file_create(
    *, actor: User, customer: Customer, upload: "UploadedFile[Any]", note: Note | None = None
) -> Attachment:
    """Keep a file with a customer. Raises `ValidationError` for one that is too large or of no kept kind."""
    check_live(customer)
    content_type = _checked(upload)
    row = Attachment(
        customer=customer,
        note=note,
        name=(upload.name or "")[-200:],
        size=upload.size or 0,
        content_type=content_type,
        added_by=actor,
    )
    # The bytes are written before the transaction begins: nobody waits for a disk while the database is held.
    row.file.save(row.name, upload, save=False)
    try:
        with transaction.atomic():
            row.save()
            _record(actor, row, "file.added", {"name": (None, row.name), "size": (None, row.size)})
    except Exception:
        row.file.delete(save=False)
        raise
    return row


@transaction.atomic
def file_archive(*, actor: User, attachment: Attachment, archived: bool) -> Attachment:
    """Put a file aside, or bring it back."""
    check_live(attachment.customer)
    if (attachment.archived_at is not None) == archived:
        return attachment
    before, attachment.archived_at = attachment.archived_at, time.now() if archived else None
    attachment.save(update_fields=["archived_at"])
    action = "file.archived" if archived else "file.restored"
    _record(actor, attachment, action, {"archived_at": (before, attachment.archived_at)})
    return attachment


def _record(actor: User, row: Attachment, action: str, changes: dict[str, tuple[Any, Any]]) -> None:
    audit.record(
        actor=actor, action=action, subject=row, changes=changes, customer_id=row.customer_id, label=row.name
    )


def _checked(upload: "UploadedFile[Any]") -> str:
    if not upload.size:
        raise ValidationError({"file": _("This file is empty. Choose another one.")})
    if upload.size > LIMIT_BYTES:
        raise ValidationError(
            {
                "file": _(
                    "This file has %(size)s; at most %(limit)s are kept. Make it smaller or share a link."
                )
                % {"size": formats.file_size(upload.size), "limit": formats.file_size(LIMIT_BYTES)}
            }
        )
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    try:
        return content_type_of(upload.name or "", head)
    except FileKindError as wrong:
        raise ValidationError({"file": _message(wrong.code)}) from None


def _message(code: str) -> str:
    if code == "kind":
        return _("Files of this kind are not kept. Use PDF, an Office document, an image, CSV or text.")
    return _("This file is not what its name says. Open it, save it again in the right format, and retry.")
