"""Stage *score*: raw values by the facts, versions by the day, and nobody reads the future."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from config import pipeline
from core import time
from customers.models import (
    Contact,
    Contract,
    Customer,
    CustomerHistory,
    Milestone,
    Payment,
    Product,
    Ticket,
    Touchpoint,
)
from customers.services.success import attained_record
from metrics.health import cards, feeds, values
from metrics.health.facts import NONE, Asked
from metrics.models import (
    CustomerDay,
    HealthDay,
    HealthFeed,
    HealthInput,
    HealthOverride,
    HealthPulse,
    ScorecardVersion,
    UsageDay,
    UsageEvent,
    UsageRolled,
)
from metrics.scope import cell
from surveys.models import Response
from tests import factories
from tests.metrics import world
from tests.nights import D, run, scores

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 6, 30)


def at(day: dt.date, hour: int = 15) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


def raw(day: dt.date, extra: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    found = values.read([Asked(day, day)], cell(1), extra)
    assert len(found.customer) == 1
    return {key: (int(one[0]), int(age[0])) for key, (one, age) in found.inputs.items() if one[0] != NONE}


@pytest.fixture
def customer():
    customer = factories.customer(
        pk=1, started_on=DAY - 730 * D, segment="mid", stage="ongoing", stage_by="hand"
    )
    factories.subscription(
        customer, starts_on=DAY - 730 * D, ends_on=DAY - 50 * D, mrr_cents=10_000, seats=4, plan="Pro"
    )
    factories.subscription(customer, starts_on=DAY - 50 * D, mrr_cents=9000, seats=4, plan="Pro")
    return customer


def test_only_a_subscription_is_known_of_a_day_one_customer(customer):
    run(DAY)
    assert raw(DAY) == {
        "mrr_trend": (900, 0),
        "tenure": (2000, 0),
        "milestones": (0, 0),
        "advocacy": (0, 0),
    }
    row = HealthDay.objects.get()
    assert (row.band_key, row.coverage) == ("unknown", 2200)


def test_every_source_says_what_its_facts_say(customer):
    ana = factories.contact(customer, role="champion", active_from=DAY - 99 * D)
    rui = factories.contact(customer, role="end_user", active_from=DAY - 99 * D)
    for n in range(3):
        factories.ticket(customer, opened_at=at(DAY - (10 + n) * D), solved_at=at(DAY - 9 * D), reopens=n)
    factories.ticket(customer, opened_at=at(DAY - 6 * D), due_at=at(DAY - 3 * D))
    factories.response(customer, survey="csat", score=2, answered_at=at(DAY - 5 * D))
    factories.response(customer, survey="csat", score=4, answered_at=at(DAY - 4 * D))
    factories.response(customer, survey="nps", score=10, contact=ana, answered_at=at(DAY - 40 * D))
    factories.response(customer, survey="nps", score=3, contact=ana, answered_at=at(DAY - 30 * D))
    factories.response(customer, survey="nps", score=9, contact=rui, answered_at=at(DAY - 20 * D))
    promise = factories.objective(
        customer, baseline=10, target=4, starts_on=DAY - 50 * D, due_on=DAY + 50 * D
    )
    promise.attained.create(side="customer", value=9, stated_on=DAY - 9 * D, source="link", contact=rui)
    promise.attained.create(side="customer", value=8, stated_on=DAY - 2 * D, source="link", contact=rui)
    promise.attained.create(side="ours", value=6, stated_on=DAY - D, source="assessment")
    factories.contract(customer, starts_on=DAY - 700 * D, ends_on=DAY - 335 * D)
    factories.contract(customer, starts_on=DAY - 335 * D, ends_on=DAY + 30 * D)
    factories.payment(customer, due_on=DAY - 20 * D, paid_on=DAY - 20 * D)
    factories.payment(customer, due_on=DAY - 10 * D, paid_on=DAY - 8 * D)
    factories.payment(customer, due_on=DAY - 1 * D, paid_on=None)
    factories.touchpoint(customer, contact=ana, happened_at=at(DAY - 12 * D))
    factories.touchpoint(customer, kind="reference", happened_at=at(DAY - 100 * D))
    factories.customer(pk=2, referred_by=customer, started_on=DAY - 5 * D)
    Milestone.objects.create(customer=customer, milestone="First", reached_on=DAY)
    HealthPulse.objects.create(
        customer=customer, score=8000, reason="Calm", set_on=DAY - 2 * D, expires_on=DAY + D
    )
    for event in ("invoice", "report", "secret"):
        Product.objects.create(product="Core", plan="Pro", feature=event, event=event)
    for back, event, person in [
        (0, "invoice", "ana"),
        (0, "login", "rui"),
        (29, "report", "ana"),
        (30, "secret", "eva"),
    ]:
        factories.usage(
            customer, day=DAY - back * D, occurred_at=at(DAY - back * D), event=event, person=person, count=2
        )
    run(DAY)
    customer.referrals.all().delete()
    found = raw(DAY, ("event:login:7", "event:report:14"))
    found.pop("advocacy")
    assert found == {
        "active_days": (2000, 0),
        "usage_trend": (3000, 0),
        "breadth": (667, 0),
        "seats_used": (500, 0),
        "event:login:7": (2000, 0),
        "event:report:14": (0, 0),
        "tickets_per_user": (2000, 0),
        "trouble": (3000, 0),
        "open_ticket_days": (6000, 0),
        "csat": (4000, 4),
        "nps": (0, 20),
        "success": (33_333, 2),
        "value_gap": (-16_667, 2),
        "perception_gap": (33_333, 2),
        "mrr_trend": (900, 0),
        "renewals": (1000, 0),
        "renewal_days": (30_000, 0),
        "tenure": (2000, 0),
        "late_payments": (2000, 0),
        "milestones": (1000, 0),
        "stakeholders": (200, 0),
        "touch_days": (12_000, 0),
        "pulse": (80_000, 0),
    }


def test_a_plan_confirmed_by_less_than_half_is_no_success_and_no_failure(customer):
    told = factories.objective(customer, name="Told", weight=1, starts_on=DAY - 50 * D, due_on=DAY + 50 * D)
    factories.objective(customer, name="Silent", weight=2, starts_on=DAY - 50 * D, due_on=DAY + 50 * D)
    told.attained.create(side="customer", value=4, stated_on=DAY - D, source="link")
    factories.response(customer, survey="success", score=90, answered_at=at(DAY - 2 * D))
    run(DAY)
    assert not {"success", "value_gap", "perception_gap"} & set(raw(DAY))


def test_what_a_customer_says_today_is_in_its_score_at_once(customer):
    objective = factories.objective(customer, starts_on=DAY - 50 * D, due_on=DAY + 50 * D)
    run(time.today() - D)
    attained_record(actor=None, objective=objective, side="customer", value=Decimal(8), source="link")
    pipeline.finish(["events"])
    assert HealthInput.objects.get(day=time.today()).inputs["success"][1] == 0


def test_a_score_set_by_hand_is_shown_and_the_own_one_stays(customer):
    HealthOverride.objects.create(
        customer=customer, score=3000, reason="New board", set_on=DAY, expires_on=DAY + D
    )
    run(DAY - D, DAY + D)
    rows = {row.day: row for row in HealthDay.objects.all()}
    assert (rows[DAY].score, rows[DAY].own, rows[DAY].band_key) == (3000, 1600, "red")
    assert rows[DAY - D].override_id is None
    assert (rows[DAY + D].score, rows[DAY + D].band_key) == (1600, "unknown")


def test_a_version_holds_from_its_day_on(customer):
    first = cards.published()[0]
    definition = {
        "factors": ["tenure"],
        "cells": {"": {"tenure": first.version.definition["cells"][""]["mrr_trend"]}},
    }
    second = ScorecardVersion.objects.create(
        number=2, state="published", definition=definition, published_at=time.now(), in_force_from=DAY
    )
    run(DAY - D, DAY)
    assert list(HealthDay.objects.order_by("day").values_list("version_id", flat=True)) == [
        first.version.pk,
        second.pk,
    ]


def test_who_has_left_or_is_archived_has_no_score(customer):
    customer.subscriptions.update(ends_on=DAY)
    run(DAY - D, DAY)
    assert list(HealthDay.objects.values_list("day", flat=True)) == [DAY - D]


def test_the_first_ticket_of_anybody_makes_none_known(customer):
    run(DAY - D, DAY)
    assert "trouble" not in HealthInput.objects.get(day=DAY).inputs
    other = factories.customer(pk=2)
    factories.ticket(other, opened_at=at(DAY))
    assert feeds.notice()
    assert not feeds.notice()
    pipeline.finish(["stale days"])
    assert HealthInput.objects.get(day=DAY, customer=1).inputs["trouble"] == [0, 0]
    assert "trouble" not in HealthInput.objects.get(day=DAY - D).inputs


def forget() -> None:
    for table in (HealthDay, HealthInput, CustomerDay, UsageDay, UsageRolled):
        table.objects.all().delete()


@pytest.mark.parametrize("back", [3, 17])
def test_nobody_reads_the_future(back):
    world.build()
    contact = Contact.objects.create(
        customer_id=1, email="a@b.test", role="champion", active_from=world.FIRST
    )
    Touchpoint.objects.filter(customer=1).update(contact=contact)
    last = world.LAST - back * D
    # Before the first recorded value that value holds: the first one is not the future.
    for key in Customer.objects.values_list("pk", flat=True):
        CustomerHistory.objects.get_or_create(
            customer_id=key, field="segment", valid_from=world.FIRST - D, defaults={"value": "volume"}
        )
    promise = factories.objective(Customer.objects.get(pk=1), starts_on=world.FIRST, due_on=world.LAST)
    for n, day in enumerate(time.days(world.FIRST, world.LAST)):
        promise.attained.create(side="customer", value=n % 7, stated_on=day, source="link")
    run(world.FIRST, world.LAST)
    before = [row for row in scores() if row[0] <= last]
    assert len(before) > 100
    end = time.day_start(last + D)
    UsageEvent.objects.filter(day__gt=last).update(count=F("count") * 50)
    UsageEvent.objects.filter(day=last + D).delete()
    Response.objects.filter(answered_at__gte=end).update(score=0)
    Ticket.objects.filter(opened_at__gte=end).update(due_at=end, reopens=9)
    Ticket.objects.filter(opened_at__lt=end, solved_at__gte=end).update(solved_at=None, reopens=7)
    Touchpoint.objects.filter(happened_at__gte=end).delete()
    Payment.objects.filter(paid_on__gt=last).update(paid_on=None, due_on=last + D)
    Contract.objects.filter(starts_on__gt=last).delete()
    CustomerHistory.objects.filter(valid_from__gt=last).update(value="high_value")
    factories.subscription(Customer.objects.get(pk=1), starts_on=last + D, mrr_cents=99_000)
    HealthPulse.objects.create(customer_id=1, score=1, reason="x", set_on=last + D, expires_on=last + 9 * D)
    promise.attained.filter(stated_on__gt=last).update(value=99)
    forget()
    run(world.FIRST, last)
    assert [row for row in scores() if row[0] <= last] == before


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        (ScorecardVersion, {"state": "draft", "definition": {}, "number": 7}),
        (ScorecardVersion, {"state": "published", "definition": {}}),
        (
            HealthPulse,
            {"customer_id": 1, "score": 10_001, "reason": "x", "set_on": DAY, "expires_on": DAY + D},
        ),
        (HealthPulse, {"customer_id": 1, "score": 1, "reason": "", "set_on": DAY, "expires_on": DAY + D}),
        (HealthOverride, {"customer_id": 1, "score": 1, "reason": "x", "set_on": DAY, "expires_on": DAY}),
        (HealthFeed, {"kind": "tickets", "since": DAY}),
    ],
)
def test_the_database_refuses_what_cannot_be(customer, table, fields):
    HealthFeed.objects.create(kind="tickets", since=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.create(**fields)


@pytest.mark.parametrize(
    "change", [{"own": None}, {"low": 9000}, {"band": 4}, {"coverage": 10_001}, {"score": None, "band": 1}]
)
def test_the_database_refuses_a_score_that_cannot_be(customer, change):
    run(DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        HealthDay.objects.update(**change)


def test_one_draft_at_a_time():
    ScorecardVersion.objects.create(definition={})
    with pytest.raises(IntegrityError), transaction.atomic():
        ScorecardVersion.objects.create(definition={})
