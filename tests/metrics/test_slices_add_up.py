"""Slices against a count in plain Python: each case once, in the slice of the customer's first day; parts add up."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest

from accounts.models import User
from core import time
from customers.models import Customer, CustomerHistory
from metrics import support, support_times, value, voice
from metrics.models import CustomerDay, FirstValueSign
from metrics.periods import Period, cut
from metrics.slices import EVERYBODY
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db

FIRST, END = dt.date(2024, 2, 10), dt.date(2024, 4, 5)
LAST = END - D
SEGMENTS, STAGES = ("", "volume", "mid", "high_value"), ("", "onboarding", "ongoing", "support")


@pytest.fixture
def world():
    """A dozen customers that change hands while they answer, ask for help and come to their first value."""
    made_up = random.Random(11)
    owners = [factories.user(email=f"{name}@zelo.test") for name in ("ana", "rui")]
    FirstValueSign.objects.create(kind="event", name="reconciled")

    def day() -> dt.date:
        return FIRST + made_up.randrange((END - FIRST).days) * D

    def moment() -> dt.datetime:
        return dt.datetime.combine(day(), dt.time(made_up.randrange(24), 7), tzinfo=dt.UTC)

    for _ in range(12):
        customer = factories.customer(started_on=made_up.choice([FIRST - 9 * D, day()]), stage_by="hand")
        for field, values in (
            ("segment", SEGMENTS),
            ("stage", STAGES),
            ("owner", ("", "ana@zelo.test", "rui@zelo.test")),
        ):
            for since in {day() for _ in range(made_up.randrange(3))}:
                told = made_up.choice(values)
                owner = next((who for who in owners if field == "owner" and who.email == told), None)
                CustomerHistory.objects.create(
                    customer=customer, field=field, valid_from=since, value=told, owner=owner
                )
        for _ in range(made_up.randrange(9)):
            survey, scale = made_up.choice([("nps", range(11)), ("csat", range(1, 6)), ("ces", range(1, 8))])
            factories.response(customer, survey=survey, score=made_up.choice(scale), answered_at=moment())
        for _ in range(made_up.randrange(6)):
            opened = moment()
            hours = made_up.randrange(1, 200)
            factories.ticket(
                customer,
                opened_at=opened,
                first_response_at=made_up.choice([None, opened + dt.timedelta(hours=hours)]),
                solved_at=made_up.choice([None, opened + dt.timedelta(hours=2 * hours)]),
                team_replies=made_up.choice([None, 0, 1, 2]),
                reopens=made_up.choice([None, 0, 0, 1]),
                channel=made_up.choice(["phone", "email"]),
            )
        used = day()
        factories.usage(
            customer,
            event="reconciled",
            day=used,
            occurred_at=dt.datetime.combine(used, dt.time(15), tzinfo=dt.UTC),
        )
    run(FIRST - 9 * D, LAST)


def part_of(customer: Customer, period: Period, by: str) -> str:
    """Return the part a person would read off the customer's first row on or after the period's first day."""
    rows = CustomerDay.objects.filter(customer=customer, day__gte=period.first).order_by("day")
    row = rows.first()
    assert row is not None
    if by == "owner":
        return User.objects.get(pk=row.owner_id).email if row.owner_id else "none"
    return getattr(row, by) or "none"


@pytest.mark.parametrize("by", ["segment", "stage", "owner"])
@pytest.mark.parametrize("grain", ["week", "month", None])
def test_every_case_is_in_one_part_and_parts_add_up(world, by, grain):
    periods = cut(FIRST, END, grain)
    readers: dict[Any, tuple[str, ...]] = {
        voice.read: ("promoters", "passives", "detractors", "csat", "csat_sum", "ces", "ces_easy"),
        support_times.read_first_responses: ("cases", "total", "open"),
        support_times.read_resolutions: ("cases", "total"),
        support.read_solved: ("countable", "first_contact", "later"),
        support.read_backlog: ("tickets",),
    }
    for read, names in readers.items():
        whole, parts = read(periods, None, EVERYBODY, LAST), read(periods, by, EVERYBODY, LAST)
        assert {period for period, _ in parts} == {period for period, _ in whole}
        for period in periods:
            for name in names:
                told = [getattr(found, name) for (at, _), found in parts.items() if at == period]
                assert sum(told) == sum(
                    getattr(found, name) for (at, _), found in whole.items() if at == period
                ), (read, name, period)
    ways, way_parts = value.read(periods, None, EVERYBODY, LAST), value.read(periods, by, EVERYBODY, LAST)
    for (period, _), whole_ways in ways.items():
        together: Counter[int] = Counter()
        for (at, _), found in way_parts.items():
            if at == period:
                together.update(found.reached)
        assert together == Counter(whole_ways.reached)


@pytest.mark.parametrize("by", ["segment", "stage", "owner"])
def test_answers_and_tickets_are_counted_as_a_person_would(world, by):
    periods = cut(FIRST, END, "month")
    found, opened = (
        voice.read(periods, by, EVERYBODY, LAST),
        support_times.read_first_responses(periods, by, EVERYBODY, LAST),
    )
    answers: Counter[tuple[Period, str]] = Counter()
    tickets: Counter[tuple[Period, str]] = Counter()
    for customer in Customer.objects.prefetch_related("responses", "tickets"):
        for period in periods:
            part = part_of(customer, period, by)
            said = [a for a in customer.responses.all() if _inside(period, a.answered_at)]
            answers[period, part] += len(said)
            tickets[period, part] += sum(_inside(period, t.opened_at) for t in customer.tickets.all())
    assert {
        key: v.promoters + v.passives + v.detractors + v.csat + v.ces for key, v in found.items()
    } == +answers
    assert {key: took.cases + took.open for key, took in opened.items()} == +tickets


def _inside(period: Period, moment: dt.datetime) -> bool:
    return period.first <= time.local_day(moment) < period.end
