"""What the answer page shows: the look, the words, the tiles, who is asked by whom."""

from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel import dates as babel_dates
from django.urls import reverse

from surveys.models import Invitation
from surveys.public.pages import brand_name
from surveys.public.words import WORDS
from surveys.scales import TILES, level
from surveys.texts import words_of

BABEL = {"pt-br": "pt_BR", "en": "en", "es": "es"}


@dataclass(frozen=True)
class Tile:
    """One value of the scale."""

    value: int
    level: str
    label: str
    checked: bool


def look(invitation: Invitation) -> dict[str, Any]:
    """Return the brand: its name, stylesheet and logo."""
    survey = invitation.survey
    return {
        "survey": survey,
        "brand": brand_name(invitation),
        "colour": survey.brand_colour[1:].lower(),
        "logo": reverse("survey_logo", args=[survey.pk]) if survey.logo else "",
    }


def question(invitation: Invitation, language: str, score: int | None) -> dict[str, Any]:
    """Return the question in a language, its tiles with one chosen, and the lines under the form."""
    brand = look(invitation)
    owner = invitation.customer.owner
    contact = invitation.contact
    name = contact.name.split(" ")[0] if contact is not None else ""
    said = words_of(
        invitation.survey, language, brand=brand["brand"], owner=owner.name if owner else "", name=name
    )
    words, kind = WORDS[language], invitation.survey.kind
    return {
        **brand,
        "said": said,
        "lead": _about(invitation, language) or said.lead,
        "kind": kind,
        "tiles": [_tile(kind, value, score, words, said.low_end, said.high_end) for value in TILES[kind]],
        "ends": (f"{TILES[kind][0]}, {said.low_end}", f"{TILES[kind][-1]}, {said.high_end}"),
        "thanks_name": f"{words['thanks']}, {name}" if name else words["thanks"],
        "as": words["as"].format(person=contact, customer=invitation.customer.name) if contact else "",
        "read_by": words["read_by"].format(owner=owner.name) if owner else words["read_by_team"],
    }


def _about(invitation: Invitation, language: str) -> str:
    """Return what the question is about, with its day in the reader's language."""
    if not invitation.event_subject or invitation.event_on is None:
        return invitation.event_subject
    day = babel_dates.format_date(invitation.event_on, "long", locale=Locale.parse(BABEL[language]))
    return f"{invitation.event_subject}, {day}"


def _tile(
    kind: str, value: int, score: int | None, words: dict[str, str], low_end: str, high_end: str
) -> Tile:
    label = words[f"csat_{value}"] if kind == "csat" else ""
    if kind != "csat" and value in (TILES[kind][0], TILES[kind][-1]):
        label = low_end if value == TILES[kind][0] else high_end
    return Tile(value, level(kind, value), label, value == _nearest(kind, score))


def _nearest(kind: str, score: int | None) -> int | None:
    """Return the tile of a score: itself, but for a check-in's 73, which has none: the nearest below."""
    return None if score is None else max(tile for tile in TILES[kind] if tile <= score)
