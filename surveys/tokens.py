"""The links people get: a random token in the address, its hash in the database, nothing else anywhere.

A token is 192 random bits, so its hash needs no salt, and finding one takes the index the same time whether it
is there or not: what is compared is a hash that nobody can steer. A dump of the database opens nothing.
"""

import datetime as dt
import re

from accounts.services.secrets import secret_hash, secret_new
from customers.models import Contact
from surveys.models import Invitation, Link

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
