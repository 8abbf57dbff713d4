"""Moves worth knowing: found once a night, told to listeners and webhooks, never again when a day is restated."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import WebhookMessage
from core import time
from core.models import Event, WorkState
from metrics.health import moves
from metrics.health.cards import published
from metrics.models import HealthDay, HealthMove, HealthShadow, LabTask, Night, ScorecardVersion
from tests import factories
from tests.nights import D

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 6, 30)


@pytest.fixture
def customer(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: DAY + D)
    return factories.customer()


def score(customer, day, value, band, coverage=9000):
    known = {} if value is None else {"own": value, "score": value, "low": value, "high": value}
    return HealthDay.objects.create(
        customer=customer, day=day, version=published()[0].version, band=band, coverage=coverage, **known
    )


def night(day):
    return Night.objects.create(day=day, state=WorkState.DONE, finished_at=time.now())


def found():
    return sorted(HealthMove.objects.values_list("day", "kind", "before", "after"))


def test_band_changes_falls_and_lost_coverage_are_found_once_and_told_once(customer):
    from accounts.models import Webhook

    hook = Webhook.objects.create(url="https://example.com/x", types=["health.drop"], secret_sealed="x")
    for n, (value, band) in enumerate([(8000, 3), (7900, 3), (6900, 2), (6800, 2), (None, 0)]):
        score(customer, DAY - (4 - n) * D, value, band)
    score(customer, DAY - 9 * D, 7900, 3)
    for n in range(6):
        night(DAY - n * D)
    while moves.due():
        moves.find()
    assert found() == [
        (DAY - 2 * D, "band", 3, 2),
        (DAY - 2 * D, "drop", 7900, 6900),
        (DAY, "coverage", 2, 0),
    ]
    events = [(one.customer_id, one.payload["kind"]) for one in Event.objects.filter(kind="health.moved")]
    assert sorted(events) == [(customer.pk, "band"), (customer.pk, "coverage"), (customer.pk, "drop")]
    told = WebhookMessage.objects.get(webhook=hook)
    assert told.type == "health.drop"
    assert told.data == {
        "customer_id": customer.pk,
        "kind": "drop",
        "day": "2024-06-28",
        "before": 79.0,
        "after": 69.0,
    }
    Night.objects.update(restated_at=time.now(), told_at=None)
    HealthDay.objects.filter(day=DAY - 3 * D).update(band=1)
    assert not moves.due()
    moves._find(DAY)
    assert Event.objects.filter(kind="health.moved").count() == 3


def test_a_fall_is_told_once_a_week_and_old_nights_tell_nobody(customer):
    old = DAY - 40 * D
    for n in range(16):
        score(customer, old + n * D, 9000 - 200 * n, 3)
    for n in range(16):
        night(old + n * D)
    night(DAY - 200 * D)
    moves.find()
    assert [day for day, _kind, _was, _now in found()] == [old + 7 * D, old + 14 * D]
    assert not Event.objects.filter(kind="health.moved").exists()
    assert not moves.due()


def test_another_kind_of_move_can_be_added(customer, monkeypatch):
    monkeypatch.setattr(moves, "_QUERIES", {})
    moves.also(
        HealthMove.RISK,
        "SELECT z.customer_id AS customer_id, 1000 AS was, 2500 AS now FROM metrics_healthday z"
        " WHERE z.day = %(day)s",
    )
    score(customer, DAY, 8000, 3)
    night(DAY)
    moves.find()
    assert moves.payload(HealthMove.objects.get()) == {
        "kind": "risk",
        "day": "2024-06-30",
        "before": 0.1,
        "after": 0.25,
    }


def test_a_published_version_does_not_change_even_in_the_database(customer):
    version = published()[0].version
    changes: list[dict[str, object]] = [
        {"note": "x"},
        {"definition": {}},
        {"in_force_from": DAY},
        {"state": "draft"},
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            ScorecardVersion.objects.filter(pk=version.pk).update(**change)
    ScorecardVersion.objects.filter(pk=version.pk).update(author=None)
    draft = ScorecardVersion.objects.create(definition={}, note="x")
    ScorecardVersion.objects.filter(pk=draft.pk).update(note="y")


def test_constraints_hold(customer):
    draft = ScorecardVersion.objects.create(definition={})
    move = {"day": DAY, "customer": customer, "kind": "band", "before": 3, "after": 2}
    shadow = {"version": draft, "day": DAY, "customer": customer, "score": 1, "band": 1}
    task = {"kind": "backtest", "key": "x", "definition": {}, "day": DAY}
    for table, right, wrong in (
        (HealthMove, move, {}),
        (HealthMove, move, {"kind": "mood"}),
        (HealthShadow, shadow, {}),
        (HealthShadow, shadow, {"day": DAY + D, "score": 10_001}),
        (HealthShadow, shadow, {"day": DAY + D, "score": None}),
        (LabTask, task, {}),
        (LabTask, task, {"key": "y", "kind": "tea"}),
        (LabTask, task, {"key": "y", "progress": 101}),
    ):
        if not wrong:
            table.objects.create(**right)
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.create(**(right | wrong))
