"""Secrets that have to be read again (to sign with them): sealed with a key made from SECRET_KEY, so that a copy of
the database alone opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(Exception):  # noqa: N818 - a state of the text, not an error of ours
    """The text was sealed with another SECRET_KEY."""


def seal(text: str) -> str:
    """Return a text that only an installation with this SECRET_KEY can read."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text that was sealed, with SECRET_KEY or one of SECRET_KEY_FALLBACKS; raises Unsealable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"zelo.sealed:" + secret_key.encode()).digest())
