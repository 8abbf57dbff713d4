"""What was put aside of a customer: people, notes and files, each with its way back."""

from dataclasses import dataclass

from accounts.models import User
from customers.models import Attachment, Contact, Note
from customers.services.notes import may_edit_note

AT_MOST = 100


@dataclass(frozen=True)
class PutAside:
    """Archived rows that this person may restore, the last archived first."""

    people: list[Contact]
    notes: list[Note]
    files: list[Attachment]


def put_aside(customer_id: int, user: User, *, shown: bool) -> PutAside:
    """Return what was archived of a customer; three queries, none where it is not shown."""
    if not shown:
        return PutAside([], [], [])
    rows = {"customer": customer_id, "archived_at__isnull": False}
    latest = ("-archived_at", "-pk")
    notes = Note.objects.filter(**rows).select_related("author").order_by(*latest)[:AT_MOST]
    return PutAside(
        people=list(Contact.objects.filter(**rows, erased_at__isnull=True).order_by(*latest)[:AT_MOST]),
        notes=[note for note in notes if may_edit_note(user, note)],
        files=list(Attachment.objects.filter(**rows).order_by(*latest)[:AT_MOST]),
    )
