"""Playbooks and runs over HTTP."""

import pytest

from playbooks.models import Run
from tests import factories
from tests.playbooks.plays import go_on, published, step

pytestmark = pytest.mark.django_db


def test_playbooks_are_read_with_their_published_steps(manager, login):
    book = published(
        manager, step("offer", "Two months", after=3, unit="workday"), starts="renewal", days_before=90
    )
    found = login(manager).get(f"/api/v1/playbooks/{book.pk}/").json()
    assert (found["name"], found["active"], found["published"]["days_before"]) == (book.name, False, 90)
    assert [(one["title"], one["kind"], one["after"]) for one in found["published"]["steps"]] == [
        ("Two months", "offer", 3)
    ]
    assert len(login(manager).get("/api/v1/playbooks/?archived=false").json()["results"]) == 10


def test_a_playbook_is_started_and_its_run_looked_at_answered_and_stopped(manager, analyst, login):
    mine, book = factories.customer(owner=analyst), published(manager, step("offer"), step(after=5))
    client = login(analyst)
    sent = client.post(
        f"/api/v1/playbooks/{book.pk}/start/", {"customers": [mine.external_id]}, "application/json"
    )
    assert (sent.status_code, sent.json()["total"]) == (202, 1)
    go_on()
    run = client.get(f"/api/v1/runs/?customer={mine.external_id}").json()["results"][0]
    assert (run["standing"], run["version"], run["next_key"]) == ("running", 1, 2)
    key, address = run["steps"][0]["id"], f"/api/v1/runs/{run['id']}"
    said = client.post(f"{address}/answer/", {"step": key, "answer": "declined"}, "application/json")
    assert said.json()["steps"][0]["answer"] == "declined" and said.json()["steps"][0]["amount"] == "100.00"
    assert client.post(f"{address}/stop/", {}, "application/json").status_code == 400
    assert (
        client.post(f"{address}/stop/", {"why": "Left"}, "application/json").json()["standing"] == "stopped"
    )


def test_an_unknown_customer_is_named_and_another_analysts_run_cannot_be_stopped(manager, analyst, login):
    book, other = published(manager, step(after=5)), factories.customer(owner=manager)
    client = login(analyst)
    sent = client.post(f"/api/v1/playbooks/{book.pk}/start/", {"customers": ["nobody"]}, "application/json")
    assert sent.status_code == 400 and "nobody" in sent.content.decode()
    login(manager).post(
        f"/api/v1/playbooks/{book.pk}/start/", {"customers": [other.external_id]}, "application/json"
    )
    run = Run.objects.get()
    refused = client.post(f"/api/v1/runs/{run.pk}/stop/", {"why": "No"}, "application/json")
    assert refused.status_code == 403
