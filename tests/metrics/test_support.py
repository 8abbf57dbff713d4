"""The support figures of METRICS.md, from tickets in the database."""

import datetime as dt
from typing import Any

import pytest

from customers.models import CustomerHistory
from metrics.kpis import kpis
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

FEB, MARCH, APRIL = dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)
LAST = dt.date(2024, 3, 31)
H = dt.timedelta(hours=1)
TIMES = ["first_response_time", "first_response_time_mean"]


def at(day: int, hour: int = 12) -> dt.datetime:
    """An hour of a day of March, in UTC."""
    return dt.datetime(2024, 3, day, hour, tzinfo=dt.UTC)


@pytest.fixture
def customer():
    return factories.customer(started_on=FEB)


def row(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, **asked})["rows"][0]


def solved(customer, day: int = 5, **fields: Any) -> None:
    fields = {"team_replies": 1, "reopens": 0, "channel": "email", **fields}
    factories.ticket(customer, opened_at=at(1), solved_at=at(day), **fields)


def test_the_median_and_the_mean_of_the_hours_to_the_first_reply(customer):
    for hours in (1, 2, 9):
        factories.ticket(customer, opened_at=at(4), first_response_at=at(4) + hours * H)
    run(MARCH, LAST)
    assert row(keys=TIMES)["values"] == {"first_response_time": 2.0, "first_response_time_mean": 4.0}
    factories.ticket(customer, opened_at=at(4), first_response_at=at(4) + 3 * H)
    told = row(keys=TIMES)
    assert told["values"] == {"first_response_time": 2.5, "first_response_time_mean": 3.75}
    assert told["counts"]["first_response_time"] == {"numerator": None, "denominator": 4}
    assert told["counts"]["first_response_time_mean"] == {"numerator": 15.0, "denominator": 4}


def test_tickets_without_a_reply_are_left_out_and_their_number_is_told(customer):
    factories.ticket(customer, opened_at=at(4), first_response_at=at(4) + 6 * H)
    factories.ticket(customer, opened_at=at(5))
    factories.ticket(customer, opened_at=at(6), first_response_at=dt.datetime(2024, 4, 20, tzinfo=dt.UTC))
    run(MARCH, LAST)
    told = row(keys=["first_response_time"])
    assert told["values"] == {"first_response_time": 6.0}
    assert told["notes"] == {"first_response_time": "2 tickets without a reply yet"}
    run(dt.date(2024, 4, 20))
    assert row(keys=["first_response_time"])["notes"] == {
        "first_response_time": "1 ticket without a reply yet"
    }


def test_a_reply_counts_for_the_day_the_ticket_was_opened_and_a_solution_for_its_own(customer):
    opened = dt.datetime(2024, 3, 1, 1, tzinfo=dt.UTC)  # the last evening of February in São Paulo
    factories.ticket(customer, opened_at=opened, first_response_at=at(2), solved_at=opened + 100 * H)
    run(FEB, LAST)
    told = row(keys=["first_response_time", "resolution_time", "resolution_time_mean"])
    assert told["values"] == {
        "first_response_time": None,
        "resolution_time": 100.0,
        "resolution_time_mean": 100.0,
    }
    assert told["previous"]["first_response_time"] == 35.0


def test_first_contact_is_one_reply_and_no_reopening(customer):
    solved(customer)
    solved(customer, team_replies=2)
    solved(customer, reopens=1)
    solved(customer, team_replies=0)  # closed without a word: solved, not at the first contact
    run(MARCH, LAST)
    told = row(keys=["fcr"])
    assert told["values"] == {"fcr": 0.25}
    assert told["counts"] == {"fcr": {"numerator": 1, "denominator": 4}}
    assert "provisional" not in told


@pytest.mark.parametrize("channel", ["phone", "Chat"])
def test_on_the_phone_and_in_a_chat_no_reply_is_needed(customer, channel):
    solved(customer, team_replies=0, channel=channel)
    solved(customer, team_replies=2, channel=channel)
    run(MARCH, LAST)
    assert row(keys=["fcr"])["values"] == {"fcr": 0.5}


@pytest.mark.parametrize("unknown", ["team_replies", "reopens"])
def test_where_replies_or_reopenings_are_not_known_a_ticket_is_left_out(customer, unknown):
    solved(customer)
    solved(customer, channel="phone", **dict[str, Any]({unknown: None}))
    run(MARCH, LAST)
    assert row(keys=["fcr"])["counts"] == {"fcr": {"numerator": 1, "denominator": 1}}


def test_a_ticket_counts_three_days_after_it_was_solved(customer):
    solved(customer, day=28)
    solved(customer, day=29, team_replies=2)
    run(MARCH, LAST)
    told = row(keys=["fcr"])
    assert told["counts"]["fcr"] == {"numerator": 1, "denominator": 1}
    assert told["provisional"] == ["fcr"]
    assert told["notes"] == {"fcr": "1 ticket counts later"}
    run(APRIL)
    told = row(keys=["fcr"])
    assert told["values"] == {"fcr": 0.5}
    assert "provisional" not in told
    assert row(keys=["fcr"], as_of=LAST)["provisional"] == ["fcr"]


def test_the_backlog_is_what_waits_at_the_end_of_the_last_day(customer):
    factories.ticket(customer, opened_at=at(1))
    factories.ticket(customer, opened_at=at(2), solved_at=at(31))
    factories.ticket(customer, opened_at=at(3), solved_at=dt.datetime(2024, 4, 1, 3, tzinfo=dt.UTC))
    factories.ticket(customer, opened_at=dt.datetime(2024, 4, 1, 3, tzinfo=dt.UTC))
    run(MARCH, LAST)
    assert row(keys=["ticket_backlog"])["values"] == {"ticket_backlog": 2}


def test_without_tickets_times_are_not_known_and_nobody_waits(customer):
    run(MARCH, LAST)
    assert row(keys=[*TIMES, "resolution_time", "fcr", "ticket_backlog"])["values"] == {
        "first_response_time": None,
        "first_response_time_mean": None,
        "resolution_time": None,
        "fcr": None,
        "ticket_backlog": 0,
    }


def test_a_median_is_taken_in_each_part(customer):
    other = factories.customer(started_on=FEB)
    CustomerHistory.objects.create(customer=other, field="stage", valid_from=FEB, value="ongoing")
    for of, hours in ((customer, 1), (customer, 3), (other, 10)):
        factories.ticket(of, opened_at=at(4), solved_at=at(4) + hours * H)
    run(MARCH, LAST)
    rows = kpis(first=MARCH, end=APRIL, keys=["resolution_time"], by="stage")["rows"]
    told = {(part["slice"] or {}).get("stage"): part["values"]["resolution_time"] for part in rows}
    assert told == {None: 3.0, "onboarding": None, "ongoing": 10.0, "support": None, "none": 2.0}
