"""Money: integer cents inside, `Decimal` at the edges, rounded half-even."""

from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> int:
    """Turn an amount of the workspace's currency into integer cents, rounding half-even."""
    return int((amount.quantize(CENT, rounding=ROUND_HALF_EVEN) * 100).to_integral_value())


def from_cents(cents: int) -> Decimal:
    """Turn integer cents into an amount with two decimals."""
    return (Decimal(cents) / 100).quantize(CENT)
