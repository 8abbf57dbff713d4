"""The four-way split of `split.py` for whole slices and the portfolio at once: the same walk over columns.

Each step's parts are worked out in floating point for all customers together and are rounded to hundredths at the end
with the remainder on the largest, so that the parts of a slice sum exactly to the difference of its mean score.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from metrics import sql
from metrics.health import preview, vectors
from metrics.health.configuration import Configuration, configuration
from metrics.health.facts import NONE, SEGMENTS, STAGES
from metrics.health.preview import Stored, only
from metrics.health.rounding import adding_up
from metrics.health.sources import PULSE
from metrics.health.split import BEHAVIOUR, CAUSES, CONFIGURATION, DATA, HUMAN, OVERRIDE, Split
from metrics.models import ScorecardVersion

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]
    Parts = dict[str, tuple[Column, Column]]


@dataclass(frozen=True)
class Moved:
    """Customers that had a band on both days: their scores then and now, and what each cause and factor gave.

    `parts` maps (cause, factor) to a column of points in hundredths, not rounded.
    """

    customer: "Column"
    before: "Column"
    after: "Column"
    segment: "Column"
    stage: "Column"
    parts: Mapping[tuple[str, str], "Column"]


@dataclass
class _Walk:
    """Where the customers stand in the walk, and what the steps so far gave."""

    here: "Parts"
    parts: dict[tuple[str, str], "Column"] = field(default_factory=dict)


def moved(first: dt.date, second: dt.date, among: Sequence[int] | None = None) -> Moved:
    """Return how the scores of customers moved between two stored days; of those `among`, if said."""
    import numpy as np

    then, version_then = _banded(first)
    now, version_now = _banded(second)
    both = np.intersect1d(then.customer, now.customer)
    if among is not None:
        both = np.intersect1d(both, np.array(sorted(among), dtype=np.int64))
    at_then, at_now = np.searchsorted(then.customer, both), np.searchsorted(now.customer, both)
    then, now = only(then, at_then), only(now, at_now)
    version_then, version_now = version_then[at_then], version_now[at_now]
    cards = {
        pk: configuration(said)
        for pk, said in ScorecardVersion.objects.filter(
            pk__in={*version_then.tolist(), *version_now.tolist()}
        ).values_list("pk", "definition")
    }
    before, after = np.zeros(len(both), dtype=np.int64), np.zeros(len(both), dtype=np.int64)
    parts: dict[tuple[str, str], Column] = {}
    for one, other in set(zip(version_then.tolist(), version_now.tolist(), strict=True)):
        mine = np.flatnonzero((version_then == one) & (version_now == other))
        before[mine], after[mine], found = _walk(only(then, mine), cards[one], only(now, mine), cards[other])
        for key, column in found.items():
            parts.setdefault(key, np.zeros(len(both)))[mine] = column
    return Moved(both, before, after, now.segment, now.stage, parts)


def mean(found: Moved, wanted: "Column | None" = None) -> Split | None:
    """Return the split of the mean score of customers (a mask, else all); None without any."""
    import numpy as np

    places = np.arange(len(found.customer)) if wanted is None else np.flatnonzero(wanted)
    return _mean(found, places)


def _mean(found: Moved, places: "Column") -> Split | None:
    """Return the split of the mean score of the customers at these places."""
    count = len(places)
    if not count:
        return None
    total = round(Fraction(int((found.after - found.before)[places].sum()), count))
    sums: dict[str, dict[str, Fraction]] = {cause: {} for cause in CAUSES}
    for (cause, factor), column in found.parts.items():
        value = float(column[places].sum()) / count
        if abs(value) > 1e-9:
            sums[cause][factor] = Fraction(value)
    causes = adding_up({cause: sum(of.values(), Fraction(0)) for cause, of in sums.items()}, total)
    return Split(
        total,
        causes,
        {
            cause: adding_up(of or {"": Fraction(0)}, causes[cause]) if of or causes[cause] else {}
            for cause, of in sums.items()
        },
    )


def by_slice(found: Moved, cut: str) -> dict[str, tuple[int, Split]]:
    """Return customers and split for each segment or stage (that of the second day) that has any, "" for none."""
    names, column = (SEGMENTS, found.segment) if cut == "segment" else (STAGES, found.stage)
    told = {name: (int((column == n).sum()), mean(found, column == n)) for n, name in enumerate(names)}
    return {name: (count, split) for name, (count, split) in told.items() if split is not None}


def by_owner(found: Moved, day: dt.date) -> dict[int | None, tuple[int, Split]]:
    """Return customers and split by who looked after them on the second day (a person's id, None for nobody)."""
    import numpy as np

    rows = sql.tuples(
        "SELECT customer_id, COALESCE(owner_id, 0) FROM metrics_customerday WHERE day = %(day)s ORDER BY customer_id",
        {"day": sql.date(day)},
    )
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
    owner = np.zeros(len(found.customer), dtype=np.int64)
    if len(table) and len(found.customer):
        at = np.minimum(np.searchsorted(table[:, 0], found.customer), len(table) - 1)
        owner = np.where(table[at, 0] == found.customer, table[at, 1], 0)
    order = np.argsort(owner, kind="stable")
    names, starts = np.unique(owner[order], return_index=True)
    told = zip(names.tolist(), np.split(order, starts[1:]), strict=True) if len(names) else ()
    splits = {name or None: (len(places), _mean(found, places)) for name, places in told}
    return {name: (count, split) for name, (count, split) in splits.items() if split is not None}


def _banded(day: dt.date) -> tuple[Stored, "Column"]:
    """Return the stored rows of a day that have a band, by customer, and the version that scored each."""
    import numpy as np

    rows = preview.stored([day])
    banded = sql.tuples(
        "SELECT customer_id, version_id FROM metrics_healthday WHERE day = %(day)s AND band > 0"
        " ORDER BY customer_id",
        {"day": sql.date(day)},
    )
    table = np.array(banded, dtype=np.int64).reshape(len(banded), 2)
    there = np.isin(rows.customer, table[:, 0])
    kept = np.isin(table[:, 0], rows.customer)
    return only(rows, there), table[kept][:, 1]


def _walk(
    then: Stored, card_then: Configuration, now: Stored, card_now: Configuration
) -> tuple["Column", "Column", dict[tuple[str, str], "Column"]]:
    """Return the scores of both days in hundredths and what each step gave; both hold the same customers."""
    import numpy as np

    bare_then = {key: one for key, one in then.inputs.items() if key != PULSE}
    bare_now = {key: one for key, one in now.inputs.items() if key != PULSE}
    # What has arrived since has no old value: it arrives with the one it has.
    old_values = {}
    for key, (raw, age) in bare_now.items():
        was = bare_then[key][0] if key in bare_then else np.full_like(raw, NONE)
        old_values[key] = (np.where((raw != NONE) & (was != NONE), was, raw), age)

    def state(card: Configuration, inputs: "vectors.Inputs", of: Stored) -> "Parts":
        return vectors.score(card, inputs, of.segment, of.stage).parts

    start, end = state(card_then, then.inputs, then), state(card_now, now.inputs, now)
    hand_then, hand_now = _by_hand(then), _by_hand(now)
    walk = _Walk(_override_off(start, hand_then))
    under, known = _value(start)
    off = (hand_then != NONE) & known
    if off.any():
        walk.parts[HUMAN, OVERRIDE] = np.where(off, under - hand_then, 0.0)
    for cause, there in (
        (HUMAN, state(card_then, bare_then, then)),
        (CONFIGURATION, state(card_now, bare_then, now)),
        (DATA, state(card_now, old_values, now)),
        (BEHAVIOUR, state(card_now, bare_now, now)),
        (HUMAN, end),
    ):
        _step(walk, cause, there)
    at, there_is = _value(walk.here)
    before = np.where(hand_then != NONE, hand_then, _whole(start))
    after = np.where(hand_now != NONE, hand_now, _whole(end))
    on = hand_now != NONE
    if on.any():
        given = walk.parts.setdefault((HUMAN, OVERRIDE), np.zeros(len(before)))
        given += np.where(on, hand_now - np.where(there_is, at, before), 0.0)
    return before, after, walk.parts


def _step(walk: _Walk, cause: str, there: "Parts") -> None:
    """Go on to the next state where it knows anything, and keep what each factor gave."""
    import numpy as np

    before, known = _value(walk.here)
    was, now = _weight(walk.here), _weight(there)
    goes = (now > 0) & known
    zeros = np.zeros_like(was)
    for key in {**walk.here, **there}:
        score_now, weight_now = there.get(key, (zeros, zeros))
        score_was, weight_was = walk.here.get(key, (zeros, zeros))
        score_was = np.where(weight_was > 0, score_was, score_now)
        score_now = np.where(weight_now > 0, score_now, score_was)
        share_was = weight_was / np.where(was > 0, was, 1)
        share_now = weight_now / np.where(now > 0, now, 1)
        part = share_now * (score_now - score_was) + (share_now - share_was) * (score_was - before)
        part = np.where(goes, part, 0.0)
        if part.any():
            walk.parts[cause, key] = walk.parts.get((cause, key), 0.0) + part
    walk.here = _chosen(now > 0, there, walk.here)


def _override_off(start: "Parts", by_hand: "Column") -> "Parts":
    """Return the state below a person's score; where nothing lies under it, it stands for itself."""
    import numpy as np

    alone = (by_hand != NONE) & (_weight(start) == 0)
    if not alone.any():
        return start
    score = np.where(alone, by_hand, 0)
    return {**start, OVERRIDE: (score, alone.astype(np.int64))}


def _chosen(mask: "Column", yes: "Parts", no: "Parts") -> "Parts":
    import numpy as np

    zeros = np.zeros(len(mask), dtype=np.int64)

    def pick(key: str, n: int) -> "Column":
        return np.where(mask, yes.get(key, (zeros, zeros))[n], no.get(key, (zeros, zeros))[n])

    return {key: (pick(key, 0), pick(key, 1)) for key in {**yes, **no}}


def _weight(here: "Parts") -> "Column":
    total: Column = sum(weight for _score, weight in here.values())  # type: ignore[assignment]
    return total


def _value(here: "Parts") -> tuple["Column", "Column"]:
    """Return the scores of a state, and where there is one."""
    import numpy as np

    weight = _weight(here)
    points = sum(score * counts for score, counts in here.values())
    return points / np.where(weight > 0, weight, 1), weight > 0


def _whole(here: "Parts") -> "Column":
    import numpy as np

    weight = _weight(here)
    points: Column = sum(score * counts for score, counts in here.values())  # type: ignore[assignment]
    return vectors.divided(points, np.where(weight > 0, weight, 1))


def _by_hand(rows: Stored) -> "Column":
    import numpy as np

    return np.full(len(rows.customer), NONE, dtype=np.int64) if rows.by_hand is None else rows.by_hand
