"""The wide daily row: standing, usage, tickets, touch, renewal, payments and answers as of each day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from customers.models import CustomerHistory
from metrics.models import CustomerDay, UsageDay
from surveys.models import Response
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def march(day: int) -> dt.date:
    return dt.date(2024, 3, day)


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, 3, day, hour, minute, tzinfo=SAO_PAULO)


@pytest.fixture
def customer(db):
    return factories.customer(started_on=march(1))


def rows(customer, field: str) -> dict[int, object]:
    return {
        day.day: value
        for day, value in CustomerDay.objects.filter(customer=customer).values_list("day", field)
    }


def history(customer, field: str, day: dt.date, value: str, **fields) -> None:
    CustomerHistory.objects.create(customer=customer, field=field, valid_from=day, value=value, **fields)


def test_a_customer_has_rows_from_its_start_on():
    late = factories.customer(started_on=march(4))
    unknown = factories.customer()
    run(march(1), march(6))
    assert sorted(rows(late, "day")) == [4, 5, 6]
    assert rows(unknown, "day") == {}, "written down after these days and without any fact in them"


def test_a_merged_customer_has_no_rows(customer):
    other = factories.customer(started_on=march(1))
    run(march(1), march(2))
    other.merged_into, other.archived_at = customer, at(9)
    other.save()
    run(march(1), march(2))
    assert rows(other, "day") == {}
    assert sorted(rows(customer, "day")) == [1, 2]


def test_segment_stage_and_owner_are_those_of_the_day(customer):
    ana, rui = factories.user(email="ana@zelo.test"), factories.user(email="rui@zelo.test")
    customer.segment, customer.stage, customer.owner = "volume", "ongoing", rui
    customer.save()
    history(customer, "segment", march(3), "mid")
    history(customer, "segment", march(5), "high_value")
    history(customer, "owner", march(2), "ana@zelo.test", owner=ana)
    history(customer, "owner", march(4), "")
    history(customer, "owner", march(6), "RUI@zelo.test")
    run(march(1), march(6))
    assert rows(customer, "segment") == {
        1: "mid",
        2: "mid",
        3: "mid",
        4: "mid",
        5: "high_value",
        6: "high_value",
    }, "before the first recorded value that value holds"
    assert set(rows(customer, "stage").values()) == {"ongoing"}, "without a history the customer's own holds"
    assert rows(customer, "owner_id") == {1: ana.pk, 2: ana.pk, 3: ana.pk, 4: None, 5: None, 6: rui.pk}


def test_a_superseded_history_row_does_not_count(customer):
    history(customer, "segment", march(1), "mid", superseded_at=at(9))
    history(customer, "segment", march(1), "volume")
    run(march(2))
    assert rows(customer, "segment") == {2: "volume"}


def test_usage_is_rolled_up_per_customer_person_feature_and_day(customer):
    for hour in (1, 2):
        factories.usage(
            customer, day=march(2), occurred_at=at(2, hour), event="report", person="ana", count=3
        )
    factories.usage(customer, day=march(2), occurred_at=at(2), event="login", person="ana")
    factories.usage(customer, day=march(2), occurred_at=at(2), event="login", person="")
    run(march(2))
    rolled = UsageDay.objects.filter(day=march(2)).order_by("feature", "person")
    assert list(rolled.values_list("person", "feature", "events")) == [
        ("", "login", 1),
        ("ana", "login", 1),
        ("ana", "report", 6),
    ]
    row = CustomerDay.objects.get(customer=customer, day=march(2))
    assert (row.events, row.active_people, row.features_used, row.active_people_30) == (8, 1, 2, 1)


def test_people_of_the_last_30_days_are_counted_once_each(customer):
    for day, person in ((1, "ana"), (2, "ana"), (2, "rui"), (20, "ana"), (31, "eva")):
        factories.usage(customer, day=march(day), occurred_at=at(day), person=person)
    run(march(1), dt.date(2024, 4, 20))
    people = dict(CustomerDay.objects.filter(customer=customer).values_list("day", "active_people_30"))
    assert people[march(1)] == 1
    assert people[march(2)] == 2
    assert people[march(31)] == 3, "the 30 days that end on the 31st begin on the 2nd"
    assert people[dt.date(2024, 4, 1)] == 2, "rui was last seen on the 2nd of March"
    assert people[dt.date(2024, 4, 18)] == 2
    assert people[dt.date(2024, 4, 19)] == 1


def test_a_ticket_is_open_from_the_day_it_was_opened_until_it_is_solved(customer):
    factories.ticket(customer, opened_at=at(2, 23, 59), solved_at=at(4, 0, 1))
    factories.ticket(customer, opened_at=at(3), solved_at=at(3, 13))
    factories.ticket(customer, opened_at=at(5))
    run(march(1), march(6))
    assert rows(customer, "open_tickets") == {1: 0, 2: 1, 3: 1, 4: 0, 5: 1, 6: 1}


def test_the_last_touch_is_told_by_the_workspaces_calendar(customer):
    factories.touchpoint(customer, happened_at=dt.datetime(2024, 3, 4, 2, 30, tzinfo=dt.UTC))
    run(march(2), march(4))
    assert rows(customer, "last_touch_on") == {2: None, 3: march(3), 4: march(3)}


def test_the_next_renewal_is_the_earliest_contract_ahead_that_is_neither_renewed_nor_cancelled(customer):
    def contract(name: str, start: dt.date, end: dt.date, cents: int | None, **fields) -> None:
        factories.contract(
            customer, external_id=name, starts_on=start, ends_on=end, value_cents=cents, **fields
        )

    contract("old", march(1), march(6), 10_000)
    contract("twin", march(1), march(6), 5_000)
    contract("long", march(1), march(20), 70_000, cancelled_on=march(7))
    contract("new", march(6), dt.date(2025, 3, 6), 12_000, signed_on=march(4), renews_external_id="old")
    run(march(1), march(8))
    assert rows(customer, "renewal_on") == {
        1: march(6),
        2: march(6),
        3: march(6),
        4: march(6),
        5: march(6),
        6: march(20),
        7: dt.date(2025, 3, 6),
        8: dt.date(2025, 3, 6),
    }
    assert rows(customer, "renewal_value_cents") == {
        1: 15_000,
        2: 15_000,
        3: 15_000,
        4: 5_000,
        5: 5_000,
        6: 70_000,
        7: 12_000,
        8: 12_000,
    }


def test_payments_so_far_and_the_latest_answer(customer):
    factories.payment(customer, paid_on=march(2), amount_cents=5000)
    factories.payment(customer, paid_on=march(3), amount_cents=-1000)
    factories.payment(customer, paid_on=None, amount_cents=9999)
    for n, (day, survey, score) in enumerate(((2, "nps", 9), (3, "csat", 1), (4, "nps", 3))):
        Response.objects.create(
            customer=customer, external_id=f"r{n}", survey=survey, score=score, answered_at=at(day)
        )
    run(march(1), march(4))
    assert rows(customer, "paid_cents") == {1: 0, 2: 5000, 3: 4000, 4: 4000}
    assert rows(customer, "nps_score") == {1: None, 2: 9, 3: 9, 4: 3}


def test_facts_dated_later_do_not_change_a_day(customer):
    run(march(1), march(3))
    before = list(CustomerDay.objects.order_by("day").values())
    factories.subscription(customer, starts_on=march(4), mrr_cents=5000)
    factories.usage(customer, day=march(4), occurred_at=at(4), person="ana")
    factories.ticket(customer, opened_at=at(4, 0, 0))
    factories.touchpoint(customer, happened_at=at(4))
    factories.contract(customer, starts_on=march(4))
    factories.payment(customer, paid_on=march(4))
    history(customer, "stage", march(1), "")
    run(march(1), march(3))
    assert list(CustomerDay.objects.order_by("day").values()) == before, "not even rewritten"
