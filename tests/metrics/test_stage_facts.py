"""Stage rules that go by facts: activated, and renewed once and green for so many days."""

import datetime as dt

import pytest

from core import time
from customers.models import Milestone, StageRule
from customers.services.ruled import stages_apply
from customers.services.rules import stage_rules_set
from customers.stages import StageMove, next_stage, onboarding_days
from metrics.health.bands import Band
from metrics.health.sources import default_definition
from metrics.models import HealthDay, ScorecardVersion
from metrics.services.activation import Asked, activation_publish
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 1)
D = dt.timedelta(days=1)
GREEN = StageMove("ongoing", "support", "green", 3)
ACTIVATED = StageMove("onboarding", "ongoing", "active", 0)


def use(*moves):
    StageRule.objects.all().delete()
    for move in moves:
        StageRule.objects.create(
            from_stage=move.from_stage, to_stage=move.to_stage, basis=move.basis, days=move.days
        )


def stage_of(customer, day=DAY):
    stages_apply(day=day)
    customer.refresh_from_db()
    return customer.stage


@pytest.fixture
def card(db):
    return ScorecardVersion.objects.create(
        number=1, state="published", definition=default_definition(), published_at=time.now()
    )


def healthy(customer, day, card, band):
    HealthDay.objects.create(day=day, customer=customer, version=card, band=band, score=8000)


def ongoing(card, *, terms=2, bands=(Band.GREEN,) * 3, **fields):
    """A customer long in its stage, with contract terms and the bands of the last days, the last first."""
    customer = factories.customer(stage="ongoing", started_on=DAY - 800 * D, **fields)
    for n in range(terms):
        starts = DAY - (700 - 365 * n) * D
        factories.contract(customer, starts_on=starts, ends_on=starts + 365 * D)
    for back, band in enumerate(bands, start=1):
        healthy(customer, DAY - back * D, card, band)
    return customer


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ({}, "support"),
        ({"terms": 1}, "ongoing"),
        ({"bands": (Band.GREEN, Band.GREEN)}, "ongoing"),
        ({"bands": (Band.GREEN, Band.YELLOW, Band.GREEN, Band.GREEN)}, "ongoing"),
        ({"stage_by": "hand"}, "ongoing"),
        ({"stage_by": "file"}, "ongoing"),
    ],
)
def test_renewed_once_and_green_on_each_day_leads_to_support(card, given, then):
    use(GREEN)
    assert stage_of(ongoing(card, **given)) == then


def test_what_a_night_does_not_know_yet_moves_nobody(card):
    use(GREEN)
    customer = ongoing(card, bands=(Band.GREEN,) * 2)
    healthy(customer, DAY, card, Band.GREEN)
    signed_later = ongoing(card, terms=1)
    factories.contract(signed_later, starts_on=DAY, ends_on=DAY + 365 * D)
    assert stage_of(customer) == stage_of(signed_later) == "ongoing"
    assert stage_of(customer, DAY + D) == "support"


def test_who_is_activated_leaves_onboarding_the_night_after(admin):
    asked = Asked("milestone", "Go-live", 1, 30)
    activation_publish(actor=admin, segment="", applies_from=None, asked=[asked])
    use(ACTIVATED)
    made = [factories.customer(stage="onboarding", started_on=DAY - 20 * D) for _ in range(3)]
    Milestone.objects.create(customer=made[0], milestone="Go-live", reached_on=DAY - D)
    Milestone.objects.create(customer=made[1], milestone="Go-live", reached_on=DAY)
    assert [stage_of(one) for one in made] == ["ongoing", "onboarding", "onboarding"]
    made[0].refresh_from_db()
    assert (made[0].stage_since, made[0].stage_by) == (DAY, "rule")
    assert [stage_of(one, DAY + D) for one in made] == ["ongoing", "ongoing", "onboarding"]
    use(StageMove("onboarding", "ongoing", "active", 5))
    late = factories.customer(stage="onboarding", started_on=DAY - 20 * D)
    Milestone.objects.create(customer=late, milestone="Go-live", reached_on=DAY - 5 * D)
    assert (stage_of(late), stage_of(late, DAY + D)) == ("onboarding", "ongoing")


def test_the_rules_are_set_like_the_others_and_facts_do_not_say_how_long_onboarding_lasts(admin):
    assert stage_rules_set(actor=admin, moves=[ACTIVATED, GREEN]) == 0
    assert onboarding_days([ACTIVATED]) == 90
    assert onboarding_days([ACTIVATED, StageMove("onboarding", "ongoing", "entered", 40)]) == 40


@pytest.mark.parametrize(
    ("decided_by", "facts", "then"),
    [
        ("rule", {("green", 3)}, "support"),
        ("rule", {("green", 2)}, "ongoing"),
        ("rule", (), "ongoing"),
        ("hand", {("green", 3)}, "ongoing"),
    ],
)
def test_facts_in_python(decided_by, facts, then):
    found = next_stage(
        stage="ongoing",
        decided_by=decided_by,
        since=None,
        started_on=None,
        moves=[GREEN],
        day=DAY,
        facts=facts,
    )
    assert found == then


def test_the_settings_page_offers_them(login, admin):
    body = login(admin).get("/settings/stages/").content.decode()
    assert "being activated" in body
    assert "once renewed" in body
