"""Whether the values of one row go together, after it was laid over what is already known. Pure."""

from collections.abc import Callable
from typing import Any

from ingest.parsers.catalogue import SCALES
from ingest.reasons import Rejected

Check = Callable[[dict[str, Any]], None]


def _span(start: str, end: str, column: str) -> Check:
    """An end must not be before its start; equal is an empty span."""

    def check(row: dict[str, Any]) -> None:
        if row[end] is not None and row[start] is not None and row[end] < row[start]:
            raise Rejected(column, "ends_before_start", end=row[end], start=row[start])

    return check


def _score(row: dict[str, Any]) -> None:
    low, high = SCALES[row["survey"]]
    if not low <= row["score"] <= high:
        raise Rejected(
            "score", "score_out_of_scale", value=row["score"], survey=row["survey"], low=low, high=high
        )


def _objective(row: dict[str, Any]) -> None:
    if row["baseline"] == row["target"]:
        raise Rejected("target", "no_distance", value=row["target"])
    if row["due_on"] <= row["starts_on"]:
        raise Rejected("due_on", "ends_at_start", end=row["due_on"], start=row["starts_on"])


def _moments(row: dict[str, Any]) -> None:
    for field in ("first_response_at", "solved_at"):
        if row[field] is not None and row[field] < row["opened_at"]:
            raise Rejected(
                field,
                "ends_before_start",
                end=f"{row[field]:%Y-%m-%d %H:%M} UTC",
                start=f"{row['opened_at']:%Y-%m-%d %H:%M} UTC",
            )


CHECKS: dict[str, Check] = {
    "contacts": _span("active_from", "active_until", "active_until"),
    "subscriptions": _span("starts_on", "ends_on", "ends_on"),
    "contracts": _span("starts_on", "ends_on", "ends_on"),
    "tickets": _moments,
    "responses": _score,
    "objectives": _objective,
}
