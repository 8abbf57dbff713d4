"""The page on the risk of leaving: whether it can be trusted, what it learned, whom to look at, earlier models."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, FloatField, OuterRef, QuerySet, Subquery, Sum

from accounts.models import User
from customers.models import Customer
from metrics.models import CustomerDay, RiskDay, RiskModel
from metrics.nights import last_finished_day
from metrics.risk import words
from metrics.risk.read import holding
from metrics.risk.spans import CERTAIN
from metrics.risk.training import LEAST_LOST

SHOWN, MODELS = 20, 24
LEARNED = 8
SIDE = 240.0
LEAST_TOP = 0.1  # the drawing reaches at least to ten per cent


@dataclass(frozen=True)
class Dot:
    """Customers told about the same, in the drawing: where the dot and its interval lie."""

    x: str
    y: str
    low: str
    high: str


def overview(user: User) -> dict[str, Any] | None:
    """Return all of the page, customers being those this person may see; None before the first night."""
    night = last_finished_day()
    if night is None:
        return None
    model = holding(night + dt.timedelta(days=1)) or holding(night)
    told = model if model and model.state == RiskModel.State.USED else None
    return {
        "night": night,
        "model": model,
        "used": told is not None,
        "silence": words.silence(model),
        "least": LEAST_LOST,
        "calibration": calibration(told) if told else None,
        "learned": learned(told) if told else [],
        "sums": sums(user, night),
        "customers": customers(user, night),
        "models": list(RiskModel.objects.all()[:MODELS]),
    }


def calibration(model: RiskModel) -> dict[str, Any]:
    """Return the table and the drawing of what was told against what happened, on months not seen."""
    found = model.calibration
    most: float = max([LEAST_TOP, *(max(one["told"], one["high"]) for one in found)])
    top = math.ceil(most * 10) / 10

    def at(share: float) -> float:
        return share / top * SIDE

    def drawn(place: float) -> str:
        return f"{place:.1f}"  # with a point in every language

    return {
        "side": f"{SIDE:.0f}",
        "top": top,
        "rows": [{**one, "share": one["left"] / one["rows"]} for one in found],
        "dots": [
            Dot(
                drawn(at(one["told"])),
                drawn(SIDE - at(one["left"] / one["rows"])),
                drawn(SIDE - at(one["low"])),
                drawn(SIDE - at(one["high"])),
            )
            for one in found
        ],
    }


def learned(model: RiskModel) -> list[dict[str, Any]]:
    """Return what makes the most difference: how many times the odds grow from a factor's best to its worst."""
    weights = dict(zip(model.definition["names"], model.definition["weights"], strict=True))
    slope = model.definition["line"][1]
    found = [
        {"name": words.name(key), "times": math.exp(-2 * weights[key] * slope)}
        for key in (one["key"] for one in model.definition["factors"])
        if weights[key] < 0
    ]
    return sorted(found, key=lambda one: -float(str(one["times"])))[:LEARNED]


def sums(user: User, night: dt.date) -> list[dict[str, Any]]:
    """Return the MRR expected to be lost within 30 to 360 days, in cents; empty where nothing is claimed."""
    rows = _rows(user, night)
    spans = {
        days: Sum(F("mrr") * F(f"within_{days}") * 1.0 / CERTAIN, output_field=FloatField())
        for days in (30, 60, 90, 180, 360)
    }
    found = rows.aggregate(whole=Sum("mrr"), **{f"d{days}": one for days, one in spans.items()})
    if not found["whole"]:
        return []
    return [
        {
            "days": days,
            "cents": round(found[f"d{days}"] or 0),
            "share": (found[f"d{days}"] or 0) / found["whole"],
        }
        for days in spans
    ]


def customers(user: User, night: dt.date) -> list[dict[str, Any]]:
    """Return the customers whose leaving would cost the most: MRR × probability to leave within 90 days."""
    rows = (
        _rows(user, night)
        .annotate(stake=F("mrr") * F("within_90"))
        .select_related("customer")
        .order_by("-stake", "customer_id")[:SHOWN]
    )
    return [
        {
            "customer": row.customer,
            "mrr": row.mrr,  # type: ignore[attr-defined]
            "share": words.share(row.within_90 / CERTAIN),
            "stake": round(row.stake / CERTAIN),
            "expected_on": row.expected_on,
        }
        for row in rows
    ]


def _rows(user: User, night: dt.date) -> QuerySet[RiskDay]:
    paid = CustomerDay.objects.filter(day=night, customer=OuterRef("customer")).values("mrr_cents")[:1]
    visible = Customer.objects.visible_to(user).present()
    return RiskDay.objects.filter(day=night, customer__in=visible).annotate(
        mrr=Subquery(paid, output_field=BigIntegerField())
    )
