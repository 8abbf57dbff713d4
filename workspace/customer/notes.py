"""Notes and files of the team: pinned notes first."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q

from core import time
from customers.models import Attachment, Note
from workspace.customer.asof import AsOf

SHOWN = 12


@dataclass(frozen=True)
class Papers:
    """The notes, and the files that belong to none of them."""

    notes: list[Note]
    files: list[Attachment]


def papers(customer_id: int, seen: AsOf) -> Papers:
    """Return the notes and loose files as of the day looked at; four queries, however many there are."""
    end = time.day_start(seen.day + dt.timedelta(days=1))
    there = Q(created_at__lt=end) & (Q(archived_at__isnull=True) | Q(archived_at__gte=end))
    files = Attachment.objects.filter(there)
    notes = (
        Note.objects.filter(there, customer=customer_id)
        .select_related("author")
        .prefetch_related("mentions", Prefetch("attachments", queryset=files, to_attr="kept_files"))
        .order_by(F("pinned_at").desc(nulls_last=True), "-created_at", "-pk")
    )
    loose = files.filter(customer=customer_id, note__isnull=True).select_related("added_by")
    return Papers(list(notes[:SHOWN]), list(loose.order_by("-created_at", "-pk")[:SHOWN]))
