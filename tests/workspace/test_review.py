"""The quarterly review: the quarter asked for, as of its last day, and nothing inside on the customer's paper."""

import datetime as dt

import pytest
from django.urls import reverse

from core import time
from customers.models import Attained, Milestone, SuccessPlan
from metrics.models import CustomerDay
from playbooks.models import Task
from tests import factories
from tests.queries import assert_constant_queries
from workspace.success.review import first_of, key_of

pytestmark = pytest.mark.django_db
D = dt.date


def test_quarters_are_read_from_the_address_and_wrong_ones_are_the_last_whole_one():
    today = D(2026, 5, 20)
    assert first_of("2026-Q1", today) == D(2026, 1, 1) and key_of(D(2026, 10, 1)) == "2026-Q4"
    for wrong in ("", "2026-Q5", "2027-Q1", "2026-Q3", "1-Q1", "²-Q1"):
        assert first_of(wrong, today) == D(2026, 1, 1)
    assert first_of("", D(2026, 2, 1)) == D(2025, 10, 1)


@pytest.fixture
def customer(analyst):
    one = factories.customer(name="Vale", owner=analyst)
    SuccessPlan.objects.create(customer=one, promise="Close in five days", next_steps="Train the treasury")
    goal = factories.objective(one, name="Hours", starts_on=D(2026, 1, 1), due_on=D(2026, 12, 31))
    for day, value in ((D(2026, 3, 1), 9), (D(2026, 6, 1), 7), (D(2026, 8, 1), 4)):
        Attained.objects.create(objective=goal, side="customer", value=value, stated_on=day, source="link")
    CustomerDay.objects.create(customer=one, day=D(2026, 6, 30), mrr_cents=70_000, opening_mrr_cents=70_000)
    CustomerDay.objects.create(customer=one, day=D(2026, 3, 31), mrr_cents=50_000, opening_mrr_cents=50_000)
    Milestone.objects.create(customer=one, milestone="First closing", reached_on=D(2026, 5, 2))
    Milestone.objects.create(customer=one, milestone="Later step", reached_on=D(2026, 7, 2))
    at = time.day_start(D(2026, 5, 5))
    factories.touchpoint(one, happened_at=at, summary="They doubt the price")
    Task.objects.create(customer=one, owner=analyst, title="Why is use falling?", state="done", closed_at=at)
    theme = factories.insight_theme(name="Slow reports", state="done", done_at=at, done_note="Fast now")
    factories.insight(one, theme=theme)
    return one


def page(client, customer, **query):
    answer = client.get(reverse("customer_review", args=[customer.pk]), {"quarter": "2026-Q2", **query})
    assert answer.status_code == 200
    return answer


def test_it_tells_the_quarter_as_of_its_last_day(login, analyst, customer):
    text = page(login(analyst), customer).content.decode()
    for said in (
        "Quarter 2 of 2026",
        "700",
        "500",
        "First closing",
        "Train the treasury",
        "Fast now",
        "says 7 h",
    ):
        assert said in text
    assert "Later step" not in text and "says 4 h" not in text


def test_what_is_the_teams_stays_off_the_customers_paper(login, analyst, customer):
    client = login(analyst)
    text = page(client, customer).content.decode()
    for inside in ("Health score", "Why is use falling?", "They doubt the price"):
        assert inside not in text
    text = page(client, customer, inside="1").content.decode()
    assert "Health score" in text and "Why is use falling?" in text and "They doubt the price" not in text


def test_a_customer_without_anything_still_has_its_page(login, viewer):
    text = page(login(viewer), factories.customer(name="New")).content.decode()
    assert "No objectives had begun." in text and "Nothing is agreed yet" in text and "—" in text


def test_more_happenings_need_no_more_queries(login, analyst, customer):
    def add(n):
        for _n in range(n):
            factories.touchpoint(customer, happened_at=time.day_start(D(2026, 5, 6)))
            factories.insight(customer, theme=factories.insight_theme())
            factories.objective(customer, starts_on=D(2026, 1, 1))

    address = reverse("customer_review", args=[customer.pk]) + "?quarter=2026-Q2&inside=1"
    assert_constant_queries(login(analyst), address, add)
