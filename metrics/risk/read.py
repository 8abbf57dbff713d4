"""Reads of the risk: a customer's, by any date, and what the model that holds can claim.

Where no model claims anything the rate of the customer's band stands in (`odds.py`), and the answer says so.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from customers.models import Customer
from metrics.models import HealthDay, RiskDay, RiskModel
from metrics.risk.odds import odds
from metrics.risk.spans import CERTAIN, HORIZONS, MAIN

NEAR = dt.timedelta(days=7)  # so old a row may be to speak for a day


@dataclass(frozen=True)
class Leaving:
    """A probability (0 … 1) to have left by a day; `own`: by the customer's own risk, else by its band's rate."""

    probability: float
    own: bool


def of_customer(customer_id: int, day: dt.date) -> RiskDay | None:
    """Return a customer's newest risk row up to a day and not older than a week, None where nothing is claimed."""
    rows = RiskDay.objects.filter(customer=customer_id, day__lte=day, day__gt=day - NEAR)
    return rows.select_related("model").order_by("-day").first()


def holding(day: dt.date) -> RiskModel | None:
    """Return the model that holds on a day, whether or not it claims anything; None before the first."""
    return RiskModel.objects.filter(trained_on__lt=day).first()


def with_risk(customers: QuerySet[Customer], night: dt.date) -> QuerySet[Customer]:
    """Annotate customers with `risk_90`, hundredths of a per cent at the end of a night; null where none is told."""
    row = RiskDay.objects.filter(day=night, customer=OuterRef("pk"))
    return customers.annotate(risk_90=Subquery(row.values("within_90")[:1]))


def leaving_by(until: Mapping[int, dt.date], night: dt.date) -> dict[int, Leaving]:
    """Return how likely each customer is, as told at the end of `night`, to have left by the end of a day of its own.

    `until` maps customers to days; one that lies at or before the night is certain not to have left since. Two
    statements for any number of customers. The renewal of a contract due on a day is lost by about this probability,
    asked for the last day of its grace.
    """
    columns = [f"within_{days}" for days in HORIZONS]
    rows = RiskDay.objects.filter(day=night, customer__in=until).values_list("customer_id", *columns)
    own = {key: [one / CERTAIN for one in told] for key, *told in rows}
    bands = dict(HealthDay.objects.filter(day=night, customer__in=until).values_list("customer_id", "band"))
    rates = odds(night) if len(own) < len(until) else {}
    return {
        key: Leaving(within(own[key], (day - night).days), own=True)
        if key in own
        else Leaving(at_rate(rates[bands.get(key, 0)], (day - night).days), own=False)
        for key, day in until.items()
    }


def within(told: Sequence[float], days: int) -> float:
    """Return the probability to leave within any number of days, from those within 30, 60, 90, 180 and 360.

    Between two of them, and beyond the last, the chance to leave is taken to be the same every day.
    """
    if days <= 0:
        return 0.0
    stays = [0.0, *(math.log(max(1 - one, 1e-9)) for one in told)]
    knots = [0, *HORIZONS]
    n = next((n for n, knot in enumerate(knots[1:], start=1) if days <= knot), len(knots) - 1)
    slope = (stays[n] - stays[n - 1]) / (knots[n] - knots[n - 1])
    return 1 - math.exp(stays[n - 1] + slope * (days - knots[n - 1]))


def at_rate(within_90: float, days: int) -> float:
    """Return the probability to leave within so many days where it is the same every day and known for 90."""
    return 1.0 - math.pow(1.0 - min(within_90, 1.0), max(days, 0) / MAIN)
