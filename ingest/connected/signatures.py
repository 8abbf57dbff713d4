"""Tell whether a call was sent by who says so, and now. Pure."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac

TOLERANCE = dt.timedelta(minutes=5)


class NotTheirs(Exception):  # noqa: N818
    """The call is not to be believed; `code` says why: no_signature, bad_signature or old_signature."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_stripe(*, secret: str, header: str, body: bytes, now: dt.datetime) -> None:
    """Check a `Stripe-Signature`: `t=seconds,v1=hex[,v1=hex…]` over `t.body`. Raises `NotTheirs`."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    said = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"]
    if not said.isdecimal() or len(said) > 12 or not given:
        raise NotTheirs("no_signature")
    wanted = hmac.new(secret.encode(), said.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise NotTheirs("bad_signature")
    _check_age(dt.datetime.fromtimestamp(int(said), dt.UTC), now)


def check_zendesk(*, secret: str, signature: str, timestamp: str, body: bytes, now: dt.datetime) -> None:
    """Check what Zendesk signs: base64 of HMAC-SHA256 over time and body, in two headers. Raises `NotTheirs`."""
    if not signature or not timestamp:
        raise NotTheirs("no_signature")
    wanted = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotTheirs("bad_signature") from error
    if not hmac.compare_digest(wanted, given):
        raise NotTheirs("bad_signature")
    try:
        at = dt.datetime.fromisoformat(timestamp)
    except ValueError as error:
        raise NotTheirs("no_signature") from error
    _check_age(at if at.tzinfo else at.replace(tzinfo=dt.UTC), now)


def _check_age(at: dt.datetime, now: dt.datetime) -> None:
    if abs(now - at) > TOLERANCE:
        raise NotTheirs("old_signature")
