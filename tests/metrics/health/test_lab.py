"""The score lab: what a draft would change, and whether scores told who left."""

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest

from core import time
from metrics.health import backtest, lab_tasks, preview
from metrics.health.configuration import configuration
from metrics.health.preview import Stored
from metrics.health.sources import default_definition
from metrics.models import HealthDay, LabTask, ScorecardVersion
from tests import factories
from tests.nights import D, run
from workspace.health import trial

LAST = dt.date(2024, 6, 30)
NOW = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def company(customers: int, lost: int, *, told: bool) -> backtest.Outcome:
    """Six month ends of customers whose tenure score is low where they leave, if `told`."""
    chance = np.random.default_rng(5)
    keys = np.tile(np.arange(customers), 6)
    left = keys < lost
    worse = left if told else chance.permutation(left)
    tenure = np.where(worse, chance.integers(0, 900, len(keys)), chance.integers(300, 4000, len(keys)))
    zeros = np.zeros(len(keys), dtype=np.int64)
    rows = Stored(keys, zeros + 738_000, zeros, zeros, zeros + 100, {"tenure": (tenure, zeros)})
    return backtest.Outcome(rows, left, 6)


CARD = configuration(
    {
        "factors": ["tenure"],
        "cells": {"": {"tenure": {"weight": 1, "curve": [[0, 0], [4000, 10_000]], "fresh_for": None}}},
    }
)


@pytest.mark.django_db
def test_it_tells_where_scores_told_and_finds_nothing_in_shuffled_outcomes():
    told = backtest.verdict(company(200, 40, told=True), CARD)
    assert told.evidence
    assert told.auc is not None
    assert told.auc > 0.85
    assert told.low is not None
    assert told.high is not None
    assert told.low < told.auc < told.high
    assert told.monotone
    guess = company(200, 40, told=True)
    shuffled = dataclasses.replace(guess, left=np.random.default_rng(2).permutation(guess.left))
    nothing = backtest.verdict(shuffled, CARD)
    assert not nothing.evidence
    assert nothing.low is not None
    assert nothing.high is not None
    assert nothing.low < 0.5 < nothing.high


@pytest.mark.django_db
def test_with_few_losses_nothing_is_claimed():
    found = backtest.verdict(company(200, 29, told=True), CARD)
    assert (found.lost, found.enough, found.auc, found.lift) == (29, False, None, None)


def test_the_auc_counts_ties_half():
    assert backtest.auc(np.array([1, 2, 2, 3]), np.array([True, True, False, False])) == pytest.approx(0.875)
    assert backtest.auc(np.array([5, 5]), np.array([True, False])) == 0.5
    assert backtest.auc(np.array([5, 5]), np.array([True, True])) is None


