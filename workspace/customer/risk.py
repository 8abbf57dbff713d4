"""The risk of leaving on a customer's page: in words under the score, with what drives it."""

import datetime as dt
from typing import Any

from metrics.models import RiskDay
from metrics.risk import read, reasons, words
from metrics.risk.spans import CERTAIN, HORIZONS


def risk(customer_id: int, day: dt.date) -> dict[str, Any]:
    """Return what is told of a customer's risk as of a day, or why nothing is; a fixed number of queries."""
    row = read.of_customer(customer_id, day)
    if row is None:
        return {"row": None, "silence": words.silence(read.holding(day))}
    return {
        "row": row,
        "day": row.day,
        "sentence": words.sentence(row),
        "expected": words.expected(row),
        "why": words.why(reasons.reasons(row)),
        "spans": spans(row),
    }


def spans(row: RiskDay) -> list[dict[str, Any]]:
    """Return the probabilities within 30 to 360 days as they are read."""
    return [
        {"days": days, "share": words.share(getattr(row, f"within_{days}") / CERTAIN)} for days in HORIZONS
    ]
