"""Signatures after Standard Webhooks (standardwebhooks.com): three headers, HMAC-SHA256 over id, time and body."""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping

SECRET_MARK = "whsec_"  # noqa: S105 - how the standard marks a secret, not one
SECRET_BYTES = 32
TOLERANCE = dt.timedelta(minutes=5)


class SignatureRefused(Exception):  # noqa: N818 - it is refused, not in error
    """The message was not signed with one of the secrets, or not now."""


def secret_new() -> str:
    """Return a fresh signing secret in the standard's form."""
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(body: bytes, *, message_id: str, at: dt.datetime, secrets_in_use: Iterable[str]) -> dict[str, str]:
    """Return the headers of a message: one signature for each secret, so that a receiver may have either."""
    stamp = str(int(at.timestamp()))
    signatures = " ".join(_signature(body, message_id, stamp, secret) for secret in secrets_in_use)
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signatures}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str, now: dt.datetime) -> str:
    """Return the message's id when one of its signatures is right and its time within five minutes of `now`.

    What a receiver does; documented in docs/api.md. Raises SignatureRefused.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id = given.get("webhook-id", "")
    stamp = given.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise SignatureRefused("no id or no time")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise SignatureRefused("too old or from the future")
    wanted = _signature(body, message_id, stamp, secret).encode()
    for one in given.get("webhook-signature", "").split(" "):
        if hmac.compare_digest(wanted, one.encode()):
            return message_id
    raise SignatureRefused("no signature fits")


def _signature(body: bytes, message_id: str, stamp: str, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
