"""Read one item of a tracking call. Pure: no database, no clock."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.problems.noting import Odd

PERSON, GROUP, EVENT, KEY = 200, 120, 120, 120  # characters
SEEN = {"page": "Viewed {} page", "screen": "Viewed {} screen"}
TYPES = frozenset({"track", "identify", "group", "alias", *SEEN})


class Refused(Exception):  # noqa: N818
    """The item does not go in."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about

    def odd(self, item: Any) -> Odd:
        """Return it as a problem."""
        return Odd(self.code, self.about, item)


@dataclass(frozen=True, slots=True)
class Said:
    """What an item says: who, at which customer ("" where it names none), when, and which event."""

    type: str
    user: str
    group: str
    at: dt.datetime
    event: str = ""
    message_id: str = ""
    email: str = ""
    same_as: str = ""
    anonymous: str = ""  # the id of a browser or device, the same as `user` where nobody has signed in


def read_item(item: Any, *, now: dt.datetime, end: dt.datetime, number: int = 0) -> Said:
    """Read one item that arrived at `now`; nothing may lie at or behind `end`, where the day after today begins.

    `number` tells equal items without an own `messageId` apart. Raises `Refused`.
    """
    if not isinstance(item, dict):
        raise Refused("not_an_object")
    kind = item.get("type")
    if kind not in TYPES:
        raise Refused("unknown_type", _text(kind)[:EVENT])
    context = _object(item.get("context"))
    user, anonymous = _id(item.get("userId"), PERSON), _id(item.get("anonymousId"), PERSON)
    at = _moment(item, now)
    if at >= end:
        raise Refused("future_time", _text(item.get("event"))[:EVENT])
    group = _id(item.get("groupId"), GROUP) or _id(context.get("groupId"), GROUP)
    if not user and not anonymous and not (kind == "track" and group):
        raise Refused("id_missing")
    if kind == "alias":
        return Said("alias", _id(item.get("previousId"), PERSON) or anonymous, "", at, same_as=user)
    if kind == "group" and not group:
        raise Refused("group_missing")
    if kind in {"group", "identify"}:
        traits = _object(item.get("traits")) or _object(context.get("traits"))
        return Said(kind, user or anonymous, group, at, email=_email(traits), anonymous=anonymous)
    return Said(
        kind, user or anonymous, group, at, _event(kind, item), _key(item, number), anonymous=anonymous
    )


def _event(kind: str, item: Mapping[str, Any]) -> str:
    name = _text(item.get("event" if kind == "track" else "name")).strip()
    if kind in SEEN:
        name = SEEN[kind].format(name) if name else SEEN[kind].replace("{} ", "a ")
    if not name:
        raise Refused("event_missing")
    if len(name) > EVENT:
        raise Refused("event_too_long", name[:EVENT])
    return name


def _key(item: Mapping[str, Any], number: int) -> str:
    """Return the key by which an item sent again is the same one."""
    said = _text(item.get("messageId")).strip()
    if said and len(said) <= KEY:
        return said
    whole = said or json.dumps(item, sort_keys=True, default=str)
    return f"auto-{hashlib.sha256(whole.encode()).hexdigest()[:40]}-{0 if said else number}"


def _moment(item: Mapping[str, Any], now: dt.datetime) -> dt.datetime:
    for name in ("timestamp", "originalTimestamp"):
        said = item.get(name)
        if said is None or said == "":
            continue
        try:
            found = dt.datetime.fromisoformat(said)
            found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
            if found.year < 2000:
                raise Refused("bad_time", _text(said)[:EVENT])
            return found.astimezone(dt.UTC)
        except (ValueError, TypeError, OverflowError):
            raise Refused("bad_time", _text(said)[:EVENT]) from None
    return now


def _id(value: Any, longest: int) -> str:
    text = _text(value).strip()
    if len(text) > longest:
        raise Refused("id_too_long", text[:EVENT])
    return text


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _email(traits: dict[str, Any]) -> str:
    said = traits.get("email")
    text = said.strip().lower() if isinstance(said, str) else ""
    return text if "@" in text and len(text) < 255 and "\x00" not in text else ""


def _text(value: Any) -> str:
    """Return a plain value as text. Raises `Refused` for a sign that no database keeps."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Refused("bad_text")
    return text
