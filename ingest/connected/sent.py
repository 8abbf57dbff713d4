"""What a call says, cut down to what we keep, and how its values are read. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """One event: about which object (`sub_1`, `ticket:7`), what kind, when, and the few facts we keep of it."""

    event_id: str
    subject: str
    type: str
    at: dt.datetime
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What is known of an object: rows by kind of import, and the customer's key that they need (None: nobody's).

    `odd` are reasons why something of it is not in the rows, each with what it is about.
    """

    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    customer: str = ""
    email: str = ""
    name: str = ""
    odd: tuple[tuple[str, str], ...] = ()


class Unreadable(Exception):  # noqa: N818
    """The event lacks what we need of it."""


def in_order(sent: Iterable[Sent]) -> list[Sent]:
    """Return events as they happened; of two at one moment always the same is first."""
    return sorted(sent, key=lambda one: (one.at, one.event_id))


def text(value: Any, longest: int = 300) -> str:
    """Return a plain value as text that a database keeps, else ""."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:longest]


def id_of(value: Any) -> str:
    """Return the id of an object that is named or written out."""
    return text(value.get("id") if isinstance(value, dict) else value, 100)


def mapping(value: Any) -> dict[str, Any]:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return the entries of a list, or of Stripe's `{"data": [...]}`."""
    if isinstance(value, dict):
        value = value.get("data")
    return value if isinstance(value, list) else []


def moment(value: Any) -> dt.datetime | None:
    """Return a moment given as seconds or as ISO 8601; None where there is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value, dt.UTC)
        if isinstance(value, str) and value:
            at = dt.datetime.fromisoformat(value)
            return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
