"""What an import tells beside its counts: a code with examples, said in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 8


def note_sentence(note: dict[str, Any], field_word: Callable[[str], str] = str) -> str:
    """Say a stored note; `field_word` says what a field is called (else as the file's column is)."""
    count, examples = note["count"], note["examples"]
    text = _TEXTS[note["code"]](count)
    listed = ", ".join(_example(note["code"], one, field_word) for one in examples[:SHOWN])
    more = " …" if count > SHOWN or len(examples) > SHOWN else ""
    return f"{text}: {listed}{more}"


def _example(code: str, example: Any, field_word: Callable[[str], str]) -> str:
    if code == "same_key":
        return _("%(earlier)s by %(later)s") % {"earlier": example[0], "later": example[1]}
    if code == "kept_by_hand":
        return _("line %(line)s %(field)s") % {"line": example[0], "field": field_word(example[1])}
    return str(example)


_TEXTS = {
    "unknown_column": lambda n: _("Columns that are not known here and were ignored"),
    "unknown_owner": lambda n: (
        ngettext(
            "%(n)s customer has no owner until this person joins",
            "%(n)s customers have no owner until these people join",
            n,
        )
        % {"n": n}
    ),
    "unknown_contact": lambda n: (
        ngettext(
            "%(n)s row names a contact that is not there and has none now",
            "%(n)s rows name contacts that are not there and have none now",
            n,
        )
        % {"n": n}
    ),
    "erased": lambda n: (
        ngettext(
            "%(n)s row is about a person who was erased and brought no name back; the uploaded file is deleted. Line",
            "%(n)s rows are about people who were erased and brought no name back; the uploaded file is deleted. Lines",
            n,
        )
        % {"n": n}
    ),
    "kept_by_hand": lambda n: (
        ngettext(
            "%(n)s field was edited by hand and kept; “file wins” takes the file's value",
            "%(n)s fields were edited by hand and kept; “file wins” takes the file's values",
            n,
        )
        % {"n": n}
    ),
    "same_key": lambda n: (
        ngettext(
            "%(n)s row was laid over by a later row of the same key",
            "%(n)s rows were laid over by later rows of the same key",
            n,
        )
        % {"n": n}
    ),
    "merged_customer": lambda n: (
        ngettext(
            "%(n)s customer was merged into another and is left as it is",
            "%(n)s customers were merged into others and are left as they are",
            n,
        )
        % {"n": n}
    ),
    "link_missing": lambda n: (
        ngettext(
            "%(n)s link names a customer whose own row was rejected",
            "%(n)s links name customers whose own rows were rejected",
            n,
        )
        % {"n": n}
    ),
}
