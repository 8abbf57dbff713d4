"""A factor's curve: from a raw value to a score, straight between named points, flat outside them.

METRICS.md, Health: "a monotone piecewise-linear curve with named points". Raw values are thousandths, scores
hundredths (0 … 10 000).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from metrics.health.rounding import divided

BEST = 10_000  # hundredths: a score of 100
MOST_POINTS = 12
FARTHEST = 10**12  # thousandths; keeps every product well within 64 bits


@dataclass(frozen=True)
class Curve:
    """Points (raw value in thousandths, score in hundredths), in the order of the raw values."""

    points: tuple[tuple[int, int], ...]

    @property
    def rises(self) -> bool:
        """Whether more is better (a flat curve counts as rising)."""
        return self.points[-1][1] >= self.points[0][1]

    def at(self, raw: int) -> int:
        """Return the score of a raw value, to the nearest hundredth, halves to the even one."""
        first, last = self.points[0], self.points[-1]
        if raw <= first[0]:
            return first[1]
        if raw >= last[0]:
            return last[1]
        (x0, y0), (x1, y1) = next((a, b) for a, b in pairwise(self.points) if a[0] <= raw < b[0])
        return divided(y0 * (x1 - x0) + (raw - x0) * (y1 - y0), x1 - x0)


def curve(points: Iterable[Sequence[int]]) -> Curve:
    """Return the curve through these points, in any order.

    Raises `ValidationError` with the reason when they make no curve: fewer than two points or too many, two at one
    value, a score outside 0–100, or scores that go up and down.
    """
    ordered = tuple(sorted((int(x), int(y)) for x, y in points))
    if not 2 <= len(ordered) <= MOST_POINTS:
        raise ValidationError(
            _("A curve needs 2 to %(most)d points; this one has %(count)d.")
            % {"most": MOST_POINTS, "count": len(ordered)}
        )
    for (x0, _y0), (x1, _y1) in pairwise(ordered):
        if x0 == x1:
            raise ValidationError(
                _("Two points stand at the value %(value)s; keep one of them.") % {"value": thousandths(x0)}
            )
    if any(not 0 <= y <= BEST for _x, y in ordered):
        raise ValidationError(_("A point's score must lie between 0 and 100."))
    if any(abs(x) > FARTHEST for x, _y in ordered):
        raise ValidationError(_("A point's value is too large: at most a thousand million."))
    steps = {y1 > y0 for (_a, y0), (_b, y1) in pairwise(ordered) if y1 != y0}
    if len(steps) > 1:
        raise ValidationError(
            _("The curve goes up and down. Let the scores only rise or only fall as the value grows.")
        )
    return Curve(ordered)


def thousandths(value: int) -> str:
    """Write thousandths as a plain decimal: 1500 → "1.5"."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(value, 1000)
    return f"{sign}{whole}" + (f".{rest:03}".rstrip("0") if rest else "")
