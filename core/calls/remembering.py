"""Answers kept for 24 hours under the caller's `Idempotency-Key`: who repeats a call gets the same bytes.

A call is in flight while its lease lives. Its answer is written in the transaction of what the call wrote, and only
by who still holds the lease: a process that dies leaves neither, and the call can be made again.
"""

import datetime as dt
import hashlib
from enum import Enum

from django.db.models import QuerySet

from core import time
from core.models import RememberedCall
from core.sealed import Unsealable, seal, unseal

KEPT = dt.timedelta(hours=24)
LEASE = dt.timedelta(minutes=1)  # longer than the web server lets a request live
LONG_LEASE = dt.timedelta(minutes=10)  # for what writes in transactions of its own
AT_ONCE = 2000  # rows that one tidying takes
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
PASSING = frozenset({409, 429})  # answers that may be another one in a moment


class Standing(Enum):
    """Where a call stands when it arrives."""

    OURS = "ours"  # nobody made it: make it, then `keep` or `forget`
    DONE = "done"  # it was made: `answer_of` it
    IN_FLIGHT = "in flight"  # somebody is making it
    ANOTHER = "another"  # the key was used for something else


def digest(*parts: str | bytes) -> str:
    """Return a fingerprint of these parts, in this order."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()


def begin(
    *, caller: str, key: str, request_hash: str, lease: dt.timedelta = LEASE
) -> tuple[Standing, RememberedCall]:
    """Take up a call, outside any transaction; return where it stands and its row."""
    now = time.now()
    fresh = {"request_hash": request_hash, "leased_until": now + lease, "expires_at": now + KEPT}
    call, made = RememberedCall.objects.get_or_create(
        caller=caller, key_hash=digest(caller, key), defaults=fresh
    )
    if made:
        return Standing.OURS, call
    rows = RememberedCall.objects.filter(pk=call.pk)
    if call.expires_at <= now:
        seen = rows.filter(expires_at=call.expires_at)
        if not seen.update(status=None, headers={}, body="", **fresh):
            return Standing.IN_FLIGHT, call
    elif call.request_hash != request_hash:
        return Standing.ANOTHER, call
    elif call.status is not None:
        return Standing.DONE, call
    elif call.leased_until > now or not rows.filter(status=None, leased_until=call.leased_until).update(
        **fresh
    ):
        return Standing.IN_FLIGHT, call
    call.refresh_from_db()
    return Standing.OURS, call


def keep(call: RememberedCall, *, status: int, headers: dict[str, str], body: bytes) -> bool:
    """Keep the answer; False where the lease ran out and another process took the call over meanwhile."""
    held = RememberedCall.objects.filter(pk=call.pk, status=None, leased_until=call.leased_until)
    sealed = seal(body.decode("latin-1"))
    return bool(held.update(status=status, headers=headers, body=sealed))


def forget(call: RememberedCall) -> None:
    """Let the key be used again: the call did not lead to an answer that stands."""
    RememberedCall.objects.filter(pk=call.pk, status=None, leased_until=call.leased_until).delete()


def answer_of(call: RememberedCall) -> bytes | None:
    """Return the body that was answered; None where SECRET_KEY was changed since."""
    try:
        return unseal(call.body).encode("latin-1")
    except Unsealable:
        return None


def past() -> QuerySet[RememberedCall]:
    """Return the calls whose time is over."""
    return RememberedCall.objects.filter(expires_at__lte=time.now())


def tidy() -> int:
    """Delete a piece of what is over; return how many rows went."""
    piece = past().order_by("expires_at").values("pk")[:AT_ONCE]
    return RememberedCall.objects.filter(pk__in=piece).delete()[0]
