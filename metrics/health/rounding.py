"""Exact fractions become whole numbers once, and parts are rounded so that they still add up."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def divided(numerator: int, denominator: int) -> int:
    """Return numerator / denominator as the nearest whole number, halves to the even one; denominator > 0."""
    whole, rest = divmod(2 * numerator + denominator, 2 * denominator)
    return whole - (rest == 0 and whole % 2)


def adding_up(parts: Mapping[Key, Fraction], total: int) -> dict[Key, int]:
    """Round parts to whole numbers whose sum is `total`; what is left over goes to the largest part.

    Of equally large parts the first one takes it. Without parts nothing can be handed out: `total` must be 0.
    """
    whole = {key: divided(part.numerator, part.denominator) for key, part in parts.items()}
    left = total - sum(whole.values())
    if left and not parts:
        raise ValueError("There is no part that could take the remainder.")
    if left:
        whole[max(parts, key=lambda key: abs(parts[key]))] += left
    return whole
