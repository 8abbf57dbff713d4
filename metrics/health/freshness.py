"""How much of a factor's weight counts when its value has grown old."""

from metrics.health.rounding import divided


def effective_weight(weight: int, *, age: int, fresh_for: int | None) -> int:
    """Return the weight (hundredths) that still counts when the value is `age` days old.

    All of it for `fresh_for` days, then less by the day, none once twice as long has passed. `fresh_for` None: a
    value that never grows old. METRICS.md: weight 20, fresh for 90 days, last seen 135 days ago → 10.
    """
    if fresh_for is None or age <= fresh_for:
        return weight
    if age >= 2 * fresh_for:
        return 0
    return divided(weight * (2 * fresh_for - age), fresh_for)
