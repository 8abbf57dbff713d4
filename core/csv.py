"""CSV that a spreadsheet may open: no text cell runs as a formula."""

import re

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def safe_cell(text: str) -> str:
    """Return a cell's text so that a spreadsheet shows it and does not run it; numbers stay as they are."""
    if text.startswith(_RUNS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def plain_cell(text: str) -> str:
    """Return what `safe_cell` was given, so that what is exported can be imported."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUNS) else text
