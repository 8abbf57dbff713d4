"""Parts of a page that can fail alone: the rest is shown, the log tells why, the page names the log's entry."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Attempt(Generic[T]):
    """What was built, or None and the number under which the log tells why not."""

    value: T | None
    error: str = ""


def safely(build: Callable[[], T]) -> Attempt[T]:
    """Build a part of a page; whatever goes wrong is logged under a number and stops nothing else."""
    try:
        return Attempt(build())
    except Exception:
        error = token_hex(4)
        log.exception("A part of a page could not be built (%s)", error)
        return Attempt(None, error)
