"""Figures as machines read them."""

from core.money import from_cents
from metrics.registry import Number, Unit


def plain(value: Number | None, unit: Unit) -> str | int | float | None:
    """Return a value as JSON holds it: money rounded half-even to cents, a rate as it is."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return str(from_cents(round(value)))
    if unit is Unit.COUNT:
        return int(value)
    return float(value)
