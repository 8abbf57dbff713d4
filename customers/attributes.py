"""The typed values of attributes that an admin defined. Pure.

Stored: text as it is, a number as a decimal string, a date as ISO, yes or no as true or false,
a choice as one of its choices.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Stored = str | bool | None

_YES = {"true", "1", "yes", "sim", "y", "s"}
_NO = {"false", "0", "no", "não", "nao", "n"}
TEXT_LIMIT = 500


@dataclass(frozen=True)
class AttributeType:
    """What values an attribute takes."""

    key: str
    kind: str
    choices: tuple[str, ...] = ()


class AttributeValueError(ValueError):
    """A value that its attribute does not take, or an attribute nobody defined; `key` and `code` say which."""

    def __init__(self, key: str, code: str) -> None:
        super().__init__(f"{key}: {code}")
        self.key = key
        self.code = code


def parse_attribute(kind: AttributeType, raw: Any) -> Stored:
    """Return the stored form of a value; None clears it. Raises `AttributeValueError`."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if kind.kind == "bool":
        return _parse_bool(kind.key, raw)
    text = raw.isoformat() if isinstance(raw, dt.date) else str(raw).strip()
    if kind.kind == "number":
        return _parse_number(kind.key, text)
    if kind.kind == "date":
        return _parse_date(kind.key, text)
    if kind.kind == "choice" and text not in kind.choices:
        raise AttributeValueError(kind.key, "choice")
    if len(text) > TEXT_LIMIT:
        raise AttributeValueError(kind.key, "long")
    return text


def parse_attributes(types: Iterable[AttributeType], raw: Mapping[str, Any]) -> dict[str, Stored]:
    """Return the stored form of several values by key. Raises `AttributeValueError`, also for an unknown key."""
    known = {one.key: one for one in types}
    for key in raw:
        if key not in known:
            raise AttributeValueError(key, "unknown")
    return {key: parse_attribute(known[key], value) for key, value in raw.items()}


def _parse_bool(key: str, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise AttributeValueError(key, "bool")


def _parse_number(key: str, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise AttributeValueError(key, "number") from None
    if not number.is_finite():
        raise AttributeValueError(key, "number")
    return f"{number:f}"


def _parse_date(key: str, text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise AttributeValueError(key, "date") from None
