"""Why a score is what it is: what people say, the panel, the sentence, the command."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import AuditEntry
from config import pipeline
from core import time
from metrics.health import explain
from metrics.models import HealthDay, HealthPulse
from metrics.services.health import override_set, pulse_set, word_withdraw
from metrics.services.scorecards import draft_discard, draft_publish, draft_save, version_restore
from tests import factories
from tests.nights import D, run
from workspace.customer.asof import AsOf
from workspace.customer.health import health

pytestmark = pytest.mark.django_db
LAST = dt.date(2024, 6, 30)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    return LAST + D


@pytest.fixture
def customer(today):
    customer = factories.customer(
        pk=1, external_id="a", started_on=LAST - 400 * D, segment="mid", segment_by="hand"
    )
    factories.subscription(customer, starts_on=LAST - 400 * D, mrr_cents=10_000)
    factories.ticket(
        customer,
        opened_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        solved_at=dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
    )
    factories.ticket(
        customer,
        opened_at=dt.datetime(2024, 6, 27, 12, tzinfo=dt.UTC),
        due_at=dt.datetime(2024, 6, 28, 12, tzinfo=dt.UTC),
    )
    run(LAST - 7 * D, LAST)
    return customer


def test_the_panel_leads_with_score_and_sentence_and_its_parts_add_up(customer):
    panel = health(customer, AsOf(LAST, live=False), "7")
    assert panel is not None
    assert panel["band"] == "yellow"
    assert panel["sentence"].startswith("−")
    assert "Reopened or overdue tickets (0 → 1)" in panel["sentence"]
    lines = [line.factor for line in panel["lines"] if line.factor.change is not None]
    assert sum(line.change or 0 for line in lines) == round(panel["change"] * 100)
    assert sum(round(cause["points"] * 100) for cause in panel["causes"]) == round(panel["change"] * 100)
    with translation.override("pt-br"):
        assert health(customer, AsOf(LAST, live=False), "7")["sentence"]  # type: ignore[index]


def test_a_customer_without_a_score_has_no_panel():
    assert health(factories.customer(), AsOf(LAST, live=True)) is None


def test_a_pulse_counts_at_once_and_says_who_and_why(customer, admin, today):
    pulse = pulse_set(
        actor=admin, customer=customer, score=9000, reason="They smile", expires_on=today + 9 * D
    )
    pipeline.finish(["events"])
    row = HealthDay.objects.get(day=today)
    assert row.first_band is None
    assert explain.explain(row).inputs["pulse"].raw == 90_000
    assert AuditEntry.objects.filter(action="pulse.set", customer_id=customer.pk).exists()
    with pytest.raises(ValidationError):
        pulse_set(actor=admin, customer=customer, score=10_001, reason=" ", expires_on=today)
    word_withdraw(actor=admin, word=pulse)
    assert not HealthPulse.objects.get().holds_on(today)
    with pytest.raises(ValidationError):
        word_withdraw(actor=admin, word=pulse)


def test_both_numbers_are_there_when_a_person_sets_the_score(customer, admin, today):
    override_set(actor=admin, customer=customer, score=2000, reason="Leaving", expires_on=today + D)
    pipeline.finish(["events"])
    panel = health(customer, AsOf(today, live=True))
    assert panel is not None
    assert (panel["band"], panel["by_hand"], panel["score_text"]) == ("red", True, "20.0")
    assert panel["own"] != panel["score_text"]
    found = explain.explain(HealthDay.objects.get(day=today), LAST)
    assert found.split is not None
    assert found.split.parts["human"]["override"] < 0


def test_a_draft_changes_nothing_until_it_is_published_and_can_be_rolled_back(customer, admin, today):
    scored = HealthDay.objects.first()
    assert scored is not None
    definition = scored.version.definition
    changed = json.loads(json.dumps(definition))
    changed["cells"]["segment=mid"] = {"trouble": {"weight": 6000}}
    draft_save(actor=admin, definition=changed)
    run(LAST)
    assert HealthDay.objects.get(day=LAST).version.number == 1
    with pytest.raises(ValidationError):
        draft_publish(actor=admin, note=" ")
    second = draft_publish(actor=admin, note="Tickets weigh more", from_day=LAST)
    run(LAST)
    row = HealthDay.objects.get(day=LAST)
    assert (row.version.number, row.profile) == (2, "segment=mid")
    found = explain.explain(row, LAST - D)
    assert found.split is not None
    assert found.split.causes["configuration"] == found.split.total < 0
    third = version_restore(actor=admin, version=HealthDay.objects.get(day=LAST - D).version)
    assert (third.number, third.definition) == (3, definition)
    assert second.in_force_from == LAST
    with pytest.raises(ValidationError):
        version_restore(actor=admin, version=third)
    with pytest.raises(ValidationError):
        draft_publish(actor=admin, note="None there")
    draft_save(actor=admin, definition=changed)
    draft_discard(actor=admin)
    with pytest.raises(ValidationError, match="up and down"):
        draft_save(
            actor=admin,
            definition={
                "factors": ["nps"],
                "cells": {"": {"nps": {"weight": 1, "curve": [[0, 0], [1, 9], [2, 1]], "fresh_for": None}}},
            },
        )


def test_the_command_prints_a_line_per_customer(customer, capsys):
    call_command("health", "--format", "csv")
    (line,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert list(line) == [
        "external_id",
        "score",
        "band",
        "coverage",
        "low",
        "high",
        "risk_90",
        "profile",
        "version",
    ]
    assert (line["external_id"], line["band"], line["profile"], line["version"]) == (
        "a",
        "yellow",
        "default",
        "1",
    )
    call_command("health", "--date", str(LAST - D), "--format", "json")
    assert json.loads(capsys.readouterr().out)[0]["coverage"] == 50.0
    with pytest.raises(CommandError) as wrong:
        call_command("health", "--date", "2020-01-01")
    assert wrong.value.returncode == 2


def test_the_page_shows_it_and_a_person_says_something(customer, admin, client, today):
    client.force_login(admin)
    page = client.get(f"/customers/{customer.pk}/?days=7")
    assert "Why this score" in page.content.decode()
    url = f"/customers/{customer.pk}/health/pulse/"
    assert client.post(url, {"score": "200", "reason": "", "expires_on": "2024-07-09"}).status_code == 422
    answer = client.post(url, {"score": "61.5", "reason": "Calm", "expires_on": "2024-07-09"})
    assert answer.status_code == 302
    assert HealthPulse.objects.get().score == 6150
    assert client.get(f"{url}back/").status_code == 200
    assert client.post(f"{url}back/").status_code == 302
    assert client.get(f"/customers/{customer.pk}/health/other/").status_code == 404
