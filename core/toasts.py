"""Toasts: what just happened, and the way back. They travel as messages, so they survive a redirect."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

UNDO = "undo:"


def toast(request: HttpRequest, text: str, *, undo_url: str | None = None) -> None:
    """Say that something was done; with `undo_url` (takes a POST) the toast offers to undo it."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def toast_error(request: HttpRequest, text: str) -> None:
    """Say that something could not be done; stays until it is closed."""
    messages.error(request, text)


@dataclass(frozen=True)
class Toast:
    """A message as the page shows it."""

    text: str
    undo_url: str = ""
    is_error: bool = False


def as_toast(message: Message) -> Toast:
    """Read a message back."""
    tag = next((part for part in (message.extra_tags or "").split() if part.startswith(UNDO)), "")
    return Toast(str(message.message), tag.removeprefix(UNDO), message.level >= messages.ERROR)
