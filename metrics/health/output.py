"""Health as the command and the API print it."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from core.models import WorkState
from metrics.health.bands import Band
from metrics.models import HealthDay, Night, RiskDay
from metrics.risk.spans import CERTAIN, HORIZONS, MAIN

FIELDS = ("external_id", "score", "band", "coverage", "low", "high", "risk_90", "profile", "version")


def lines(day: dt.date) -> list[dict[str, Any]] | None:
    """Return one line per customer with a score row on a day, by external ID; None without a finished night."""
    if not Night.objects.filter(day=day, state=WorkState.DONE).exists():
        return None
    rows = with_risk(HealthDay.objects.filter(day=day)).select_related("version", "customer")
    return [line(row) for row in rows.order_by("customer__external_id")]


def with_risk(rows: QuerySet[HealthDay]) -> QuerySet[HealthDay]:
    """Annotate scores with the risk of their day for `line` and `risk`: `risk_30` … `risk_360`, `expected_on`."""
    told = RiskDay.objects.filter(day=OuterRef("day"), customer=OuterRef("customer"))
    return rows.annotate(
        **{f"risk_{days}": Subquery(told.values(f"within_{days}")[:1]) for days in HORIZONS},
        expected_on=Subquery(told.values("expected_on")[:1]),
    )


def risk(row: HealthDay) -> dict[str, Any] | None:
    """Return how likely it is to leave within so many days (0 … 1), and the day by which that is likelier than not.

    None where nothing is claimed.
    """
    told = {days: getattr(row, f"risk_{days}", None) for days in HORIZONS}
    if told[HORIZONS[0]] is None:
        return None
    expected_on: dt.date | None = row.expected_on  # type: ignore[attr-defined]
    return {
        **{f"within_{days}": _share(value) for days, value in told.items()},
        "expected_on": expected_on.isoformat() if expected_on else None,
    }


def line(row: HealthDay) -> dict[str, Any]:
    """Return a row's line; scores and coverage (per cent) with two decimals, null where not known.

    `risk_90`: the probability to leave within 90 days, 0 … 1; null where no model claims anything.
    """
    return {
        "external_id": row.customer.external_id,
        "score": decimal(row.score),
        "band": Band(row.band).key,
        "coverage": decimal(row.coverage),
        "low": decimal(row.low),
        "high": decimal(row.high),
        "risk_90": _share(getattr(row, f"risk_{MAIN}", None)),
        "profile": row.profile or "default",
        "version": row.version.number,
    }


def decimal(hundredths: int | None) -> float | None:
    """Return hundredths as a number with two decimals."""
    return None if hundredths is None else hundredths / 100


def _share(told: int | None) -> float | None:
    return None if told is None else told / CERTAIN
