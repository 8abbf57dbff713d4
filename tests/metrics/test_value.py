"""Time to first value, by the example of METRICS.md and its edges."""

import datetime as dt

import pytest

from customers.models import CustomerHistory, Milestone
from metrics.kpis import kpis
from metrics.models import FirstValueSign
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db

MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)
LAST = dt.date(2024, 3, 31)


@pytest.fixture(autouse=True)
def signs():
    FirstValueSign.objects.create(kind="event", name="reconciled")
    FirstValueSign.objects.create(kind="milestone", name="Go-live")


def started(on: dt.date, *, event: int | None = None, milestone: int | None = None, **fields):
    """A customer that started on a day and used the event, or reached the milestone, so many days later."""
    customer = factories.customer(started_on=on, **fields)
    if event is not None:
        day = on + event * D
        at = dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)
        factories.usage(customer, event="reconciled", day=day, occurred_at=at)
    if milestone is not None:
        Milestone.objects.create(customer=customer, milestone="Go-live", reached_on=on + milestone * D)
    return customer


def row(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, "keys": ["ttfv"], **asked})["rows"][0]


def test_2_5_and_9_days_and_two_without_it_after_20_and_30_are_9():
    started(MARCH, event=2)
    started(MARCH + 3 * D, milestone=5)
    started(MARCH + 4 * D, event=9, milestone=11)
    started(LAST - 20 * D)
    started(LAST - 30 * D)
    run(MARCH, LAST)
    told = row()
    assert told["values"] == {"ttfv": 9.0}
    assert told["counts"] == {"ttfv": {"numerator": 3, "denominator": 5}}
    assert told["notes"] == {"ttfv": "2 customers without it yet"}
    assert "provisional" not in told


def test_a_curve_that_does_not_fall_to_a_half_has_no_median_yet():
    started(MARCH, event=2)
    started(MARCH)
    started(MARCH)
    run(MARCH, LAST)
    told = row()
    assert told["values"] == {"ttfv": None}
    assert told["provisional"] == ["ttfv"]


def test_without_a_sign_nobody_gets_there():
    FirstValueSign.objects.all().delete()
    started(MARCH, event=2, milestone=1)
    run(MARCH, LAST)
    assert row()["counts"] == {"ttfv": {"numerator": 0, "denominator": 1}}


def test_what_came_before_the_start_or_after_the_day_looked_at_is_not_seen():
    started(MARCH + 5 * D, event=-1)
    started(MARCH, milestone=40)
    run(MARCH, LAST)
    assert row()["counts"]["ttfv"]["numerator"] == 0
    run(APRIL, APRIL + 9 * D)
    assert row()["counts"]["ttfv"]["numerator"] == 1
    assert row(as_of=LAST)["counts"]["ttfv"]["numerator"] == 0


def test_without_a_date_a_customer_starts_with_its_first_subscription():
    customer = started(MARCH, event=10)
    customer.started_on = None
    customer.save()
    factories.subscription(customer, starts_on=MARCH + D, ends_on=MARCH + D, mrr_cents=0)  # never in force
    factories.subscription(customer, starts_on=MARCH + 4 * D)
    run(MARCH, LAST)
    assert row()["values"] == {"ttfv": 6.0}


def test_the_first_day_counts_as_none():
    started(MARCH, event=0)
    run(MARCH, LAST)
    assert row()["values"] == {"ttfv": 0.0}


def test_each_part_has_its_own_median_by_the_slice_of_its_start():
    fast, slow = started(MARCH, event=1), started(MARCH + 2 * D, event=8)
    for customer, first, later in ((fast, "mid", "volume"), (slow, "volume", "mid")):
        for day, value in ((MARCH, first), (LAST, later)):
            CustomerHistory.objects.create(customer=customer, field="segment", valid_from=day, value=value)
    run(MARCH, LAST)
    rows = kpis(first=MARCH, end=APRIL, keys=["ttfv"], by="segment")["rows"]
    told = {(part["slice"] or {}).get("segment"): part["values"]["ttfv"] for part in rows}
    assert told == {None: 1.0, "volume": 8.0, "mid": 1.0, "high_value": None, "none": None}
