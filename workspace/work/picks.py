"""Choices beside a list: read from the address, drawn as selects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pick:
    """One choice: its name in the address, what it is called, its options and the chosen one ("": all)."""

    name: str
    label: Any
    options: list[tuple[str, Any]]
    chosen: str


def pick(query: Mapping[str, Any], name: str, label: Any, options: Iterable[tuple[Any, Any]]) -> Pick:
    """Return a choice; what the address says wrongly is as if it were not there."""
    offered = [(str(key), word) for key, word in options]
    asked = str(query.get(name, ""))
    return Pick(name, label, offered, asked if asked in {key for key, _word in offered} else "")


def whole_number(text: Any) -> int | None:
    """Return a key that an address names, None for what is none."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 12 else None
