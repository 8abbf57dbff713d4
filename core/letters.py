"""Letters: mails whose text is written only at the moment they leave, so that no link in them ever stands in a table.

An app registers one `Writer` for its kind of mail (`config/pipeline.py` lists them). The row in the outbox then holds
nothing but the address; the writer may still put it off or call it off.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.models import OutgoingMail


@dataclass(frozen=True)
class Letter:
    """What leaves: subject, plain text, the same as HTML ("" for none), headers, PNG images, and calendar files.

    The HTML names an image by its key: `<img src="cid:KEY">`; the image travels in the mail. `calendars` are
    invitations by file name (RFC 5545, method REQUEST).
    """

    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Later:
    """The mail may not leave now: it waits until `at`; `why` is a key for people who ask."""

    at: dt.datetime
    why: str


@dataclass(frozen=True)
class Never:
    """The mail is called off; `why` is a key for people who ask."""

    why: str


class Writer(Protocol):
    """Writes one kind of mail. Each method opens its own transaction."""

    def write(self, mail: OutgoingMail) -> Letter | Later | Never:
        """Return the letter, or when or why not. Called after the mail was claimed, before anything leaves."""

    def left(self, mail: OutgoingMail) -> None:
        """Hear that the server took the mail (not called when that is unclear)."""

    def says(self, why: str) -> str:
        """Return in words the `why` of a mail that was put off or called off."""


_writers: dict[str, Writer] = {}


def use(writers: Mapping[str, Writer]) -> None:
    """Say who writes which kind of mail (done once, by `config`)."""
    _writers.clear()
    _writers.update(writers)


def why_words(mail: OutgoingMail) -> str:
    """Return in words why a mail was put off or called off; what stands there for a mail without a writer."""
    writer = writer_of(mail)
    return writer.says(mail.error) if writer is not None else mail.error


def writer_of(mail: OutgoingMail) -> Writer | None:
    """Return who writes this mail's text; None for one that was written when it was queued."""
    return _writers.get(mail.kind)
