"""Customers with two years of month ends, written as the nights would have: some of them decline and leave."""

import datetime as dt

import numpy as np

from metrics.health.cards import published
from metrics.health.packed import Layout, pack
from metrics.models import CustomerDay, HealthDay, HealthInput, HealthLayout, Night
from metrics.periods import add_months
from tests import factories

LAST = dt.date(2024, 6, 30)
LAYOUT = Layout(("active_days", "tenure"), ("active_days",))
ALIVE, DYING = 20_000, 8_000  # active days of thirty, in thousandths
D = dt.timedelta(days=1)


def ends(months: int) -> list[dt.date]:
    """Return the last so many month ends up to `LAST`, in order."""
    after = LAST + D
    return sorted(add_months(after, -n) - D for n in range(months))


def build(*, customers: int = 160, lost: int = 60, months: int = 18, told: bool = True) -> list[int]:
    """Write the rows and return the customers' keys, those that leave first.

    The n-th leaves in the middle of a month, evenly over time; in the two month ends before its use is low, if `told`.
    """
    version = published()[0].version
    HealthLayout.objects.get_or_create(
        pk=LAYOUT.key, defaults={"inputs": list(LAYOUT.inputs), "factors": list(LAYOUT.factors)}
    )
    keys = [factories.customer(started_on=dt.date(2021, 1, 1)).pk for _ in range(customers)]
    days = ends(months)
    Night.objects.bulk_create([Night(day=day, state="done") for day in days], ignore_conflicts=True)
    gone = {key: days[2 + n % (months - 2)] - 15 * D for n, key in enumerate(keys[:lost])}
    chance = np.random.default_rng(3)
    rows, scores, inputs = [], [], []
    for day in days:
        for key in keys:
            left = gone.get(key)
            if left is not None and left <= day:
                continue
            declines = told and left is not None and (left - day).days < 60
            used = int(chance.normal(DYING if declines else ALIVE, 4000))
            rows.append(CustomerDay(customer_id=key, day=day, opening_mrr_cents=10_000, mrr_cents=10_000))
            scores.append(score(key, day, version.pk, 3000 if declines else 8000))
            inputs.append(stored(key, day, used))
    for key, left in gone.items():
        rows.append(CustomerDay(customer_id=key, day=left, opening_mrr_cents=10_000, mrr_churn_cents=10_000))
    CustomerDay.objects.bulk_create(rows)
    HealthDay.objects.bulk_create(scores)
    HealthInput.objects.bulk_create(inputs)
    return keys


def score(customer: int, day: dt.date, version: int, value: int) -> HealthDay:
    """Return a score row."""
    return HealthDay(
        customer_id=customer,
        day=day,
        version_id=version,
        own=value,
        score=value,
        low=value,
        high=value,
        coverage=9000,
        band=3 if value >= 7000 else 1,
    )


def stored(customer: int, day: dt.date, used: int) -> HealthInput:
    """Return the inputs of a score."""
    tenure = (day - dt.date(2021, 1, 1)).days * 1000 // 365
    inputs = {
        "active_days": (np.array([used]), np.zeros(1, dtype=np.int64)),
        "tenure": (np.array([tenure]), np.zeros(1, dtype=np.int64)),
    }
    parts = {"active_days": (np.array([5000]), np.array([2000]))}
    return HealthInput(
        customer_id=customer, day=day, layout=LAYOUT.key, numbers=pack(LAYOUT, inputs, parts, 1).tobytes()
    )
