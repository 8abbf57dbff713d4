"""Figures as they were first published: read from the daily rows as they stood then, or from a recorded month.

What the daily rows hold (revenue, customers, open tickets) is known as of any moment. Other families read facts that
keep no readable versions; for them a published month is on record (`metrics/recorded.py`), and where none is, they
are told as known now and said to be.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

from metrics import slices, versions
from metrics.book import Books, books
from metrics.families import FAMILIES, Reader, Readings
from metrics.periods import Period
from metrics.publishing import first_told
from metrics.slices import Only
from metrics.support import Backlog

Known = Mapping[Period, dt.datetime | None]
CUTS = (None, "segment", "stage", "owner")


def known_of(periods: Sequence[Period], *, past: dt.date | None) -> Known:
    """Return as of which moment each period is told: when it first could be, or what the night of `past` showed."""
    return first_told(periods, as_of=past)


def reader(family: str, known: Known) -> Reader:
    """Return the reader of a family that tells what was published; of other families the ordinary one."""
    return partial(_READERS[family], known=known) if family in _READERS else FAMILIES[family].read


def is_versioned(family: str) -> bool:
    """Tell whether a family can be read as of any moment."""
    return family in _READERS


def _books(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date, *, known: Known
) -> Readings:
    if by not in CUTS:
        return FAMILIES["book"].read(periods, by, only, as_of)
    found: Books = books(periods, by=by, only=only, known=known)
    return found


def _backlog(
    periods: Sequence[Period], by: str | None, only: Only, as_of: dt.date, *, known: Known
) -> Readings:
    moments, params = versions.known_cte(periods, known)
    rows = versions.rows(("customer_id", "open_tickets"), "d.day = p.last")
    found = slices.cut(
        periods,
        by=by,
        only=only,
        facts=f"WITH {moments} SELECT n, customer_id, open_tickets FROM ({rows}) z WHERE open_tickets > 0",
        select="SELECT n, part, SUM(open_tickets) AS tickets FROM sliced GROUP BY n, part",
        params=params,
    )
    return {key: Backlog(tickets=int(row["tickets"] or 0)) for key, row in found}


_READERS = {"book": _books, "backlog": _backlog}
