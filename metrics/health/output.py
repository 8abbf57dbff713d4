"""Health as the command and the API print it."""

import datetime as dt
from typing import Any

from core.models import WorkState
from metrics.health.bands import Band
from metrics.models import HealthDay, Night

FIELDS = ("external_id", "score", "band", "coverage", "low", "high", "risk_90", "profile", "version")


def lines(day: dt.date) -> list[dict[str, Any]] | None:
    """Return one line per customer with a score row on a day, by external ID; None without a finished night."""
    if not Night.objects.filter(day=day, state=WorkState.DONE).exists():
        return None
    rows = HealthDay.objects.filter(day=day).select_related("version", "customer")
    return [line(row) for row in rows.order_by("customer__external_id")]


def line(row: HealthDay) -> dict[str, Any]:
    """Return a row's line; scores and coverage (per cent) with two decimals, null where not known."""
    return {
        "external_id": row.customer.external_id,
        "score": decimal(row.score),
        "band": Band(row.band).key,
        "coverage": decimal(row.coverage),
        "low": decimal(row.low),
        "high": decimal(row.high),
        "risk_90": None,
        "profile": row.profile or "default",
        "version": row.version.number,
    }


def decimal(hundredths: int | None) -> float | None:
    """Return hundredths as a number with two decimals."""
    return None if hundredths is None else hundredths / 100
