"""What a portfolio URL says: search, filters, order, columns, page, day. Parsed once, written back the same."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from workspace.portfolio.columns import Column
from workspace.portfolio.filter_kinds import BadValueError, Filter, Pick

DEFAULT_SORT = "customer"
ROW_CHOICES = (15, 30, 60)
LONGEST_SEARCH = 120
EVERYBODY = "all"  # the built-in view of all customers: what the bare address shows


@dataclass(frozen=True)
class State:
    """A view of the portfolio as its URL says it.

    `sort` is a column's key, with a minus for descending. `columns` are the keys shown, in order, empty for the
    usual ones. `base` is the key of the view it is, or (when `edited`) that it started from; `base_sort` and
    `base_columns` are that view's. `after`/`before` are cursors.
    `problems` are sentences about parameters that were not understood and so are not in force.
    """

    text: str = ""
    picks: tuple[Pick, ...] = ()
    sort: str = DEFAULT_SORT
    columns: tuple[str, ...] = ()
    rows: int = ROW_CHOICES[0]
    as_of: dt.date | None = None
    base: str = ""
    edited: bool = False
    after: str = ""
    before: str = ""
    base_sort: str = DEFAULT_SORT
    base_columns: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def sort_key(self) -> str:
        """The key of the column it is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether it is sorted from high to low, Z to A, late to early."""
        return self.sort.startswith("-")

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows it."""
        return bool(self.text or self.picks)

    def without(self, pick: Pick) -> "State":
        """Return the state with one filter fewer, on its first page."""
        left = tuple(other for other in self.picks if other is not pick)
        return self.changed(picks=left)

    def changed(self, **parts: Any) -> "State":
        """Return the state with other filters or text: its first page, and no longer exactly its saved view."""
        return replace(self, **{"after": "", "before": "", "edited": bool(self.base), **parts})

    def moved(self, **parts: Any) -> "State":
        """Return the state in another order, on another page or day: still the same saved view."""
        return replace(self, **{"after": "", "before": "", **parts})

    def filter_params(self) -> list[tuple[str, str]]:
        """Return the parameters that say what matches."""
        pairs = [("q", self.text)] if self.text else []
        for pick in self.picks:
            pairs += pick.params()
        return pairs

    def params(self) -> list[tuple[str, str]]:
        """Return every parameter that differs from what holds without it."""
        exact = bool(self.base) and not self.edited
        pairs = [] if exact else self.filter_params()
        if self.base and not (exact and self.base == EVERYBODY):
            pairs.append(("view" if exact else "base", self.base))
        if self.sort != (self.base_sort if exact else DEFAULT_SORT):
            pairs.append(("sort", self.sort))
        if self.columns != (self.base_columns if exact else ()):
            pairs.append(("cols", ",".join(self.columns)))
        if self.rows != ROW_CHOICES[0]:
            pairs.append(("rows", str(self.rows)))
        if self.as_of:
            pairs.append(("as_of", self.as_of.isoformat()))
        for name, cursor in (("after", self.after), ("before", self.before)):
            if cursor:
                pairs.append((name, cursor))
        return pairs

    def query(self, extra: Iterable[tuple[str, str]] = ()) -> str:
        """Return the query string, without its question mark."""
        return urlencode([*self.params(), *extra])

    def to_saved(self) -> dict[str, list[str]]:
        """Return what a saved view keeps: filters, order and columns, but no page and no day."""
        kept = replace(self, base="", edited=False, as_of=None, after="", before="", rows=ROW_CHOICES[0])
        saved: dict[str, list[str]] = {}
        for name, value in kept.params():
            saved.setdefault(name, []).append(value)
        return saved


def parse(
    given: QueryDict | Mapping[str, list[str]],
    *,
    filters: Mapping[str, Filter],
    columns: Mapping[str, Column],
) -> State:
    """Return the state that a query string or a saved view's query says."""
    data = _turned(given if isinstance(given, QueryDict) else _as_query(given))
    problems: list[str] = []
    picks: list[Pick] = []
    for one in filters.values():
        try:
            picks += one.read(data)
        except BadValueError as reason:
            problems.append(str(reason))
    view = data.get("view", "")
    return State(
        text=data.get("q", "").strip()[:LONGEST_SEARCH],
        picks=tuple(picks),
        sort=_sort(data.get("sort", ""), columns),
        columns=_columns(data.getlist("cols"), columns),
        rows=_rows(data.get("rows", "")),
        as_of=_day(data.get("as_of", ""), problems),
        base=view or data.get("base", ""),
        edited=not view and bool(data.get("base", "")),
        after=data.get("after", ""),
        before="" if data.get("after") else data.get("before", ""),
        problems=tuple(problems),
    )


def _as_query(saved: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in saved.items():
        data.setlist(name, [str(value) for value in values])
    return data


def _turned(given: QueryDict) -> QueryDict:
    """Return the query with the answer of a filter's editor, "is" or "is not", put into the parameter's name."""
    key = given.get("turned", "")
    if not key or given.get("turn") != "not":
        return given
    data = given.copy()
    data.setlist(f"{key}__not", data.pop(key, []))
    return data


def _sort(text: str, columns: Mapping[str, Column]) -> str:
    return text if text.removeprefix("-") in columns else DEFAULT_SORT


def _columns(given: list[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the keys of the columns asked for, the customer always first; empty means the usual ones."""
    wanted = [key for text in given for key in text.split(",") if key in columns]
    return tuple(dict.fromkeys(["customer", *wanted])) if wanted else ()


def _rows(text: str) -> int:
    return int(text) if text.isdecimal() and int(text) in ROW_CHOICES else ROW_CHOICES[0]


def _day(text: str, problems: list[str]) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problems.append(_("“%(text)s” is not a day. Write it as 2026-03-12.") % {"text": text})
        return None
