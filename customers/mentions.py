"""Who is meant by @Name in a note. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mentionable:
    """A colleague who can be mentioned, by whole name, by first name where only one has it, or by e-mail."""

    key: int
    name: str
    email: str


def _plain(text: str) -> str:
    """Fold case and accents, so that @joao finds João."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()


def mentioned(body: str, people: Iterable[Mentionable]) -> set[int]:
    """Return the keys of the people a text mentions; of names that begin alike the longest counts."""
    people = list(people)
    firsts: dict[str, list[int]] = {}
    handles: dict[str, int] = {}
    for person in people:
        handles[_plain(person.email)] = person.key
        if person.name.strip():
            firsts.setdefault(_plain(person.name.split()[0]), []).append(person.key)
    for first, keys in firsts.items():
        if len(keys) == 1:
            handles[first] = keys[0]
    for person in people:
        if person.name.strip():
            handles[_plain(" ".join(person.name.split()))] = person.key
    longest_first = sorted(handles, key=len, reverse=True)
    text = " ".join(_plain(body).split())
    found: set[int] = set()
    for at in re.finditer(r"(?<![\w.])@", text):
        rest = text[at.end() :]
        for handle in longest_first:
            if rest.startswith(handle) and not re.match(r"\w", rest[len(handle) :]):
                found.add(handles[handle])
                break
    return found
