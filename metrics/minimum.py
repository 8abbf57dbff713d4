"""Which few things done in the first weeks best separate customers that stayed from those that left.

Imports no model. Chosen one after the other: first what tells best by itself, then whatever makes all of them together
tell better, at most three. What is promised is counted on customers the choice was not made from: five folds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics.behaviours import Behaviour

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

LEAST = 20  # customers on either side; with fewer nothing is claimed
MOST = 3
STEP = 0.02  # by so much of a share another thing must make them tell better
FOLDS = 5
SHOWN = 15


@dataclass(frozen=True, order=True)
class Asked:
    """So many of an event, or a milestone, within so many days of the start."""

    kind: str
    name: str
    times: int
    within: int


@dataclass(frozen=True)
class Minimum:
    """What is proposed, who of all did it all (`together`), and who did of those it was not chosen from (`tried`).

    In a `Behaviour` the successful are those that stayed, the rest those that left. `best`: things by themselves, the
    best version of each name.
    """

    stayed: int = 0
    left: int = 0
    asked: tuple[Asked, ...] = ()
    together: Behaviour | None = None
    tried: Behaviour | None = None
    best: tuple[tuple[Asked, Behaviour], ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there are enough customers on both sides."""
        return min(self.stayed, self.left) >= LEAST

    @property
    def is_evidence(self) -> bool:
        """Whether what was tried on others tells them apart for sure."""
        limits = self.tried.limits if self.tried else None
        return self.enough and limits is not None and limits[0] > 0


def minimum(stayed: "Column", masks: Mapping[Asked, "Column"]) -> Minimum:
    """Return the proposal of customers, by whether each stayed and what each did (a mask per thing)."""
    import numpy as np

    sizes = int(stayed.sum()), int((~stayed).sum())
    best: dict[str, tuple[Asked, Behaviour]] = {}
    for asked in sorted(masks):
        found = _told(asked, masks[asked], stayed)
        before = best.get(asked.name)
        if before is None or _low(found) > _low(before[1]):
            best[asked.name] = (asked, found)
    singles = tuple(sorted(best.values(), key=lambda one: -_low(one[1]))[:SHOWN])
    if min(sizes) < LEAST:
        return Minimum(*sizes, best=singles)
    chosen = _chosen(stayed, masks)
    if not chosen:
        return Minimum(*sizes, best=singles)
    fold = np.arange(len(stayed)) % FOLDS
    did = np.zeros(len(stayed), dtype=bool)
    for n in range(FOLDS):
        there = fold == n
        others = {asked: mask[~there] for asked, mask in masks.items()}
        items = _chosen(stayed[~there], others)
        did[there] = _all(items, masks, len(stayed))[there] if items else False
    return Minimum(
        *sizes,
        asked=tuple(chosen),
        together=_told(chosen[0], _all(chosen, masks, len(stayed)), stayed),
        tried=_told(chosen[0], did, stayed),
        best=singles,
    )


def _chosen(stayed: "Column", masks: Mapping[Asked, "Column"]) -> list[Asked]:
    """Return what best tells, by the lower limit of the difference; none where not even that lies above 0."""
    import numpy as np

    chosen: list[Asked] = []
    here = np.ones(len(stayed), dtype=bool)
    reached = 0.0
    while len(chosen) < MOST:
        names = {one.name for one in chosen}
        options = [
            (_low(_told(asked, here & masks[asked], stayed)), asked)
            for asked in sorted(masks)
            if asked.name not in names
        ]
        if not options:
            break
        low, asked = max(options, key=lambda one: one[0])
        if low < reached + STEP:
            break
        chosen.append(asked)
        here, reached = here & masks[asked], low
    return chosen


def _all(asked: list[Asked], masks: Mapping[Asked, "Column"], rows: int) -> "Column":
    import numpy as np

    did = np.ones(rows, dtype=bool)
    for one in asked:
        did &= masks[one]
    return did


def _told(asked: Asked, mask: "Column", stayed: "Column") -> Behaviour:
    return Behaviour(
        asked.kind,
        asked.name,
        int((mask & stayed).sum()),
        int(stayed.sum()),
        int((mask & ~stayed).sum()),
        int((~stayed).sum()),
    )


def _low(told: Behaviour) -> float:
    limits = told.limits
    return -1.0 if limits is None else limits[0]
