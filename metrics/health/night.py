"""Stage *score*: the health of every customer on every day, a pure function of the facts dated up to it and of the
scorecard in force; the band alone is folded over the days before.

Raw values are read in a fixed number of statements for a run of days and a cell of customers, scores are worked out
over whole columns, and what changed is written.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core import time
from customers.models import Customer
from metrics import sql
from metrics.health import attributes, cards, feeds, fold, store, values, vectors
from metrics.health.cards import Card
from metrics.health.facts import NONE, Asked
from metrics.health.sources import attribute_of
from metrics.nights import last_finished_day
from metrics.pace import consecutive
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]


ROWS_AT_ONCE = 8000
MOST_DAYS = 64


@dataclass(frozen=True)
class Scored:
    """Raw values with what the cards in force made of them; `card` and `profile` are places in their lists."""

    raw: values.Raw
    card: "Column"
    cards: Sequence[Card]
    own: "Column"
    coverage: "Column"
    low: "Column"
    high: "Column"
    profile: "Column"
    profiles: Sequence[str]
    parts: list[tuple[dict[str, tuple["Column", "Column"]], "Column"]]
    edges: vectors.EdgeColumns


def score(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Write the scores of these days; return the days on which one was made, changed or taken away.

    The `CustomerDay` rows of these days must be there, and the usage of the 59 days before each rolled up.
    """
    changed: set[dt.date] = set()
    feeds.notice()
    extra = cards.extra_inputs()
    if any(attributes.is_newest(day) for day in days):
        with sql.writing(scope.low):
            attributes.keep(filter(None, map(attribute_of, extra)), scope, max(days))
    for run in _runs(days, scope):
        with sql.writing(scope.low):
            changed |= write([Asked(day, day) for day in run], scope, extra)
    return changed


def _runs(days: Sequence[dt.date], scope: Scope) -> Iterator[list[dt.date]]:
    """Cut days into runs of as many as are written in well under a second.

    By the number of rows, not by measured time: most of a short run's time does not depend on its length.
    """
    customers = len(scope.ids) or Customer.objects.filter(pk__range=(scope.low, scope.high)).count()
    size = max(1, min(ROWS_AT_ONCE // max(1, customers), MOST_DAYS))
    for stretch in consecutive(days):
        for start in range(0, len(stretch), size):
            yield stretch[start : start + size]


def score_today(scope: Scope) -> set[dt.date]:
    """Write the scores of the day that is not over yet, by what is known so far and the last night's rows.

    Returns the days that changed; nothing before the first night.
    """
    base = last_finished_day()
    if base is None:
        return set()
    with sql.writing(scope.low):
        return write([Asked(time.today(), base)], scope, cards.extra_inputs())


def write(asked: Sequence[Asked], scope: Scope, extra: set[str]) -> set[dt.date]:
    """Score consecutive days of a scope and write them, inside the caller's transaction; return the days changed."""
    at = time.now()
    found = compute(asked, scope, extra)
    days = [one.day for one in asked]
    band, across = fold.over(days, scope, found)
    changed = store.replace(days, scope, found, band, across, at=at, final=asked[-1].day == asked[-1].base)
    if changed:
        changed |= fold.onwards(days[-1], scope)
    return changed


def compute(
    asked: Sequence[Asked], scope: Scope, extra: set[str], among: Sequence[Card] | None = None
) -> Scored:
    """Return raw values and scores of days, by the cards in force or those given; writes nothing."""
    import numpy as np

    raw = values.read(asked, scope, extra)
    by_day = cards.in_force([one.day for one in asked], among)
    different = list({id(card): card for card in by_day}.values())
    place_of = {id(card): n for n, card in enumerate(different)}
    which = np.array([place_of[id(card)] for card in by_day], dtype=np.int64)[raw.place]
    rows = len(raw.place)
    columns = {name: np.full(rows, NONE, dtype=np.int64) for name in ("value", "coverage", "low", "high")}
    edge_columns = np.zeros((rows, 5), dtype=np.int64)
    profile, names = np.zeros(rows, dtype=np.int64), [""]
    parts = []
    for n, card in enumerate(different):
        mine = np.flatnonzero(which == n)
        told = vectors.score(
            card.configuration,
            {key: (one[mine], age[mine]) for key, (one, age) in raw.inputs.items()},
            raw.segment[mine],
            raw.stage[mine],
        )
        for name, column in columns.items():
            column[mine] = getattr(told, name)
        edges = vectors.edge_columns([one.edges for one in told.profiles], told.profile)
        for k, name in enumerate(vectors.EDGES):
            edge_columns[mine, k] = getattr(edges, name)
        profile[mine] = told.profile + len(names)
        names += [one.name for one in told.profiles]
        parts.append((told.parts, mine))
    return Scored(
        raw,
        which,
        different,
        columns["value"],
        columns["coverage"],
        columns["low"],
        columns["high"],
        profile,
        names,
        parts,
        vectors.EdgeColumns(*(edge_columns[:, k] for k in range(5))),
    )
