"""A survey's mail as it leaves: the whole scale, each number a link that opens the page with that number chosen.

The links are made here, at the moment of leaving; what is stored of them are their hashes.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Workspace
from core.letters import Letter
from surveys.colours import LIGHT_CARD, ink_on, parse, readable_on, written
from surveys.mail_words import MAIL_WORDS
from surveys.models import Invitation, Link
from surveys.scales import TILES
from surveys.texts import words_of
from surveys.tokens import link_new

LONGEST_SUBJECT = 180


@dataclass(frozen=True)
class Tile:
    """One number of the scale and the address that chooses it; `label` says it to screen readers."""

    score: int
    url: str
    label: str


def letter_for(invitation: Invitation, *, reminder: bool) -> Letter:
    """Make the links of one mail and return the letter, in the invitation's language.

    `invitation` comes with survey (and its texts), customer, owner and contact. Headers: RFC 2369 and RFC 8058 for
    stopping with one click, a Reply-To to the owner, and what keeps absence notes away.
    """
    survey = invitation.survey
    called = invitation.contact.name.split(" ")[0] if invitation.contact else ""
    brand = survey.brand_name or Workspace.get().name
    owner = invitation.customer.owner
    around = MAIL_WORDS[invitation.language]
    words = words_of(
        survey,
        invitation.language,
        brand=brand,
        owner=owner.name if owner else "",
        name=called,
    )
    page = _address("survey_answer", link_new(Link.Purpose.ANSWER, invitation=invitation))
    stop = (
        _address("unsubscribe", link_new(Link.Purpose.UNSUBSCRIBE, invitation=invitation)) + "?kind=surveys"
    )
    subject = around["reminder"].format(subject=words.mail_subject) if reminder else words.mail_subject
    context: dict[str, Any] = {
        "language": invitation.language.replace("-br", "-BR"),
        "brand": brand,
        "logo": settings.SITE_URL + reverse("survey_logo", args=[survey.pk]) if survey.logo else "",
        "words": words,
        "around": around,
        "about": around["about"].format(about=invitation.event_subject) if invitation.event_subject else "",
        "why": around["why"].format(brand=brand, customer=invitation.customer.name),
        "tiles": [
            Tile(score, f"{page}?score={score}", around["score"].format(score=score))
            for score in TILES[survey.kind]
        ],
        "page": page,
        "stop": stop,
        **_colours(survey.brand_colour),
    }
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if owner is not None and owner.is_active:
        headers["Reply-To"] = owner.email
    return Letter(
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=render_to_string("surveys/mail/survey.txt", context),
        html=render_to_string("surveys/mail/survey.html", context),
        headers=headers,
    )


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(name, args=[token])


def _colours(colour: str) -> dict[str, str]:
    """Return the brand's colour as it can be read on white, and the ink that can be read on it."""
    accent = readable_on(parse(colour), LIGHT_CARD)
    return {"accent": written(accent), "ink": written(ink_on(accent))}
