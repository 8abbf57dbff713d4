"""The demo company is deterministic and believable."""

import datetime as dt
from collections import Counter

import pytest
from django.apps import apps
from django.db import transaction

from customers.models import Customer, Subscription
from metrics.models import UsageEvent
from surveys.models import Response
from workspace.demo.lives import CUSTOMERS, Course, company_lives, tax_id
from workspace.demo.load import demo_load

pytestmark = pytest.mark.xdist_group("demo")  # the company is loaded once
TODAY = dt.date(2026, 11, 21)


def test_the_same_seed_and_day_give_the_same_company():
    assert company_lives(7, TODAY) == company_lives(7, TODAY)
    assert company_lives(7, TODAY) != company_lives(8, TODAY)


@pytest.mark.parametrize("seed", range(5))
def test_all_segments_and_courses_are_there_and_at_least_sixty_left(seed):
    lives = company_lives(seed, TODAY)
    assert len(lives) == CUSTOMERS
    assert {life.segment for life in lives} == {"volume", "mid", "high_value"}
    left = [life for life in lives if not life.active_on(TODAY)]
    assert len(left) >= 60
    assert sum(bool(life.decline_days) for life in left) > len(left) * 0.7
    assert any(not life.decline_days for life in left)
    assert {life.course for life in lives} == set(Course)
    assert all(life.starts_on <= TODAY for life in lives)


def test_check_digits_are_those_of_a_cnpj():
    assert tax_id(11_222_333) == "11.222.333/0001-81"


@pytest.fixture(scope="module")
def loaded_db(django_db_setup, django_db_blocker):
    """The company loaded once for the tests of this file, which only read it, and rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo_load(seed=1, today=TODAY, password="caixaclara-demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(loaded_db, db):
    return Customer.objects.all()


def test_every_kind_of_fact_is_there(company):
    counts = {model.__name__: model._default_manager.count() for model in apps.get_models()}
    for name in (
        "Subscription", "Contract", "Payment", "Contact", "Ticket", "Touchpoint", "Response",
        "Milestone", "Objective", "AcquisitionCost", "Product", "UsageEvent", "CustomerHistory",
    ):  # fmt: skip
        assert counts[name] > 0, name
    assert Counter(Response.objects.values_list("survey", flat=True)).keys() == {"nps", "csat", "ces"}


def test_customers_come_back_grow_and_buy_more_products(company):
    spans = Subscription.objects.order_by("customer", "starts_on")
    assert spans.filter(external_id__endswith="-R1").exists()
    assert spans.filter(product="Conciliação", starts_on__gt=dt.date(2025, 6, 1)).exists()
    by_key = Counter(spans.filter(external_id__endswith="-A1").values_list("external_id", flat=True))
    assert max(by_key.values()) >= 2


def test_usage_has_a_weekly_rhythm_and_falls_before_most_departures(company):
    by_weekday = Counter(day.weekday() for day in UsageEvent.objects.values_list("day", flat=True))
    assert by_weekday[6] < by_weekday[1] / 5
    falling = 0
    leavers = [life for life in company_lives(1, TODAY) if life.course is Course.LEAVES]
    for life in leavers:
        assert life.leaves_on
        events = UsageEvent.objects.filter(customer__external_id=life.external_id)
        month = dt.timedelta(days=30)
        last = events.filter(day__range=(life.leaves_on - month, life.leaves_on)).count()
        earlier_end = life.leaves_on - dt.timedelta(days=life.decline_days)
        earlier = events.filter(day__range=(earlier_end - month, earlier_end)).count()
        falling += last < earlier * 0.8
    assert falling > len(leavers) * 0.75


def test_nothing_is_dated_after_today(company):
    moments = [
        UsageEvent.objects.filter(day__gte=TODAY),
        Response.objects.filter(answered_at__date__gte=TODAY),
        Subscription.objects.filter(starts_on__gt=TODAY),
    ]
    assert not any(rows.exists() for rows in moments)
