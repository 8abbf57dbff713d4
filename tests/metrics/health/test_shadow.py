"""A shadow scores beside the published version, is shown side by side, and touches nothing of it."""

import datetime as dt
import json

import pytest

from core import time
from metrics.health import cards, shadow
from metrics.models import HealthDay, HealthOverride, HealthShadow, ScorecardVersion
from metrics.refill import recompute
from metrics.scope import some
from metrics.services.scorecards import draft_publish, draft_save, shadow_start, shadow_stop
from tests import factories
from tests.nights import D, run, scores

pytestmark = pytest.mark.django_db

FIRST = dt.date(2024, 6, 25)


@pytest.fixture
def customer(monkeypatch, admin):
    monkeypatch.setattr(time, "today", lambda: FIRST)
    factories.ticket(
        factories.customer(archived_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        opened_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )
    customer = factories.customer(started_on=FIRST - 400 * D)
    factories.subscription(customer, starts_on=FIRST - 400 * D, mrr_cents=10_000)
    factories.ticket(
        customer,
        opened_at=dt.datetime(2024, 6, 20, tzinfo=dt.UTC),
        due_at=dt.datetime(2024, 6, 21, tzinfo=dt.UTC),
    )
    return customer


def strict():
    definition = json.loads(json.dumps(cards.published()[0].version.definition))
    definition["cells"][""]["trouble"] = {
        "weight": 9000,
        "curve": [[0, 10_000], [1000, 0]],
        "fresh_for": None,
    }
    return definition


def test_it_is_stored_every_night_beside_what_is_published(customer, admin, monkeypatch):
    draft_save(actor=admin, definition=strict())
    version = shadow_start(actor=admin)
    assert cards.draft() is not None
    monkeypatch.setattr(time, "today", lambda: FIRST + 5 * D)
    run(FIRST - 2 * D, FIRST - D)
    assert not HealthShadow.objects.exists()
    before = scores()
    run(FIRST, FIRST + 2 * D)
    assert [row for row in scores() if row[0] < FIRST] == before
    rows = HealthShadow.objects.filter(customer=customer).order_by("day")
    assert [row.day for row in rows] == [FIRST, FIRST + D, FIRST + 2 * D]
    published = HealthDay.objects.get(customer=customer, day=FIRST)
    assert rows[0].band == 1
    assert published.band > 1
    told = shadow.compared(version)
    assert [night.day for night in told] == [FIRST + 2 * D, FIRST + D, FIRST]
    assert told[0].pairs[published.band_key, "red"] == 1
    assert told[0].mean is not None
    assert told[0].mean < 0
    as_they_were = list(rows.values_list("day", "score", "band", "across"))
    recompute([FIRST], some([customer.pk]))
    assert list(rows.values_list("day", "score", "band", "across")) == as_they_were


def test_a_score_set_by_hand_stands_above_the_shadow_too(customer, admin, monkeypatch):
    draft_save(actor=admin, definition=strict())
    shadow_start(actor=admin)
    monkeypatch.setattr(time, "today", lambda: FIRST + 5 * D)
    HealthOverride.objects.create(
        customer=customer, score=9000, reason="x", set_on=FIRST, expires_on=FIRST + 9 * D
    )
    run(FIRST)
    row = HealthShadow.objects.get(customer=customer)
    assert (row.score, row.band) == (9000, 3)


def test_it_ends_by_hand_by_another_and_when_it_is_published(customer, admin):
    draft_save(actor=admin, definition=strict())
    first = shadow_start(actor=admin)
    HealthShadow.objects.create(version=first, day=FIRST, customer=customer)
    second = shadow_start(actor=admin)
    assert not ScorecardVersion.objects.filter(pk=first.pk).exists()
    assert not HealthShadow.objects.exists()
    shadow_stop(actor=admin)
    shadow_stop(actor=admin)
    assert not ScorecardVersion.objects.filter(pk=second.pk).exists()
    shadow_start(actor=admin)
    draft_publish(actor=admin, note="More on tickets")
    assert cards.shadow() is None
