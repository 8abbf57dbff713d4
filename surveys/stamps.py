"""The stamp of a visit: in the form a page is given out with, so that a press of the button knows its own page.

It is signed and holds the visit and the moment; it proves that a page was fetched, and opens nothing.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from core import time

SALT = "surveys.visit"


@dataclass(frozen=True)
class Stamp:
    """Which visit gave the page out, and when."""

    visit_id: int
    at: dt.datetime


def stamp_new(visit_id: int, invitation_id: int, at: dt.datetime) -> str:
    """Return the stamp of a visit to one invitation."""
    return Signer(salt=SALT).sign(f"{visit_id}.{invitation_id}.{int(at.timestamp() * 1000)}")


def stamp_read(raw: str, invitation_id: int) -> Stamp | None:
    """Return what a stamp says, None when it is not ours or was given out for another invitation."""
    try:
        visit, invitation, millis = Signer(salt=SALT).unsign(raw).split(".")
    except (BadSignature, ValueError):
        return None
    if int(invitation) != invitation_id:
        return None
    return Stamp(int(visit), dt.datetime.fromtimestamp(int(millis) / 1000, tz=time.now().tzinfo))
