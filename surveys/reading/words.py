"""A text as rules compare it: folded words, phrases, endings. Pure."""

import re
from collections.abc import Iterable

from core.text import fold

WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return a text's words, folded, with one space before, between and after."""
    return f" {' '.join(WORD.findall(fold(text)))} "


def says(text: str, keyword: str) -> bool:
    """Tell whether a folded text says a keyword: a word or phrase; one that ends in `*` may go on.

    `cobran*` finds cobrança and cobrando, `nota fiscal` only the two words together.
    """
    core = folded(keyword).strip()
    if not core:
        return False
    return f" {core}" in text if keyword.rstrip().endswith("*") else f" {core} " in text


def says_any(text: str, keywords: Iterable[str]) -> bool:
    """Tell whether a folded text says one of these keywords."""
    return any(says(text, keyword) for keyword in keywords)
