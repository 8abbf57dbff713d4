"""The links people get: a random token in the address, its hash in the database, nothing else anywhere.

A token is 192 random bits, so its hash needs no salt, and finding one takes the index the same time whether it
is there or not: what is compared is a hash that nobody can steer. A dump of the database opens nothing.
"""

import datetime as dt
import re
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

from accounts.services.secrets import secret_hash, secret_new
from core.compiled import Compiled
from customers.models import Contact
from surveys.models import Campaign, Invitation, Link, Survey

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")  # 24 bytes in URL-safe base64


def link_new(
    purpose: str,
    *,
    invitation: Invitation | None = None,
    contact: Contact | None = None,
    subject_id: int | None = None,
    expires_at: dt.datetime | None = None,
) -> str:
    """Make a link and return its token, which is told this once; the caller puts it into an address."""
    token = secret_new()
    Link.objects.create(
        purpose=purpose,
        token_hash=secret_hash(token),
        invitation=invitation,
        contact=contact if contact is not None else invitation.contact if invitation else None,
        subject_id=subject_id,
        expires_at=expires_at,
    )
    return token


def link_for(token: str, *purposes: str) -> Link | None:
    """Return the link a token opens for one of these purposes, with what it belongs to.

    None for any other text and when it was revoked. Whether it has expired is the caller's to ask, who says so kindly.
    """
    if not TOKEN.fullmatch(token):
        token = secret_new()  # look for it all the same: a malformed token takes as long as an unknown one
    return (
        Link.objects.filter(token_hash=secret_hash(token), purpose__in=purposes, revoked_at__isnull=True)
        .select_related(
            "contact",
            "invitation__survey",
            "invitation__campaign",
            "invitation__customer__owner",
            "invitation__contact",
        )
        .first()
    )


Row = TypeVar("Row", bound=Model)

OF_INVITATION = (
    "id",
    "survey_id",
    "campaign_id",
    "customer_id",
    "contact_id",
    "language",
    "expires_at",
    "revoked_at",
)
OF_SURVEY = ("id", "kind", "closes_at", "archived_at")
OF_CAMPAIGN = ("id", "name")


def _pressed(*, token_hash: str) -> QuerySet[Link, tuple[Any, ...]]:
    wanted = (
        *(f"invitation__{name}" for name in OF_INVITATION),
        *(f"invitation__survey__{name}" for name in OF_SURVEY),
        *(f"invitation__campaign__{name}" for name in OF_CAMPAIGN),
        "invitation__response__id",
    )
    links = Link.objects.filter(token_hash=token_hash, purpose=Link.Purpose.ANSWER, revoked_at__isnull=True)
    return links.order_by().values_list(*wanted)


PRESSED = Compiled(_pressed, token_hash="?")  # noqa: S106 - a blank, no password


def invitation_pressed(token: str) -> tuple[Invitation, bool] | None:
    """Return the invitation a token answers, and whether it has an answer already; None as for `link_for`.

    Only what a press of the button needs is read, in one statement; any other field is read when it is asked for.
    """
    known = TOKEN.fullmatch(token) is not None
    found = PRESSED.rows(token_hash=secret_hash(token if known else secret_new()))
    if not found:
        return None
    row = list(found[0])
    invitation = _loaded(Invitation, OF_INVITATION, row)
    if invitation.revoked_at is not None:
        return None
    invitation.survey = _loaded(Survey, OF_SURVEY, row)
    campaign = _loaded(Campaign, OF_CAMPAIGN, row)
    invitation.campaign = campaign if campaign.pk is not None else None
    return invitation, row[0] is not None


def _loaded(model: type[Row], names: tuple[str, ...], row: list[Any]) -> Row:
    """Return a row of a table from the first values, which are taken away."""
    values = [row.pop(0) for _name in names]
    return model.from_db(DEFAULT_DB_ALIAS, list(names), values)
