"""The playbooks a new workspace begins with, in Portuguese and English; all can be changed, none starts by itself."""

from collections.abc import Sequence
from typing import Any

from playbooks.plays.shipped import growth, journeys, rescue

Said = tuple[str, str]


def shipped(language: str) -> list[dict[str, Any]]:
    """Return the shipped playbooks with their steps in a language (`pt-br` or `en`)."""
    place = 0 if language.startswith("pt") else 1
    return [_in(book, place) for book in (*journeys.BOOKS, *rescue.BOOKS, *growth.BOOKS)]


def _in(book: dict[str, Any], place: int) -> dict[str, Any]:
    steps: Sequence[dict[str, Any]] = book["steps"]
    return {
        **{name: _said(value, place) for name, value in book.items() if name != "steps"},
        "steps": [
            {name: _said(value, place) for name, value in step.items()} | {"key": key, "position": key}
            for key, step in enumerate(steps, start=1)
        ],
    }


def _said(value: Any, place: int) -> Any:
    """Return a value in one language: a pair of texts is Portuguese and English."""
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return value[place]
    if isinstance(value, dict):
        return {name: _said(one, place) for name, one in value.items()}
    if isinstance(value, list):
        return [_said(one, place) for one in value]
    return value
