"""What one run of an import carries along: its batch, its switches, its counts and notes."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accounts.models import User
from accounts.principals import Principal
from customers.erased import ErasedPeople
from ingest.models import Batch
from ingest.parsers.cells import Form
from ingest.staging import Staging

LISTED = 50  # so many examples of a note, and changes of a preview, are kept


@dataclass
class Note:
    """Something worth knowing that rejects no row: how often, and the first examples."""

    count: int = 0
    examples: list[Any] = field(default_factory=list)


@dataclass
class Run:
    """One run of an import. With `write` off nothing is written: it only counts."""

    kind: str
    form: Form
    staging: Staging
    at: dt.datetime
    batch: Batch | None = None
    actor: Principal | None = None
    write: bool = True
    file_wins: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    notes: dict[str, Note] = field(default_factory=dict)
    shown: list[dict[str, Any]] = field(default_factory=list)
    told: dict[int, str] | None = None  # what became of each line, where somebody asked

    @cached_property
    def erased(self) -> ErasedPeople:
        """Who was erased and must not come back."""
        return ErasedPeople.load()

    @property
    def person(self) -> User | None:
        """The person who imports; none where an integration or Zelo does."""
        return None if self.actor is None else self.actor.person

    def tell(self, outcome: str, line: int) -> None:
        """Count what became of a row, and keep it where somebody asked row by row."""
        self.counts[outcome] += 1
        if self.told is not None:
            self.told[line] = outcome

    def note(self, code: str, example: Any) -> None:
        """Remember something to tell at the end; the same example is listed once."""
        note = self.notes.setdefault(code, Note())
        note.count += 1
        if len(note.examples) < LISTED and example not in note.examples:
            note.examples.append(example)

    def show(self, line: int, label: str, changes: dict[str, tuple[Any, Any]]) -> None:
        """Keep a changed row for the preview, field by field."""
        if len(self.shown) < LISTED:
            self.shown.append({"line": line, "label": label, "changes": changes})

    def plain_notes(self) -> list[dict[str, Any]]:
        """The notes as the batch stores them."""
        return [
            {"code": code, "count": note.count, "examples": note.examples}
            for code, note in self.notes.items()
        ]