@pytest.fixture
def scored(db, monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    factories.ticket(factories.customer(archived_at=NOW), opened_at=NOW)
    for n in range(20):
        customer = factories.customer(
            started_on=LAST - 400 * D, segment="mid" if n % 2 else "volume", segment_by="hand"
        )
        factories.subscription(customer, starts_on=LAST - 400 * D, mrr_cents=10_000)
        if n < 6:
            opened = dt.datetime(2024, 6, 20, tzinfo=dt.UTC)
            factories.ticket(customer, opened_at=opened, due_at=opened + D)
    run(LAST - D, LAST)


def test_twenty_customers_without_churn_claim_nothing_and_all_pages_work(scored, admin, client):
    client.force_login(admin)
    assert trial.tested(default_definition(), "")["now"].auc is None  # type: ignore[index]
    for path in ("", "?cell=segment%3Dmid", "backtest/", "?cell=segment%3Dmid%2Cstage%3Dongoing"):
        assert client.get(f"/settings/health/{path}").status_code == 200, path
    assert "nothing is claimed" in client.get("/settings/health/backtest/").content.decode()
    assert client.get("/settings/health/?cell=colour%3Dred").status_code == 404


def test_a_draft_is_typed_previewed_saved_published_and_rolled_back(scored, admin, client):
    client.force_login(admin)
    sent = {"w:trouble": "60", "c:trouble": "0: 100, 1: 0", "act": "preview"}
    seen = client.post("/settings/health/?cell=segment%3Dmid", sent, headers={"HX-Request": "true"})
    assert "3 customers change band" in seen.content.decode()
    assert not ScorecardVersion.objects.exclude(state="published").exists()
    assert client.post("/settings/health/?cell=segment%3Dmid", sent).status_code == 200
    refused = client.post(
        "/settings/health/?cell=segment%3Dmid", sent | {"c:trouble": "0: 1, 0: 2", "act": "save"}
    )
    assert refused.status_code == 422
    assert "0: 1, 0: 2" in refused.content.decode()
    assert client.post("/settings/health/?cell=segment%3Dmid", sent | {"act": "save"}).status_code == 302
    draft = ScorecardVersion.objects.get(state="draft")
    assert draft.definition["cells"]["segment=mid"] == {
        "trouble": {"weight": 6000, "curve": [[0, 10_000], [1000, 0]]}
    }
    assert client.post("/settings/health/publish/", {"note": ""}).status_code == 422
    assert client.post("/settings/health/publish/", {"note": "More on tickets"}).status_code == 302
    first = ScorecardVersion.objects.get(number=1)
    assert client.post(f"/settings/health/versions/{first.pk}/restore/").status_code == 302
    assert ScorecardVersion.objects.get(number=3).definition == first.definition


def test_factors_from_an_event_and_an_attribute_are_added_and_removed_in_the_page(scored, admin, client):
    client.force_login(admin)

    def all_of(definition):
        return {f"w:{key}": "10" for key in definition["factors"]} | {
            f"c:{key}": "0: 0, 1: 100" for key in definition["factors"]
        }

    page = "/settings/health/"
    for factor in ("event:report", "attribute:employees", "pulse"):
        version = ScorecardVersion.objects.filter(state="draft").first() or ScorecardVersion.objects.first()
        assert version is not None
        base = version.definition
        assert (
            client.post(
                page, all_of(base) | {"act": "add", "factor": factor, "factor_days": "14"}
            ).status_code
            == 302
        )
    draft = ScorecardVersion.objects.get(state="draft").definition
    assert draft["factors"][-3:] == ["event:report:14", "attribute:employees", "pulse"]
    assert client.post(page, all_of(draft) | {"drop": "pulse"}).status_code == 302
    assert "pulse" not in ScorecardVersion.objects.get(state="draft").definition["factors"]
    assert client.post("/settings/health/discard/").status_code == 302
    assert not ScorecardVersion.objects.filter(state="draft").exists()


def test_a_preview_of_the_same_card_changes_nothing(scored):
    card = configuration(json.loads(json.dumps(default_definition())))
    same = preview.preview(preview.stored([LAST]), card, card)
    assert (same.customers, same.changes, same.before) == (20, [], same.after)
    assert sum(same.bands_before.values()) == HealthDay.objects.filter(day=LAST).count()


def test_the_gate_says_what_is_known_and_what_is_not(scored, admin, client):
    client.force_login(admin)
    assert client.get("/settings/health/gate/").status_code == 302
    assert client.post("/settings/health/shadow/").status_code == 422
    sent = {"w:trouble": "60", "c:trouble": "0: 100, 1: 0", "act": "save"}
    client.post("/settings/health/?cell=segment%3Dmid", sent)
    seen = client.get("/settings/health/gate/").content.decode()
    for text in (
        "3 customers change band",
        "under 30 nothing is claimed",
        "has not run as a shadow",
        "“Account NPS” has a value for 0% of the customers only.",
    ):
        assert text in seen, text
    assert client.post("/settings/health/shadow/").status_code == 302
    assert "nothing is stored yet" in client.get("/settings/health/").content.decode()
    run(LAST, LAST)
    assert client.post("/settings/health/shadow/", {"act": "stop"}).status_code == 302
    assert not ScorecardVersion.objects.filter(state="shadow").exists()


def test_suggested_weights_are_told_and_taken_over(scored, admin, client, monkeypatch):
    client.force_login(admin)
    seen = client.get("/settings/health/suggestion/").content.decode()
    assert "under 30 nothing is suggested" in seen
    client.post("/settings/health/suggestion/take/")
    assert not ScorecardVersion.objects.filter(state="draft").exists()
    task = LabTask.objects.get(kind="suggestion")
    verdict = dataclasses.asdict(backtest.verdict(company(200, 40, told=True), CARD))
    assert task.result is not None
    task.result |= {"now": verdict, "then": verdict, "lost": 31, "weights": {"trouble": 7000, "nps": 3000}}
    task.save()
    assert "Take them into the draft" in client.get("/settings/health/suggestion/").content.decode()
    client.post("/settings/health/suggestion/take/")
    draft = ScorecardVersion.objects.get(state="draft")
    assert draft.definition["cells"][""]["trouble"]["weight"] == 7000


def test_what_takes_long_shows_how_far_it_is(scored, admin, client, monkeypatch):
    monkeypatch.setattr(lab_tasks, "SMALL", -1)
    client.force_login(admin)
    LabTask.objects.all().delete()
    headers = {"HX-Request": "true"}
    waiting = client.get("/settings/health/backtest/", headers=headers).content.decode()
    assert 'hx-trigger="load delay:1s"' in waiting
    LabTask.objects.update(progress=40)
    assert "40 %" in client.get("/settings/health/backtest/", headers=headers).content.decode()
    lab_tasks.work()
    done = client.get("/settings/health/backtest/", headers=headers).content.decode()
    assert "nothing is claimed" in done
    assert "load delay" not in done


def test_a_profile_is_copied_into_another(scored, admin, client):
    client.force_login(admin)
    sent = {"w:trouble": "60", "yellow": "45", "act": "save"}
    client.post("/settings/health/?cell=segment%3Dmid", sent)
    page = "/settings/health/?cell=segment%3Dvolume"
    assert client.post(page, {"act": "copy", "from": "segment=mid"}).status_code == 302
    said = ScorecardVersion.objects.get(state="draft").definition
    assert said["cells"]["segment=volume"] == {"trouble": {"weight": 6000}}
    assert said["edges"]["segment=volume"] == {"yellow": 4500}
    assert client.post("/settings/health/", {"act": "copy", "from": "segment=volume"}).status_code == 302
    default = ScorecardVersion.objects.get(state="draft").definition["cells"][""]
    assert default["trouble"]["weight"] == 6000
    assert set(default["nps"]) == {"weight", "curve", "fresh_for"}
    assert client.post(page, {"act": "copy", "from": "colour=red"}).status_code == 404


def test_a_preview_reads_a_night_once_and_again_when_a_row_is_another_one(scored):
    first = preview.held(LAST)
    assert preview.held(LAST) is first
    HealthDay.objects.filter(day=LAST).update(computed_at=time.now())
    assert preview.held(LAST) is not first
    for n in range(preview.MOST_HELD + 2):
        preview.held(LAST - n * D)
    assert len(preview._held) == preview.MOST_HELD
