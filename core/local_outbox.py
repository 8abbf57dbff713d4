"""The mail server of an installation without one: each mail is a file under `VAR_DIR/outbox`, read on the outbox page.

A mail's links stand in its file only, never in the database; erasing a person takes the files of their mails away.
"""

import email
import email.policy
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NUMBER = "X-Zelo-Mail"
SHOWN_HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True)
class LocalMail:
    """A mail as it would have left: its headers, the text and the HTML part ("" for none)."""

    headers: Sequence[tuple[str, str]]
    subject: str
    text: str
    html: str


class EmailBackend(BaseEmailBackend):
    """Keeps each message as a file, whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = str(message.extra_headers.get(NUMBER) or f"other-{secrets.token_hex(6)}")
            half = folder / f".{name}-{secrets.token_hex(4)}"
            half.write_bytes(message.message().as_bytes())
            half.replace(folder / f"{name}.eml")
        return len(email_messages)


def read(number: int) -> LocalMail | None:
    """Return a mail by its row in the outbox, None where no file is there."""
    try:
        raw = _file(number).read_bytes()
    except FileNotFoundError:
        return None
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    return LocalMail(
        headers=[(name, str(parsed[name])) for name in SHOWN_HEADERS if parsed[name]],
        subject=str(parsed["Subject"] or ""),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def forget(numbers: Iterable[int]) -> int:
    """Take the files of these mails away; return how many were there."""
    gone = 0
    for number in numbers:
        try:
            _file(number).unlink()
        except FileNotFoundError:
            continue
        gone += 1
    return gone


def _part(parsed: Parsed, kind: str) -> str:
    body = parsed.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


def _file(number: int) -> Path:
    return _folder() / f"{int(number)}.eml"


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
