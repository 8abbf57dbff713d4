"""Expansion by driver: new product, plan, seats, price; the parts are the expansion, to the cent."""

import datetime as dt

import pytest

from metrics.kpis import kpis
from metrics.periods import Period
from metrics.registry import FIGURES
from metrics.rows import rows_of
from metrics.slices import EVERYBODY
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db
FIRST, MOVE, END = dt.date(2024, 3, 1), dt.date(2024, 3, 10), dt.date(2024, 4, 1)
KEYS = ("mrr_expansion", "mrr_upsell", "mrr_cross_sell")


def pays(customer, external_id: str, cents: int, *, until: dt.date | None = None, **fields) -> None:
    """Write a row before the day of the move, or (without an end) from that day on."""
    starts_on = FIRST if until else MOVE
    factories.subscription(
        customer, external_id=external_id, starts_on=starts_on, ends_on=until, mrr_cents=cents, **fields
    )


def told() -> dict[str, dict[str, str]]:
    """Return by driver what is not zero of March's expansion and its split."""
    run(FIRST, END - dt.timedelta(days=1))
    rows = kpis(first=FIRST, end=END, keys=KEYS, by="driver")["rows"]
    whole, parts = rows[0]["values"], rows[1:]
    assert [row["slice"]["driver"] for row in parts] == ["new_product", "plan", "seats", "price"]
    for key in KEYS:
        assert sum(round(float(row["values"][key]) * 100) for row in parts) == round(float(whole[key]) * 100)
    return {
        row["slice"]["driver"]: {key: value for key, value in row["values"].items() if float(value)}
        for row in parts
        if float(row["values"]["mrr_expansion"])
    }


def test_two_more_seats_are_seats_and_a_better_plan_is_plan():
    seats, plan = factories.customer(started_on=FIRST), factories.customer(started_on=FIRST)
    pays(seats, "s", 10_000, until=MOVE, product="Core", plan="Basic", seats=10)
    pays(seats, "s", 12_000, product="Core", plan="Basic", seats=12)
    pays(plan, "p", 10_000, until=MOVE, product="Core", plan="Basic", seats=10)
    pays(plan, "p", 15_000, product="Core", plan="Pro", seats=12)
    assert told() == {
        "plan": {"mrr_expansion": "50.00", "mrr_upsell": "50.00"},
        "seats": {"mrr_expansion": "20.00", "mrr_upsell": "20.00"},
    }


def test_the_same_for_more_money_is_price_and_another_product_is_a_new_product():
    customer = factories.customer(started_on=FIRST)
    pays(customer, "a", 10_000, until=MOVE, product="Core", plan="Basic", seats=10)
    pays(customer, "a", 11_000, product="Core", plan="Basic", seats=10)
    pays(customer, "b", 3_000, product="Billing", plan="Basic", seats=1)
    assert told() == {
        "new_product": {"mrr_expansion": "30.00", "mrr_cross_sell": "30.00"},
        "price": {"mrr_expansion": "10.00", "mrr_upsell": "10.00"},
    }


def test_a_fall_elsewhere_is_set_off_in_proportion_and_no_cent_is_lost():
    customer = factories.customer(started_on=FIRST)
    pays(customer, "a", 10_000, until=MOVE, product="Core", plan="Basic", seats=10)
    pays(customer, "a", 10_100, product="Core", plan="Basic", seats=11)
    pays(customer, "b", 10_000, until=MOVE, product="Extra", plan="Basic")
    pays(customer, "b", 10_100, product="Extra", plan="Pro")
    pays(customer, "c", 10_000, until=MOVE, product="More", plan="Basic")
    pays(customer, "c", 10_100, product="More", plan="Basic")
    pays(customer, "d", 10_000, until=MOVE, product="Less", plan="Basic")
    pays(customer, "d", 9_900, product="Less", plan="Basic")
    found = told()
    assert {driver: of["mrr_upsell"] for driver, of in found.items()} == {
        "plan": "0.66",
        "seats": "0.67",
        "price": "0.67",
    }


def test_the_rows_behind_a_driver_are_its_customers():
    seats, price = factories.customer(started_on=FIRST), factories.customer(started_on=FIRST)
    pays(seats, "s", 10_000, until=MOVE, product="Core", plan="Basic", seats=10)
    pays(seats, "s", 12_000, product="Core", plan="Basic", seats=12)
    pays(price, "p", 10_000, until=MOVE, product="Core", plan="Basic", seats=10)
    pays(price, "p", 11_000, product="Core", plan="Basic", seats=10)
    run(FIRST, END - dt.timedelta(days=1))
    figure = FIGURES["mrr_expansion"]
    found = rows_of(
        figure,
        Period(FIRST, END),
        only=EVERYBODY,
        as_of=END - dt.timedelta(days=1),
        by="driver",
        part="seats",
    )
    assert [(row.customer_id, row.numerator) for row in found.rows] == [(seats.pk, 2_000)]
    assert found.numerator == 2_000
