"""A book of a hundred spans in one month, each line worked out by hand: what is paid from when to when, what moved."""

import datetime as dt
from decimal import Decimal

import pytest

from metrics.kpis import kpis
from tests import factories
from tests.nights import D, moves, run

pytestmark = pytest.mark.django_db

MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)

# Spans of a customer. `5-10 50`: R$ 50 a month from the 5th, no longer on the 10th; `5- 50`: open; day 32 is 1 April.
BOOK = (
    ("1- 50", "1 new 50"),
    ("1-10 50, 10- 50", "1 new 50"),  # renewed by a new row
    ("1-10 50, 10-20 50, 20- 50", "1 new 50"),
    ("1-10 50, 11- 50", "1 new 50, 10 churn 50, 11 reactivation 50"),  # a gap of one day
    ("1-10 50, 10- 80", "1 new 50, 10 expansion 30"),
    ("1-10 80, 10- 50", "1 new 80, 10 contraction 30"),
    ("1- 50, 5- 30", "1 new 50, 5 expansion 30"),  # a second subscription
    ("1- 50, 5-15 30", "1 new 50, 5 expansion 30, 15 contraction 30"),  # ending one of two
    ("1-15 50, 5-15 30", "1 new 50, 5 expansion 30, 15 churn 80"),
    ("1-15 50, 15- 0", "1 new 50, 15 churn 50"),
    ("1-15 0, 15- 50", "15 new 50"),  # paying nothing at first is not paying
    ("1-10 50, 10-20 0, 20- 60", "1 new 50, 10 churn 50, 20 reactivation 60"),
    ("1-1 90, 1- 50", "1 new 50"),  # an empty span
    ("1-10 50, 10-10 70, 10- 60", "1 new 50, 10 expansion 10"),  # changed twice on one day
    ("1-2 50, 2-3 60, 3-4 70, 4- 80", "1 new 50, 2 expansion 10, 3 expansion 10, 4 expansion 10"),
    (
        "1-2 50, 3-4 50, 5-6 50, 7- 50",
        "1 new 50, 2 churn 50, 3 reactivation 50, 4 churn 50, 5 reactivation 50, 6 churn 50, 7 reactivation 50",
    ),
    ("29- 50", "29 new 50"),
    ("31- 50", "31 new 50"),
    ("1-31 50", "1 new 50, 31 churn 50"),
    ("1-32 50", "1 new 50"),  # leaves with the month: lost in the next one
    (
        "1-20 50, 10-25 30, 15- 20",
        "1 new 50, 10 expansion 30, 15 expansion 20, 20 contraction 50, 25 contraction 30",
    ),
    ("1-10 50, 10- 30, 10- 20", "1 new 50"),  # one becomes two of the same sum
    ("1-10 30, 1-10 20, 10- 50", "1 new 50"),
    ("1-10 30, 1-10 20, 10- 60", "1 new 50, 10 expansion 10"),
    ("1-10 100, 10-20 50, 20- 100", "1 new 100, 10 contraction 50, 20 expansion 50"),
    (
        "5-10 50, 8-12 50, 11-20 50",
        "5 new 50, 8 expansion 50, 10 contraction 50, 11 expansion 50, 12 contraction 50, 20 churn 50",
    ),
    ("1-15 0.01, 15- 0.02", "1 new 0.01, 15 expansion 0.01"),
    (
        "2-4 10, 4-6 20, 6-8 30, 8-10 20, 10-12 10",
        "2 new 10, 4 expansion 10, 6 expansion 10, 8 contraction 10, 10 contraction 10, 12 churn 10",
    ),
    ("1-10 0, 10-20 0, 20- 0", ""),
    ("1-5 50, 5- 0, 10- 70", "1 new 50, 5 churn 50, 10 reactivation 70"),
    ("3-10 40, 3-12 40, 3-14 40", "3 new 120, 10 contraction 40, 12 contraction 40, 14 churn 40"),
    ("1-30 50, 30- 50", "1 new 50"),
    ("1-28 90, 29- 90", "1 new 90, 28 churn 90, 29 reactivation 90"),
    ("6-7 15", "6 new 15, 7 churn 15"),
    ("6-7 15, 20-21 15", "6 new 15, 7 churn 15, 20 reactivation 15, 21 churn 15"),
    (
        "1- 10, 2- 10, 3- 10, 4- 10, 5- 10",
        "1 new 10, 2 expansion 10, 3 expansion 10, 4 expansion 10, 5 expansion 10",
    ),
    (
        "1-6 10, 1-7 10, 1-8 10, 1-9 10, 1-10 10",
        "1 new 50, 6 contraction 10, 7 contraction 10, 8 contraction 10, 9 contraction 10, 10 churn 10",
    ),
    ("1-16 50, 16- 75, 16- 5", "1 new 50, 16 expansion 30"),
    ("1-16 75, 16- 50, 20- 40", "1 new 75, 16 contraction 25, 20 expansion 40"),
    ("18- 33", "18 new 33"),
)

# The same book, added up by hand.
SUMS = {
    "mrr_new": "1948.01",
    "mrr_expansion": "500.01",
    "mrr_reactivation": "435.00",
    "mrr_contraction": "455.00",
    "mrr_churn": "725.00",
    "mrr": "1703.02",  # 0 + 1948.01 + 500.01 + 435 − 455 − 725
}


def day(number: str) -> dt.date:
    return MARCH + (int(number) - 1) * D


def cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def test_a_hundred_spans_give_the_movements_that_a_person_computes():
    told, spans = [], 0
    for line, expected in BOOK:
        customer = factories.customer()
        for span in line.split(", "):
            days, amount = span.split()
            start, end = days.split("-")
            factories.subscription(
                customer, starts_on=day(start), ends_on=day(end) if end else None, mrr_cents=cents(amount)
            )
            spans += 1
        told.append((customer, line, [one.split() for one in expected.split(", ") if one]))
    assert spans == 100
    run(MARCH, APRIL - D)
    for customer, line, moved in told:
        assert moves(customer) == [(day(at), kind, cents(amount)) for at, kind, amount in moved], line
    assert kpis(first=MARCH, end=APRIL, keys=list(SUMS))["rows"][0]["values"] == SUMS
