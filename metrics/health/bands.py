"""Bands: green, yellow, red or unknown, and the fold that keeps them from flickering (METRICS.md, Health)."""

from dataclasses import dataclass
from enum import IntEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from metrics.health.curve import BEST


class Band(IntEnum):
    """Where a score stands; unknown is not a colour, and below none of them."""

    UNKNOWN = 0
    RED = 1
    YELLOW = 2
    GREEN = 3

    @property
    def key(self) -> str:
        """The band's name outside: `green`, `yellow`, `red`, `unknown`."""
        return self.name.lower()


@dataclass(frozen=True)
class Edges:
    """Lower edges of yellow and green (hundredths, inclusive), and when a band changes.

    Under `known` of coverage the band is unknown. It changes at once when the score passes the edge by `margin`,
    else on the `days`-th day in a row across it; `days` 1: always at once.
    """

    yellow: int = 4000
    green: int = 7000
    known: int = 5000
    margin: int = 200
    days: int = 3

    def band(self, score: int) -> Band:
        """Return the band of a score taken by itself."""
        if score >= self.green:
            return Band.GREEN
        return Band.YELLOW if score >= self.yellow else Band.RED


def check(edges: Edges) -> Edges:
    """Return the edges. Raises `ValidationError` when they make no three bands."""
    if not 0 < edges.yellow < edges.green <= BEST:
        raise ValidationError(_("Yellow must begin above 0 and below green, and green at 100 at most."))
    if not 0 <= edges.known <= 10_000:
        raise ValidationError(_("The least coverage must lie between 0 and 100 %."))
    if not 0 <= edges.margin <= 2000 or not 1 <= edges.days <= 30:
        raise ValidationError(_("A band may wait for 1 to 30 days, and for at most 20 points."))
    return edges


@dataclass(frozen=True)
class Standing:
    """A customer's band at the end of a day, and for how many days in a row the score is across its edge.

    `across` counts upwards (+) or downwards (−) of the band; 0: the score is where the band says.
    """

    band: Band = Band.UNKNOWN
    across: int = 0


@dataclass(frozen=True)
class Seen:
    """What the fold reads of a day: the score shown, its coverage, and whether a person set it."""

    score: int | None
    coverage: int
    by_hand: bool = False


def step(before: Standing | None, seen: Seen, edges: Edges) -> Standing:
    """Return where a customer stands after a day; `before`: the day before, None where it has no row.

    The first score, one after an unknown day and one set by hand take their band at once.
    """
    if seen.score is None or (seen.coverage < edges.known and not seen.by_hand):
        return Standing()
    plain = edges.band(seen.score)
    if before is None or before.band is Band.UNKNOWN or seen.by_hand or plain is before.band:
        return Standing(plain)
    up = plain > before.band
    across = (max(before.across, 0) + 1) if up else (min(before.across, 0) - 1)
    if abs(across) >= edges.days:
        return Standing(plain)
    # A score at an edge plus the margin has passed it upwards, at the edge less the margin downwards.
    sure = edges.band(seen.score - edges.margin) if up else edges.band(seen.score + edges.margin - 1)
    if (sure > before.band) if up else (sure < before.band):
        return Standing(sure, 0 if sure is plain else across)
    return Standing(before.band, across)
