"""The forecast of the MRR as a page: what is expected, the band around it, and how often such bands held."""

import datetime as dt
from typing import Any

from accounts.models import User
from customers.models import Customer
from metrics.forecast import checks
from metrics.forecast.forecast import LEAST_MONTHS, Forecast, forecast
from metrics.forecast.reading import MONTH
from metrics.models import ForecastCheck
from metrics.nights import last_finished_day

WIDTH, HEIGHT = 600.0, 200.0


def page(user: User, day: dt.date | None) -> dict[str, Any] | None:
    """Return all of the page as of the end of a day, else of the last night; None before the first."""
    last = last_finished_day()
    if last is None:
        return None
    day = min(day or last, last)
    visible = Customer.objects.visible_to(user)
    whole = not visible.query.has_filters()
    found = forecast(day, None if whole else visible)
    known = list(ForecastCheck.objects.all()) if whole else []
    return {
        "day": day,
        "last": last,
        "found": found,
        "least": LEAST_MONTHS,
        "chart": chart(found) if found.enough else None,
        "coverage": checks.coverage(known),
        "checks": known,
        "whole": whole,
    }


def chart(found: Forecast) -> dict[str, Any]:
    """Return the drawing: the MRR of the months behind, what is expected, and the band of today's customers."""
    behind = [one.opening for one in reversed(found.past)]
    ahead = [(-0.0, found.mrr, found.mrr, found.mrr)]
    ahead += [(one.days / MONTH, one.base.low, one.base.expected, one.base.high) for one in found.horizons]
    first, last = -len(behind), ahead[-1][0]
    top = max([1, *behind, *(high for _n, _low, _mid, high in ahead)])

    def at(month: float, cents: float) -> str:
        x, y = (month - first) / (last - first) * WIDTH, HEIGHT - cents / top * (HEIGHT - 8)
        return f"{x:.1f},{y:.1f}"

    past = [at(first + n, cents) for n, cents in enumerate(behind)] + [at(0, found.mrr)]
    upper = [at(month, high) for month, _low, _mid, high in ahead]
    lower = [at(month, low) for month, low, _mid, _high in ahead]
    return {
        "past": " ".join(past),
        "expected": " ".join(at(month, middle) for month, _low, middle, _high in ahead),
        "band": " ".join([*upper, *reversed(lower)]),
        "today": at(0, 0).split(",")[0],
        "first": found.day - dt.timedelta(days=MONTH * len(behind)),
        "last": found.day + dt.timedelta(days=found.horizons[-1].days),
    }
