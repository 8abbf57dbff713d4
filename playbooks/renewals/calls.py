"""What a person's call on a renewal means as a probability, and when it speaks against the forecast. No models."""

from collections.abc import Mapping

CERTAIN = 10_000  # probabilities are held in hundredths of a per cent
# A call is a word; these shares of renewed contracts stand behind it when calls are summed up and judged.
PROBABILITY: Mapping[str, int] = {
    "expands": 9_700,
    "renews": 9_200,
    "unsure": 6_500,
    "at_risk": 4_000,
    "leaves": 500,
}
DIFFERS = 2_000  # points apart from which call and forecast are said to disagree


def disagreement(call: str, likelihood: int | None) -> int | None:
    """Return call less forecast in hundredths of a per cent where they differ by 20 points or more, else None."""
    if call not in PROBABILITY or likelihood is None:
        return None
    apart = PROBABILITY[call] - likelihood
    return apart if abs(apart) >= DIFFERS else None


def right(likelihood: int | None, won: bool) -> bool | None:
    """Tell whether a probability was on the side that came true; None where nothing was said, or exactly half."""
    if likelihood is None or likelihood * 2 == CERTAIN:
        return None
    return (likelihood * 2 > CERTAIN) == won


def error(likelihood: int, won: bool) -> float:
    """Return the squared distance of a probability from what came true, 0 (certain and right) to 1 (and wrong)."""
    return (likelihood / CERTAIN - (1.0 if won else 0.0)) ** 2
