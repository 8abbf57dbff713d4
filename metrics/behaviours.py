"""What successful customers do that others do not, and the customer happiness index made of it (METRICS.md, Health).

Imports no model. A behaviour's weight is the share of successful customers that show it less the share of the rest, or
0; the index is the weighted share of behaviours shown, in hundred parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from metrics.statistics import newcombe, wilson

LEAST = 20  # successful customers; with fewer nothing is claimed
EVENT, MILESTONE, BREADTH = "event", "milestone", "breadth"
Limits = tuple[float, float] | None


@dataclass(frozen=True)
class Behaviour:
    """A behaviour with how many of the successful customers and of the rest show it, and how many of both there are.

    `kind`: `event`, `milestone` or `breadth`; of the last `name` says how much.
    """

    kind: str
    name: str
    hits: int
    cases: int
    other_hits: int
    other_cases: int

    @property
    def share(self) -> Fraction | None:
        """The share of the successful that show it."""
        return Fraction(self.hits, self.cases) if self.cases else None

    @property
    def other_share(self) -> Fraction | None:
        """The share of the rest that show it."""
        return Fraction(self.other_hits, self.other_cases) if self.other_cases else None

    @property
    def weight(self) -> Fraction:
        """What it counts: the difference of the shares, never below 0."""
        if self.share is None or self.other_share is None:
            return Fraction(0)
        return max(Fraction(0), self.share - self.other_share)

    @property
    def limits(self) -> Limits:
        """The 95 % interval of the difference of the shares."""
        return newcombe(self.hits, self.cases, self.other_hits, self.other_cases)

    @property
    def share_limits(self) -> Limits:
        """The 95 % interval of the share of the successful."""
        return wilson(self.hits, self.cases)

    @property
    def other_limits(self) -> Limits:
        """The 95 % interval of the share of the rest."""
        return wilson(self.other_hits, self.other_cases)

    @property
    def is_evidence(self) -> bool:
        """Whether enough customers succeeded, and the interval of the difference lies above 0."""
        return self.cases >= LEAST and self.limits is not None and self.limits[0] > 0


@dataclass(frozen=True)
class Learned:
    """What was learned by a day: customers that succeeded, the rest, and every behaviour anybody showed."""

    successful: int = 0
    rest: int = 0
    behaviours: tuple[Behaviour, ...] = ()

    @property
    def customers(self) -> int:
        """All customers it was learned from."""
        return self.successful + self.rest

    @property
    def enough(self) -> bool:
        """Whether enough succeeded for anything to be claimed, and there is somebody to compare them with."""
        return self.successful >= LEAST and self.rest > 0

    @property
    def weights(self) -> dict[tuple[str, str], Fraction]:
        """The behaviours that count: (kind, name) → weight above 0; none while there are not enough customers."""
        if not self.enough:
            return {}
        return {(one.kind, one.name): one.weight for one in self.behaviours if one.weight > 0}

    @property
    def mean(self) -> Fraction | None:
        """The index of all these customers."""
        shown = {(one.kind, one.name): one.hits + one.other_hits for one in self.behaviours}
        return mean(self.weights, shown, self.customers)


def index(weights: Mapping[tuple[str, str], Fraction], shown: Sequence[tuple[str, str]]) -> Fraction | None:
    """Return the index of one customer that shows these behaviours, 0 … 100; None where none counts."""
    return mean(weights, dict.fromkeys(shown, 1), 1)


def mean(
    weights: Mapping[tuple[str, str], Fraction], shown: Mapping[tuple[str, str], int], customers: int
) -> Fraction | None:
    """Return the mean index of customers, `shown` telling how many of them show each behaviour."""
    whole = sum(weights.values(), Fraction(0)) * customers
    if not whole:
        return None
    return 100 * sum((weight * shown.get(key, 0) for key, weight in weights.items()), Fraction(0)) / whole
