"""Targets beside the figures, and as a resource of the API."""

import datetime as dt

import pytest

from metrics.kpis import kpis
from metrics.models import Target
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

FEB, MARCH, APRIL = dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)
END_OF_MARCH = dt.date(2024, 3, 31)


def target(key: str, due_on: dt.date, value: str, slice: str = "") -> Target:
    return Target.objects.create(key=key, due_on=due_on, value=value, slice=slice)


def targets(**asked):
    return [row.get("targets") for row in kpis(first=MARCH, end=APRIL, **asked)["rows"]]


def test_the_target_in_force_is_the_first_due_on_or_after_the_last_day():
    target("mrr", dt.date(2024, 3, 30), "100")
    target("mrr", APRIL, "300.00")
    target("mrr", END_OF_MARCH, "200.5")
    target("nrr", dt.date(2024, 12, 31), "1.05")
    target("active_customers", dt.date(2024, 12, 31), "12")
    target("a figure of another time", END_OF_MARCH, "1")
    assert targets(keys=["mrr", "nrr", "active_customers", "arpa"]) == [
        {"mrr": "200.50", "nrr": 1.05, "active_customers": 12}
    ]
    assert targets(keys=["arpa"]) == [None], "without a target nothing is said"
    assert [row["targets"] for row in kpis(first=FEB, end=APRIL, grain="month", keys=["mrr"])["rows"]] == [
        {"mrr": "100.00"},
        {"mrr": "200.50"},
    ]


def test_targets_belong_to_their_slice():
    target("mrr", END_OF_MARCH, "500")
    target("mrr", END_OF_MARCH, "70", "segment=mid")
    target("mrr", END_OF_MARCH, "5", "segment=none")
    assert targets(keys=["mrr"], by="segment") == [
        {"mrr": "500.00"},
        None,
        {"mrr": "70.00"},
        None,
        {"mrr": "5.00"},
    ]
    assert targets(keys=["mrr"], segment="mid") == [{"mrr": "70.00"}]


def test_who_sees_only_some_customers_is_not_told_the_targets_for_all():
    from customers.models import Customer

    ana = factories.user()
    mine, other = factories.customer(owner=ana), factories.customer()
    for customer in (mine, other):
        factories.subscription(customer, starts_on=FEB, mrr_cents=5000)
    target("mrr", END_OF_MARCH, "500")
    run(MARCH, END_OF_MARCH)
    seen = kpis(first=MARCH, end=APRIL, keys=["mrr", "cac"], visible=Customer.objects.owned_by(ana))["rows"][
        0
    ]
    assert seen["values"]["mrr"] == "50.00"
    assert "targets" not in seen
