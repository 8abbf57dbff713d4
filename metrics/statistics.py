"""Pure statistics of METRICS.md: margins of error, medians with cases still waiting. It imports no model."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Z = 1.96  # 95 %
FEW_ANSWERS = 30
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Margin:
    """A 95 % margin of error with its limits; they may have a centre of their own."""

    margin: float
    low: float
    high: float


def nps(promoters: int, passives: int, detractors: int) -> Fraction | None:
    """Return the net promoter score, −100 … 100, exact; None without answers."""
    answers = promoters + passives + detractors
    return Fraction(100 * (promoters - detractors), answers) if answers else None


def nps_margin(promoters: int, passives: int, detractors: int) -> Margin | None:
    """Return the margin of an NPS, limits cut at ±100; None without answers.

    Below 30 answers, and where all are of one class, the adjusted-Wald interval: three answers are added, ¾ to each
    end and 1½ to the middle, so that three promoters are never "100 ± 0".
    """
    answers = promoters + passives + detractors
    if not answers:
        return None
    up, down, n = float(promoters), float(detractors), float(answers)
    if answers < FEW_ANSWERS or answers in (promoters, passives, detractors):
        up, down, n = up + 0.75, down + 0.75, n + 3
    p, d = up / n, down / n
    centre = 100 * (p - d)
    margin = Z * 100 * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    return Margin(margin, max(-100.0, centre - margin), min(100.0, centre + margin))


def answers_missing(promoters: int, passives: int, detractors: int, margin: float) -> int | None:
    """Return how many more answers, spread like those there are, bring an NPS's margin to `margin` points.

    None where answers do not spread (all of one class), so that nothing can be said. 0: it is as small already.
    """
    answers = promoters + passives + detractors
    if not answers or answers in (promoters, passives, detractors) or margin <= 0:
        return None
    p, d = promoters / answers, detractors / answers
    needed = math.ceil((Z * 100 / margin) ** 2 * (p + d - (p - d) ** 2))
    return max(0, max(needed, FEW_ANSWERS) - answers)


def no_real_change(difference: float, margin: float, other_margin: float) -> bool:
    """Tell whether a difference of two figures is smaller than its own margin, the root of the summed squares."""
    return abs(difference) < math.hypot(margin, other_margin)


def wilson(hits: int, cases: int) -> tuple[float, float] | None:
    """Return the Wilson 95 % interval of the share `hits / cases`; None without cases."""
    if not cases:
        return None
    share, square = hits / cases, Z * Z
    centre = (share + square / (2 * cases)) / (1 + square / cases)
    reach = Z * math.sqrt(share * (1 - share) / cases + square / (4 * cases * cases)) / (1 + square / cases)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def newcombe(hits: int, cases: int, other_hits: int, other_cases: int) -> tuple[float, float] | None:
    """Return Newcombe's 95 % interval of the difference of two shares, from their Wilson limits; None without cases."""
    one, other = wilson(hits, cases), wilson(other_hits, other_cases)
    if one is None or other is None:
        return None
    share, other_share = hits / cases, other_hits / other_cases
    below = math.hypot(share - one[0], other[1] - other_share)
    above = math.hypot(one[1] - share, other_share - other[0])
    return share - other_share - below, share - other_share + above


def kaplan_meier_median(reached: Mapping[int, int], censored: Mapping[int, int]) -> int | None:
    """Return the first time at which the survival curve is at ½ or below; None where it never falls so far.

    `reached`: time → how many got there then. `censored`: time → how many were looked at for so long and had not.
    Who is censored at a time still counts as waiting at it.
    """
    waiting = sum(reached.values()) + sum(censored.values())
    survival = Fraction(1)
    for time in sorted(reached.keys() | censored.keys()):
        there = reached.get(time, 0)
        if there:
            survival *= Fraction(waiting - there, waiting)
            if survival <= HALF:
                return time
        waiting -= there + censored.get(time, 0)
    return None


def whole(value: Fraction | float) -> int:
    """Return the nearest whole number, halves away from zero: how an NPS is shown."""
    nearest = math.floor(abs(Fraction(value)) + HALF)
    return nearest if value >= 0 else -nearest
