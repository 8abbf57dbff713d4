"""Support times in business hours and per team member, from tickets in the database."""

import datetime as dt
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import time
from core.working import WorkingCalendar
from customers.models import Ticket
from customers.services.working import working_hours_update
from customers.working import Working, workspace_calendar
from metrics import business_time, sql, support_times
from metrics.kpis import kpis
from metrics.periods import Period
from metrics.slices import EVERYBODY
from tests import factories
from tests.core.test_working import calendars
from tests.nights import run

pytestmark = pytest.mark.django_db

MARCH, APRIL, LAST = dt.date(2024, 3, 1), dt.date(2024, 4, 1), dt.date(2024, 3, 31)
TIMES = ["first_response_time_business", "resolution_time_business", "resolution_time_business_mean"]


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    """A moment of March by the workspace's clocks."""
    return dt.datetime(2024, 3, day, hour, minute, tzinfo=time.workspace_zone())


@pytest.fixture
def customer():
    return factories.customer(started_on=dt.date(2024, 2, 1))


@pytest.fixture
def office(admin):
    working_hours_update(actor=admin, new=Working(is_set=True))


def row(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, **asked})["rows"][0]


def test_a_weekend_and_a_holiday_do_not_count(customer, office):
    # 1 March 2024 is a Friday, the 29th Good Friday.
    factories.ticket(customer, opened_at=at(1, 17), first_response_at=at(4, 10), solved_at=at(5, 9, 30))
    factories.ticket(customer, opened_at=at(28, 17), first_response_at=at(30), solved_at=at(31))
    run(MARCH, LAST)
    told = row(keys=TIMES)
    assert told["values"] == {
        "first_response_time_business": 1.5,
        "resolution_time_business": 5.75,
        "resolution_time_business_mean": 5.75,
    }
    assert told["counts"]["resolution_time_business_mean"] == {"numerator": 11.5, "denominator": 2}


def test_without_working_hours_there_is_no_figure_and_it_says_why(customer):
    factories.ticket(customer, opened_at=at(1), solved_at=at(4))
    run(MARCH, LAST)
    told = row(keys=TIMES)
    assert set(told["values"].values()) == {None}
    assert "Working hours are not set" in told["notes"]["resolution_time_business"]


def test_other_working_hours_change_the_figure_at_once(customer, office, admin):
    factories.ticket(customer, opened_at=at(4, 8), solved_at=at(4, 20))
    run(MARCH, LAST)
    assert row(keys=TIMES)["values"]["resolution_time_business"] == 9
    evenings = Working(is_set=True, hours=[[(dt.time(12), dt.time(0))]] * 7)
    working_hours_update(actor=admin, new=evenings)
    assert row(keys=TIMES)["values"]["resolution_time_business"] == 8


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calendars(),
    st.lists(st.tuples(st.integers(0, 40 * 86400), st.integers(0, 40 * 86400)), min_size=1, max_size=12),
)
def test_sql_counts_the_same_open_time_as_the_calendar(calendar, spans):
    start = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    moments = [(start + dt.timedelta(seconds=a), start + dt.timedelta(seconds=a + b)) for a, b in spans]
    owner = factories.customer()
    tickets = [factories.ticket(owner, opened_at=opened, solved_at=solved) for opened, solved in moments]
    cte, slots = business_time.worktime(calendar, start, max(end for _, end in moments))
    found = sql.rows(
        f"WITH {cte} SELECT t.id, {business_time.worked('y', 't.solved_at', slots)} - "
        f"{business_time.worked('x', 't.opened_at', slots)} AS took FROM customers_ticket t "
        f"{business_time.join('x', 't.opened_at')} {business_time.join('y', 't.solved_at')}"
    )
    took = {row["id"]: row["took"] for row in found}
    for ticket, (opened, solved) in zip(tickets, moments, strict=True):
        assert took[ticket.pk] == calendar.open_time(opened, solved).total_seconds()
    assert {row["id"] for row in found} >= {ticket.pk for ticket in tickets}
    Ticket.objects.all().delete()


def test_medians_of_many_tickets_are_those_of_the_calendar_in_a_fixed_number_of_statements(customer, office):
    calendar = Working(is_set=True).calendar()
    period = Period(MARCH, APRIL)

    def read() -> tuple[int, support_times.Durations]:
        with CaptureQueriesContext(connection) as asked:
            found = support_times.resolutions_by(calendar, [period], None, EVERYBODY)
        return len(asked), found[(period, None)]

    took = []
    counts = set()
    for n in range(30):
        opened, solved = at(1 + n % 20, n % 24), at(2 + n % 25, (n * 7) % 24, n)
        if solved < opened:
            continue
        factories.ticket(customer, opened_at=opened, solved_at=solved)
        took.append(calendar.open_time(opened, solved).total_seconds())
        if len(took) in (3, 20):
            counts.add(read()[0])
    statements, durations = read()
    assert counts == {statements}
    assert durations.middle / durations.middles == median(took)
    assert durations.total == sum(took)


def test_figures_by_member_add_up_to_the_whole(customer, office):
    for mail, solved in (
        ("ana@zelo.test", at(4)),
        ("Ana@zelo.test", at(5)),
        ("", at(6)),
        ("rui@zelo.test", None),
    ):
        factories.ticket(
            customer,
            opened_at=at(1),
            first_response_at=solved,
            solved_at=solved,
            assignee_email=mail,
            team_replies=1,
            reopens=0,
        )
    run(MARCH, LAST)
    keys = ["first_response_time", "resolution_time_business", "fcr", "ticket_backlog"]
    whole, *parts = kpis(first=MARCH, end=APRIL, keys=keys, by="member")["rows"]
    assert [part["slice"] for part in parts] == [
        {"member": "ana@zelo.test"},
        {"member": "rui@zelo.test"},
        {"member": "none"},
    ]
    assert [part["counts"]["fcr"]["denominator"] for part in parts] == [2, 0, 1]
    assert whole["counts"]["fcr"]["denominator"] == 3
    assert [part["values"]["ticket_backlog"] for part in parts] == [0, 1, 0]
    assert sum(part["values"]["ticket_backlog"] for part in parts) == whole["values"]["ticket_backlog"]
    assert parts[1]["notes"]["first_response_time"] == "1 ticket without a reply yet"
    assert parts[0]["values"]["resolution_time_business"] == 13.5


def test_a_contact_far_away_is_reached_by_the_same_hours_there(office):
    there = workspace_calendar(ZoneInfo("Asia/Tokyo"))
    assert isinstance(there, WorkingCalendar)
    assert there.is_open(dt.datetime(2024, 3, 4, 9, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert not there.is_open(at(4, 9))
