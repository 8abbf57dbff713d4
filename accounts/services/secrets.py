"""Random keys that are shown once and stored hashed."""

import hashlib
import secrets

RANDOM_BYTES = 24  # 192 bits: nobody guesses it, so the hash needs no salt


def secret_new() -> str:
    """Return a fresh random key of 192 bits, fit for an address."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def secret_hash(raw: str) -> str:
    """Return the hash under which a key is stored."""
    return hashlib.sha256(raw.encode()).hexdigest()
