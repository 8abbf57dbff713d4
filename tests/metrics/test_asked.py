"""Response rates and low answers closed in time, from rows in the database."""

import datetime as dt

import pytest

from metrics.kpis import kpis
from surveys.models import LoopCase
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db
MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)
KEYS = ["response_rate", "response_rate_customers", "loop_in_time"]


def noon(day):
    return dt.datetime(2024, 3, day, 15, tzinfo=dt.UTC)


def row():
    return kpis(first=MARCH, end=APRIL, keys=KEYS)["rows"][0]


def test_three_delivered_and_one_answered_is_a_third():
    customer, silent = (factories.customer(started_on=MARCH) for _ in range(2))
    survey = factories.survey()
    people = [factories.contact(customer), factories.contact(customer), factories.contact(silent)]
    made = [
        factories.survey_invitation(one, survey=survey, state="delivered", sent_at=noon(5)) for one in people
    ]
    factories.response(customer, contact=people[0], invitation=made[0], answered_at=noon(6))
    factories.response(silent, contact=people[2], invitation=made[2], answered_at=noon(6), held=True)
    factories.survey_invitation(
        people[0], survey=survey, state="bounced", sent_at=noon(7), bounced_at=noon(7)
    )
    factories.survey_invitation(people[1], survey=survey, state="sent", channel="link", sent_at=noon(7))
    run(MARCH, dt.date(2024, 3, 31))
    told = row()
    assert told["counts"]["response_rate"] == {"numerator": 1, "denominator": 3}
    assert told["values"]["response_rate"] == pytest.approx(1 / 3)
    assert told["values"]["response_rate_customers"] == 0.5


def test_a_low_answer_counts_once_it_is_closed_or_late():
    customer = factories.customer(started_on=MARCH)
    for closed in (noon(6), noon(20), None):
        low = factories.response(customer, score=2, answered_at=noon(5))
        LoopCase.objects.create(
            response=low, customer=customer, opened_at=noon(5), due_at=noon(7), closed_at=closed, done="x"
        )
    open_one = factories.response(customer, score=2, answered_at=noon(31))
    LoopCase.objects.create(
        response=open_one, customer=customer, opened_at=noon(31), due_at=noon(31) + dt.timedelta(2)
    )
    run(MARCH, dt.date(2024, 3, 31))
    told = row()
    assert told["counts"]["loop_in_time"] == {"numerator": 1, "denominator": 3}


def test_nothing_asked_is_not_known():
    factories.customer(started_on=MARCH)
    run(MARCH, dt.date(2024, 3, 31))
    assert row()["values"] == dict.fromkeys(KEYS)
