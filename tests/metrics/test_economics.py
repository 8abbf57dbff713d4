"""What a customer is worth and costs, by the examples of METRICS.md."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.models import Workspace
from customers.models import AcquisitionCost
from metrics.book import Book
from metrics.economics import Economics, months_of_churn
from metrics.figures.economics import cac, cac_payback_months, ltv_cac, ltv_predictive, monthly_churn
from metrics.kpis import kpis
from metrics.models import Night
from metrics.periods import Period
from metrics.questions import BadRequest
from tests import factories
from tests.nights import run

JAN, FEB, MARCH, APRIL = (dt.date(2024, month, 1) for month in (1, 2, 3, 4))
END_OF_MARCH = dt.date(2024, 3, 31)
KEYS = ["cac", "ltv_predictive", "ltv_cac", "cac_payback_months"]


def cost(month: dt.date, cents: int, category: str = "sales") -> None:
    AcquisitionCost.objects.create(month=month, category=category, amount_cents=cents)


def customers(count: int, start: dt.date = MARCH, end: dt.date | None = None, cents: int = 10_000):
    made = [factories.customer() for _ in range(count)]
    for customer in made:
        factories.subscription(customer, starts_on=start, ends_on=end, mrr_cents=cents)
    return made


def values(first: dt.date = MARCH, end: dt.date = APRIL, **asked):
    return kpis(first=first, end=end, **asked)["rows"][0]["values"]


def test_100_000_for_a_thousand_customers_are_100_each():
    assert cac(Economics(Book(customers_new=1000), cost_cents=10_000_000)).value == 10_000


def test_100_a_month_at_a_churn_of_5_per_cent_are_2000():
    of = Economics(Book(closing=100_000, active_at_closing=10), churn=((1, 20),) * 6)
    assert ltv_predictive(of).value == 200_000
    half = Economics(of.book, Fraction(1, 2), of.churn, 10_000)
    assert ltv_predictive(half).value == 100_000


def test_the_ratio_and_the_payback_follow_from_both():
    of = Economics(
        Book(closing=100_000, active_at_closing=10, customers_new=2),
        Fraction(1, 2),
        ((1, 20),),
        cost_cents=100_000,
    )
    assert ltv_cac(of).value == 2
    assert cac_payback_months(of).value == 10


def test_the_churn_is_the_plain_mean_of_the_months_with_customers():
    assert monthly_churn(Economics(churn=((0, 0), (1, 10), (0, 1000)))) == Fraction(5, 100)
    assert monthly_churn(Economics(churn=((0, 0),))) is None


def test_without_churn_or_customers_there_is_no_expected_value():
    assert ltv_predictive(Economics(Book(closing=1, active_at_closing=1), churn=((0, 5),))).value is None
    assert ltv_predictive(Economics(churn=((1, 5),))).value is None
    assert ltv_predictive(Economics(Book(closing=1, active_at_closing=1), churn=None)).value is None
    assert cac_payback_months(Economics(cost_cents=5)).value is None
    assert ltv_cac(Economics(cost_cents=0)).value is None


def test_the_six_months_are_those_finished_by_closing():
    middle = months_of_churn(Period(dt.date(2024, 3, 5), dt.date(2024, 3, 20)))
    assert (middle[0].first, middle[-1].end) == (dt.date(2023, 9, 1), MARCH)
    assert months_of_churn(Period(MARCH, APRIL))[-1] == Period(MARCH, APRIL)


@pytest.mark.django_db
def test_cost_is_divided_by_who_paid_for_the_first_time_in_the_same_months():
    customers(3)
    back = customers(1, JAN, FEB)[0]
    factories.subscription(back, starts_on=MARCH, mrr_cents=5000)
    cost(MARCH, 20_000)
    cost(MARCH, 10_000, "marketing")
    run(JAN, END_OF_MARCH)
    row = kpis(first=MARCH, end=APRIL, keys=["cac"])["rows"][0]
    assert row["values"] == {"cac": "100.00"}
    assert row["counts"] == {"cac": {"numerator": "300.00", "denominator": 3}}
    assert values(FEB, APRIL, keys=["cac"]) == {"cac": None}, "February has no cost"
    cost(FEB, 0)
    assert values(FEB, APRIL, keys=["cac"]) == {"cac": "100.00"}
    assert values(dt.date(2024, 3, 2), APRIL, keys=["cac"]) == {"cac": None}, "not a whole month"


@pytest.mark.django_db
def test_acquisition_cost_is_not_cut_by_slice():
    customers(1)
    cost(MARCH, 20_000)
    run(MARCH, END_OF_MARCH)
    assert values(segment="none", keys=KEYS)["cac"] is None
    with pytest.raises(BadRequest, match="can be cut by segment"):
        kpis(first=MARCH, end=APRIL, by="segment", keys=["cac", "ltv_cac"])


@pytest.mark.django_db
def test_the_expected_value_from_real_nights_with_the_margin_of_the_workspace():
    Workspace.objects.update_or_create(pk=1, defaults={"gross_margin": Decimal("80.00")})
    customers(9, JAN)
    customers(1, JAN, dt.date(2024, 3, 10))
    cost(MARCH, 40_000)
    customers(1, MARCH)
    run(JAN, END_OF_MARCH)
    # January had nobody at opening; of ten in February none left, in March one.
    assert values(keys=KEYS) == {
        "cac": "400.00",
        "ltv_predictive": "1600.00",
        "ltv_cac": 4.0,
        "cac_payback_months": 5.0,
    }
    assert [
        row["values"]["ltv_predictive"] for row in kpis(first=MARCH, end=APRIL, by="segment")["rows"]
    ] == [
        "1600.00",
        None,
        None,
        None,
        "1600.00",
    ]
    Night.objects.filter(day=dt.date(2024, 2, 9)).delete()
    assert values(keys=["ltv_predictive"]) == {"ltv_predictive": None}, "a night of the six months is missing"


@pytest.mark.django_db
def test_the_realised_value_is_the_mean_of_who_paid_more_than_they_got_back():
    first, second, third = customers(3, JAN)
    for customer, cents, day in (
        (first, 5000, JAN),
        (first, 15_000, FEB),
        (first, 30_000, END_OF_MARCH),
        (first, 99_000, APRIL),
        (second, 10_000, FEB),
        (third, 4000, FEB),
        (third, -4000, MARCH),
    ):
        factories.payment(customer, paid_on=day, amount_cents=cents)
    run(JAN, END_OF_MARCH)
    row = kpis(first=MARCH, end=APRIL, keys=["ltv_historic"])["rows"][0]
    assert row["values"] == {"ltv_historic": "300.00"}
    assert row["counts"]["ltv_historic"] == {"numerator": "600.00", "denominator": 2}
    second.delete()
    assert values(keys=["ltv_historic"]) == {"ltv_historic": "500.00"}
