"""Expansion potential: each sign and its points, in lists, on the page and over the API; never in the score."""

import datetime as dt

import pytest

from core import time
from metrics import listing, potential
from metrics.models import CurrentRow, CustomerDay, HealthDay
from metrics.potential import Potential
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    return time.today() - D


@pytest.fixture
def customer(night):
    customer = factories.customer(name="Vale", started_on=night - 200 * D)
    factories.subscription(customer, starts_on=night - 200 * D, mrr_cents=10_000, seats=10)
    run(night - 90 * D)
    run(night)
    return customer


def day_of(customer, night, **fields):
    CustomerDay.objects.filter(customer=customer, day=night).update(**fields)


def told(customer, night) -> Potential:
    found = potential.of(customer.pk, night)
    assert found is not None
    return found


@pytest.mark.parametrize(("people", "points"), [(7, 0), (8, 15), (9, 30), (10, 40), (14, 40)])
def test_seats_near_the_limit_speak_for_more(customer, night, people, points):
    day_of(customer, night, active_people_30=people)
    day_of(customer, night - 90 * D, active_people_30=people)
    assert told(customer, night).points == {"seats": points, "asked": 0, "success": 0, "growth": 0}


@pytest.mark.parametrize(("before", "now", "points"), [(2, 6, 0), (4, 4, 0), (5, 6, 10), (4, 5, 20)])
def test_growth_of_use_speaks_for_more(customer, night, before, now, points):
    day_of(customer, night, active_people_30=now)
    day_of(customer, night - 90 * D, active_people_30=before)
    assert told(customer, night).points["growth"] == points


def test_what_was_asked_for_lately_speaks_for_more_and_a_problem_does_not(customer, night):
    factories.insight(customer, kind="problem", said_on=night)
    factories.insight(customer, kind="wish", said_on=night - 181 * D)
    factories.insight(customer, kind="wish", said_on=night + D)
    assert told(customer, night).points["asked"] == 0
    wish = factories.insight(customer, kind="wish", said_on=night)
    factories.insight(customer, kind="wish", said_on=night, duplicate_of=wish)
    found = told(customer, night)
    assert (found.points["asked"], found.asked) == (20, 1)


@pytest.mark.parametrize(("value", "points"), [(8, 0), (7, 10), (5, 10), (4, 20), (3, 20)])
def test_what_was_promised_and_attained_speaks_for_more(customer, night, value, points):
    objective = factories.objective(customer, starts_on=night - 50 * D)
    assert told(customer, night).attained is None
    objective.attained.create(side="customer", value=value, stated_on=night, source="link")
    assert told(customer, night).points["success"] == points


def test_who_pays_nothing_or_of_whom_nothing_is_known_has_none(customer, night):
    day_of(customer, night, seats=None)
    CustomerDay.objects.filter(day=night - 90 * D).delete()
    assert potential.of(customer.pk, night) is None
    day_of(customer, night, seats=5, mrr_cents=0, opening_mrr_cents=0)
    assert potential.of(customer.pk, night) is None


def test_lists_sort_by_it_and_it_is_no_part_of_the_score(customer, night, login, analyst):
    other = factories.customer(name="Serra", started_on=night - 200 * D)
    factories.subscription(other, starts_on=night - 200 * D, mrr_cents=10_000, seats=100)
    run(night)
    before = list(HealthDay.objects.order_by("customer").values_list("customer", "score"))
    day_of(customer, night, active_people_30=10)
    listing.list_newest()
    assert dict(CurrentRow.objects.values_list("customer", "potential")) == {customer.pk: 40, other.pk: 0}
    assert list(HealthDay.objects.order_by("customer").values_list("customer", "score")) == before
    team = login(analyst)
    rows = team.get("/api/v1/portfolio/?ordering=-potential").json()["results"]
    assert [(row["name"], row["expansion_potential"]) for row in rows] == [("Vale", 40), ("Serra", 0)]
    page = team.get("/portfolio/?cols=customer&cols=potential&sort=-potential").content.decode()
    assert "Expansion potential" in page
    past = team.get(f"/api/v1/portfolio/?ordering=-potential&as_of={night - 90 * D}")
    assert past.status_code == 200 and past.json()["results"][0]["expansion_potential"] is None


def test_the_page_and_the_api_say_why(customer, night, login, analyst):
    day_of(customer, night, active_people_30=9)
    day_of(customer, night - 90 * D, active_people_30=5)
    team = login(analyst)
    page = team.get(f"/customers/{customer.pk}/").content.decode()
    assert "9 of 10 seats used in 30 days" in page and "5 → 9 people active in 90 days" in page
    assert "Worth a talk" in page
    answer = team.get(f"/api/v1/health/{customer.pk}/potential/").json()
    assert (answer["total"], answer["points"]["seats"], answer["points"]["growth"]) == (50, 30, 20)
    assert team.get(f"/api/v1/health/{customer.pk}/potential/?date={dt.date(2001, 1, 1)}").status_code == 404
