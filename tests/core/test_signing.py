"""Signatures after Standard Webhooks."""

import base64
import datetime as dt
import hashlib
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outgoing.signing import SignatureRefused, secret_new, sign, verify

AT = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)


def test_the_signature_is_the_one_the_standard_describes() -> None:
    key = b"0123456789abcdef0123456789abcdef"
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = sign(b'{"a":1}', message_id="msg_1", at=AT, secrets_in_use=[secret])
    stamp = str(int(AT.timestamp()))
    wanted = hmac.new(key, f'msg_1.{stamp}.{{"a":1}}'.encode(), hashlib.sha256).digest()
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(wanted).decode(),
    }


@given(body=st.binary(max_size=300), message_id=st.from_regex(r"msg_[a-z0-9]{1,20}", fullmatch=True))
def test_what_was_signed_verifies_with_either_secret(body: bytes, message_id: str) -> None:
    old, new = secret_new(), secret_new()
    headers = sign(body, message_id=message_id, at=AT, secrets_in_use=[new, old])
    assert verify(body, headers, secret=old, now=AT) == message_id
    assert verify(body, headers, secret=new, now=AT + dt.timedelta(minutes=5)) == message_id


def test_none_of_a_thousand_bit_flips_verifies() -> None:
    secret = secret_new()
    body = b'{"type":"customer.updated","data":{"id":"17"}}'
    headers = sign(body, message_id="msg_audit_17", at=AT, secrets_in_use=[secret])
    chance = random.Random(7)
    for _ in range(1000):
        part = chance.choice(["body", *headers])
        flipped = bytearray(body if part == "body" else headers[part].encode())
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(7)
        said = {**headers} if part == "body" else {**headers, part: flipped.decode("latin-1")}
        with pytest.raises(SignatureRefused):
            verify(bytes(flipped) if part == "body" else body, said, secret=secret, now=AT)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24])
def test_an_old_or_future_message_is_refused(minutes: int) -> None:
    secret = secret_new()
    headers = sign(b"{}", message_id="msg_1", at=AT, secrets_in_use=[secret])
    with pytest.raises(SignatureRefused, match="old"):
        verify(b"{}", headers, secret=secret, now=AT + dt.timedelta(minutes=minutes))
