"""Books read once in a question that needs them for several families: revenue itself, and what rests on it."""

import datetime as dt
from collections.abc import Sequence

from metrics.book import Books, read
from metrics.periods import Period
from metrics.slices import Only


class BooksOnce:
    """Reads books for one slice; a period that was read before is not read again."""

    def __init__(self) -> None:
        self._read: dict[str | None, set[Period]] = {}
        self._books: dict[str | None, Books] = {}

    def __call__(self, periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date) -> Books:
        """Return the books of periods, cut `by`; `only` and `as_of` are the same in every call."""
        there = self._read.setdefault(by, set())
        books = self._books.setdefault(by, {})
        missing = [period for period in periods if period not in there]
        if missing:
            books.update(read(missing, by, only, as_of))
            there.update(missing)
        asked = set(periods)
        return {key: book for key, book in books.items() if key[0] in asked}
