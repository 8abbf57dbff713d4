"""Cursor (keyset) paging: any page costs what the first one does, for every order, unknown values last.

A cursor is the sort value and the key of the row it stands beside, and that row's place in the list (only
for "16 to 30 of 164"; it may drift while others add customers, the rows never do).
"""

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy


class BadCursorError(ValueError):
    """A cursor that this list did not make, or made for another order."""


@dataclass(frozen=True)
class Cursor:
    """A place in a list: beside the row `pk` whose sort value is `value`; `place` rows stand before it."""

    value: Any
    pk: int
    place: int = 0

    def encode(self) -> str:
        """Return the cursor as it stands in a URL."""
        value = self.value
        if isinstance(value, dt.date | dt.datetime):
            value = value.isoformat()
        elif isinstance(value, Decimal):
            value = str(value)
        packed = json.dumps([value, self.pk, self.place], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Return the cursor of a URL; raises `BadCursorError`."""
        try:
            value, pk, place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not isinstance(value, str | int | float | None) or isinstance(value, bool):
                raise BadCursorError
            return cls(value, int(pk), max(int(place), 0))
        except (ValueError, TypeError, binascii.Error) as reason:
            raise BadCursorError from reason


class Place(NamedTuple):
    """A row of the list by its key, and what it is sorted by."""

    pk: int
    sort_value: Any


@dataclass(frozen=True)
class Page:
    """A page of rows, the place of its first one (counted from 0), and the cursors of its neighbours."""

    rows: list[Any]
    start: int
    before: str | None
    after: str | None


def page_of(
    rows: QuerySet[Any],
    sort: Any,
    *,
    size: int,
    descending: bool = False,
    after: str = "",
    before: str = "",
    whole: QuerySet[Any] | None = None,
) -> Page:
    """Return one page of `rows` ordered by the expression `sort`, ties by primary key in the same direction.

    `whole` reads the rows that are shown, where that can be said without the conditions of `rows`.
    `after` and `before` are cursors of a page of the same order (one of them, or none for the first page).
    Two reads: which rows, by key and sort value alone, and then these rows whole, so that a database does not
    carry all columns of all rows through a sort. Raises `BadCursorError`.
    """
    everything, whole = rows, rows if whole is None else whole
    rows = rows.annotate(sort_value=sort)
    backwards = bool(before)
    cursor = Cursor.decode(before or after) if before or after else None
    try:
        found = _places(rows, cursor, size + 1, descending=descending, backwards=backwards)
    except (ValidationError, ValueError, TypeError) as reason:  # a value of another order's type
        raise BadCursorError from reason
    more = len(found) > size
    found = found[:size]
    if backwards and len(found) < size:  # the first page, but whole
        return page_of(everything, sort, size=size, descending=descending, whole=whole)
    if backwards:
        found.reverse()
    if not found:
        return Page([], 0, None, None)
    start = _start(cursor, found, backwards=backwards, at_edge=not more)
    has_before = more if backwards else cursor is not None
    has_after = True if backwards else more
    return Page(
        _whole(whole, found),
        start,
        _beside(found[0], start) if has_before else None,
        _beside(found[-1], start + len(found) - 1) if has_after else None,
    )


def _places(
    rows: QuerySet[Any], cursor: Cursor | None, limit: int, *, descending: bool, backwards: bool
) -> list[Place]:
    """Return up to `limit` places from the cursor on, in the order they are walked.

    Known and unknown values are read one after the other: of the known alone an index can give the first few in either
    direction. The second read is made only where the first gives too little.
    """
    parts = (True, False) if backwards else (False, True)  # whether the values are unknown
    began = cursor is None
    found: list[Place] = []
    for unknown in parts:
        if not began and cursor is not None and (cursor.value is None) is not unknown:
            continue
        part = rows.filter(sort_value__isnull=unknown)
        if not began and cursor is not None:
            part = part.filter(_beyond(cursor, descending=descending, backwards=backwards))
        began = True
        ordered = part.order_by(*_order(unknown, descending=descending, backwards=backwards))
        found += [Place(*pair) for pair in ordered.values_list("pk", "sort_value")[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def _whole(rows: QuerySet[Any], places: list[Place]) -> list[Any]:
    """Return the rows of these places, each with its `sort_value`; one that has gone in the meantime is left out."""
    found = {row.pk: row for row in rows.order_by().filter(pk__in=[place.pk for place in places])}
    for place in places:
        if place.pk in found:
            found[place.pk].sort_value = place.sort_value
    return [found[place.pk] for place in places if place.pk in found]


def _start(cursor: Cursor | None, found: list[Place], *, backwards: bool, at_edge: bool) -> int:
    if cursor is None or (backwards and at_edge):
        return 0
    return max(cursor.place - len(found), 0) if backwards else cursor.place + 1


def _beside(row: Place, place: int) -> str:
    return Cursor(row.sort_value, row.pk, place).encode()


def _order(unknown: bool, *, descending: bool, backwards: bool) -> list[OrderBy]:
    """Return the order of known or of unknown values as it is walked; ties go by key, the same way."""
    falls = descending != backwards
    key = F("pk").desc() if falls else F("pk").asc()
    if unknown:
        return [key]
    return [F("sort_value").desc() if falls else F("sort_value").asc(), key]


def _beyond(cursor: Cursor, *, descending: bool, backwards: bool) -> Q:
    """Return the condition that a row of the cursor's part comes after it (before it, when going backwards)."""
    further = "lt" if descending != backwards else "gt"
    key = Q(**{f"pk__{further}": cursor.pk})
    if cursor.value is None:
        return key
    # The first condition says nothing new; it is what an index can start from.
    return Q(**{f"sort_value__{further}e": cursor.value}) & (
        Q(**{f"sort_value__{further}": cursor.value}) | (Q(sort_value=cursor.value) & key)
    )
