"""Health and scorecards over HTTP: moves, splits, preview, backtest, suggestion, draft, publish, roll back."""

import datetime as dt
import json

import pytest
from rest_framework.test import APIClient

from core import time
from metrics.health import moves
from metrics.health.sources import default_definition
from metrics.models import ScorecardVersion
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db

LAST = dt.date(2024, 6, 30)


@pytest.fixture
def api(admin, monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    early = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    factories.ticket(factories.customer(archived_at=early), opened_at=early)
    for n in range(4):
        customer = factories.customer(started_on=LAST - 400 * D, segment="mid", segment_by="hand")
        factories.subscription(customer, starts_on=LAST - 400 * D, mrr_cents=10_000)
        if n < 2:
            opened = dt.datetime(2024, 6, 29, 15, tzinfo=dt.UTC)
            factories.ticket(customer, opened_at=opened, due_at=opened + dt.timedelta(hours=1))
    run(LAST - 2 * D, LAST)
    client = APIClient()
    client.force_authenticate(admin)
    return client


def strict():
    definition = json.loads(json.dumps(default_definition()))
    definition["cells"][""]["trouble"] = {
        "weight": 6000,
        "curve": [[0, 10_000], [1000, 0]],
        "fresh_for": None,
    }
    return definition


def test_a_definition_is_previewed_tested_drafted_published_and_rolled_back(api):
    seen = api.post("/api/v1/scorecards/preview/", {"definition": strict()}, format="json").json()
    assert (seen["customers"], len(seen["changes"]), seen["mrr_to_red"]) == (4, 2, "200.00")
    none = api.post("/api/v1/scorecards/preview/", {"cell": "segment=volume"}, format="json").json()
    assert (none["customers"], none["changes"]) == (0, [])
    for path in ("backtest", "suggestion"):
        told = api.post(f"/api/v1/scorecards/{path}/", {"definition": strict()}, format="json")
        assert (told.status_code, told.json()["state"], told.json()["progress"]) == (200, "done", 100), path
    wrongs: list[dict[str, object]] = [
        {"definition": {"factors": []}},
        {"definition": [1]},
        {"definition": {"factors": ["x"]}},
    ]
    for wrong in wrongs:
        assert api.post("/api/v1/scorecards/preview/", wrong, format="json").status_code == 400
    assert api.post("/api/v1/scorecards/preview/", {"cell": "colour=red"}, format="json").status_code == 400
    assert not ScorecardVersion.objects.exclude(state="published").exists()
    assert api.post("/api/v1/scorecards/draft/", {"definition": strict()}, format="json").status_code == 200
    assert api.post("/api/v1/scorecards/publish/", {}, format="json").status_code == 400
    done = api.post("/api/v1/scorecards/publish/", {"note": "More"}, format="json").json()
    assert (done["number"], done["state"]) == (2, "published")
    first = ScorecardVersion.objects.get(number=1)
    assert api.post(f"/api/v1/scorecards/{first.pk}/restore/").json()["number"] == 3


def test_splits_and_moves_are_told(api):
    told = api.get(f"/api/v1/health/split/?from={LAST - D}&to={LAST}&by=segment").json()
    assert told["customers"] == 4
    assert sum(told["split"]["causes"].values()) == pytest.approx(told["split"]["total"])
    assert [one["segment"] for one in told["slices"]] == ["mid"]
    assert api.get("/api/v1/health/split/?by=colour").status_code == 400
    while moves.due():
        moves.find()
    found = api.get("/api/v1/health/moves/").json()["results"]
    assert {(one["kind"], one["before"], one["after"]) for one in found} >= {("band", "green", "yellow")}
