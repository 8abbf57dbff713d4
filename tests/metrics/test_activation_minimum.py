"""The activation minimum: what is proposed, that it is tried on others, and that mere chance claims nothing."""

import datetime as dt

import numpy as np
import pytest

from customers.models import Milestone, Subscription
from metrics.first_weeks import activation_minimum
from metrics.minimum import Asked, minimum
from metrics.models import UsageDay
from metrics.services.activation import asked_by, versions
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 6, 30)
START = DAY - 300 * D


@pytest.fixture
def company():
    """Sixty that stayed, of whom 54 reported thrice in two weeks; thirty that left, of whom six did; all logged in."""
    for n in range(90):
        stayed = n < 60
        customer = factories.customer(started_on=START, segment="mid" if n % 2 else "volume")
        factories.subscription(
            customer, starts_on=START, ends_on=None if stayed else START + 90 * D, mrr_cents=10_000
        )
        rows = [(START + D, "login", 4)]
        if n % 10 != 9 if stayed else n % 5 == 0:
            rows.append((START + 10 * D, "report", 3))
        if n % 3 == 0:
            rows.append((START + 20 * D, "report", 9))
        for day, feature, events in rows:
            UsageDay.objects.create(customer=customer, day=day, person="ana", feature=feature, events=events)
        if n % 4 == 0:
            Milestone.objects.create(customer=customer, milestone="Live", reached_on=START + 3 * D)
    UsageDay.objects.create(customer=customer, day=START, person="ana", feature="first seen", events=1)
    run(DAY)


def test_what_best_tells_is_proposed_with_counts_on_others(company):
    found = activation_minimum(DAY)
    assert (found.stayed, found.left) == (60, 30)
    assert found.asked == (Asked("action", "report", 1, 14),)
    assert found.together is not None and (found.together.hits, found.together.other_hits) == (54, 6)
    assert found.tried is not None and (found.tried.hits, found.tried.other_hits) == (54, 6)
    assert found.is_evidence
    best = {one.name: one for one, _told in found.best}
    assert set(best) == {"report", "login", "Live"}


def test_who_started_too_late_never_paid_or_before_usage_is_known_is_left_out(company):
    factories.subscription(
        factories.customer(started_on=DAY - 100 * D), starts_on=DAY - 100 * D, mrr_cents=100
    )
    factories.customer(started_on=START)
    early = factories.customer(started_on=START - 200 * D)
    factories.subscription(early, starts_on=START - 200 * D, mrr_cents=100)
    found = activation_minimum(DAY)
    assert found.stayed + found.left == 90
    assert activation_minimum(DAY, "mid").stayed == 30


def test_nobody_reads_the_future(company):
    before = activation_minimum(START + 200 * D)
    Subscription.objects.filter(ends_on=None).update(ends_on=START + 201 * D)
    UsageDay.objects.filter(day__gt=START + 200 * D).delete()
    assert activation_minimum(START + 200 * D) == before


def test_few_customers_and_mere_chance_claim_nothing():
    stayed = np.arange(38) < 19
    did = np.arange(38) < 19
    few = minimum(stayed, {Asked("action", "x", 1, 7): did})
    assert few.asked == () and not few.enough and len(few.best) == 1
    chance = np.random.default_rng(3)
    stayed = chance.random(400) < 0.7
    masks = {Asked("action", f"e{n}", 1, 7): chance.random(400) < 0.5 for n in range(40)}
    assert not minimum(stayed, masks).is_evidence


def test_the_page_proposes_and_a_button_takes_it_over_as_a_draft(company, login, admin):
    team = login(admin)
    page = team.get("/settings/activation/minimum/").content.decode()
    assert "report within 14 days" in page and "90%, 54 of 60" in page and "20%, 6 of 30" in page
    draft = team.get("/settings/activation/?take=minimum").content.decode()
    assert "This is a draft" in draft and 'value="report"' in draft
    assert versions("") == []
    data = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-kind": "action",
        "form-0-name": "report",
    }
    data |= {"form-0-times": "1", "form-0-within_days": "14", "applies_from": ""}
    answer = team.post("/settings/activation/?take=minimum", data)
    assert answer["Location"] == "/settings/activation/"
    assert [one.name for one in asked_by(versions("")[0])] == ["report"]
    assert team.get("/settings/activation/minimum/?segment=x").status_code == 404


def test_the_api_tells_the_same(company, login, admin):
    team = login(admin)
    told = team.get("/api/v1/behaviours/activation-minimum/").json()
    assert told["asked"] == [{"kind": "action", "name": "report", "times": 1, "within_days": 14}]
    assert (told["stayed"], told["left"], told["evidence"]) == (60, 30, True)
    assert told["tried"] == {"stayed": 54, "left": 6}
    assert team.get("/api/v1/behaviours/activation-minimum/?segment=x").status_code == 400
