"""Where somebody must look before and after an erasure: texts and files of the team that a program cannot judge.

The full name, the address and the telephone are found and taken out (`sweep.py`). A first name alone is many
people's, and what stands inside an attached file is not read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Attachment, Note, Touchpoint
from playbooks.models import Task, TaskComment
from workspace.privacy.person import Person

MOST = 100
AROUND = 60
SHORTEST = 3  # a name of two letters is in too many words


@dataclass(frozen=True)
class Place:
    """A text that holds one of the person's names, or a file of the customer, and the page where it stands."""

    what: str | Promise
    text: str
    url: str


def places(person: Person) -> list[Place]:
    """Return up to 100 places to look at: first texts with one of the names, then the customers' files."""
    names = single_names(person)
    return list(islice((*_texts(person, names), *_files(person)), MOST))


def single_names(person: Person) -> list[str]:
    """Return the parts of the names by which colleagues may speak of the person."""
    parts = {part for contact in person.contacts for part in contact.name.split()}
    return sorted(part for part in parts if len(part) >= SHORTEST and part[0].isupper())


def _texts(person: Person, names: list[str]) -> Iterator[Place]:
    if not names:
        return
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    firms = person.firms
    sources: tuple[tuple[Any, QuerySet[Any], str, Callable[[Any], tuple[str, int]]], ...] = (
        (_("Note"), Note.objects.filter(customer__in=firms), "body", _at_customer),
        (_("Conversation"), Touchpoint.objects.filter(customer__in=firms), "summary", _at_customer),
        (_("Task"), Task.objects.filter(customer__in=firms), "title", lambda row: ("task", row.pk)),
        (_("Task"), Task.objects.filter(customer__in=firms), "body", lambda row: ("task", row.pk)),
        (
            _("Comment on a task"),
            TaskComment.objects.filter(task__customer__in=firms),
            "text",
            lambda row: ("task", row.task_id),
        ),
    )
    for what, rows, field, page in sources:
        named = Q()
        for name in names:
            named |= Q(**{f"{field}__icontains": name})
        for row in rows.filter(named).order_by("-pk")[:MOST]:
            text = str(getattr(row, field))
            if hit := found.search(text):
                name, key = page(row)
                yield Place(what, _excerpt(text, hit), reverse(name, args=[key]))


def _files(person: Person) -> Iterator[Place]:
    for file in Attachment.objects.filter(customer__in=person.firms).order_by("-pk")[:MOST]:
        yield Place(_("File"), file.name, reverse("customer", args=[file.customer_id]))


def _at_customer(row: Model) -> tuple[str, int]:
    return "customer", int(row.customer_id)  # type: ignore[attr-defined]  # notes and conversations have one


def _excerpt(text: str, hit: re.Match[str]) -> str:
    begin, end = max(hit.start() - AROUND, 0), hit.end() + AROUND
    return f"{'…' if begin else ''}{text[begin:end].strip()}{'…' if end < len(text) else ''}"
