"""Tokens that are nearly right."""

import secrets
from collections.abc import Iterator

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def altered(token: str, count: int) -> Iterator[str]:
    """Yield up to `count` others: the token with one letter changed, in every way, then random ones."""
    for n in range(count):
        place, letter = n % len(token), LETTERS[n // len(token) % len(LETTERS)]
        other = token[:place] + letter + token[place + 1 :]
        if n >= len(token) * len(LETTERS):
            other = secrets.token_urlsafe(24)
        if other != token:
            yield other
