"""The expansion pipeline as pages, file and API."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from core import time
from playbooks.models import Opportunity
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def opportunity(**fields):
    customer = fields.pop("customer", None) or factories.customer(owner=fields.get("owner"))
    return Opportunity.objects.create(
        **{"customer": customer, "title": "Seats", "mrr_cents": 1_000, **fields}
    )


def board(client, **query):
    page = client.get(reverse("opportunities"), query)
    assert page.status_code == 200
    return page.context["board"]


def test_the_pipeline_by_stage_and_what_came_of_the_wins(login, manager):
    today = time.today()
    opportunity(stage="sales", mrr_cents=4_000)
    opportunity(title="Padaria")
    both = {"stage": "won", "decided_on": today, "movement_on": today, "movement_cents": 9_000}
    shared = factories.customer()
    opportunity(customer=shared, **both)
    opportunity(customer=shared, **both)
    opportunity(stage="won", decided_on=today - dt.timedelta(days=60), mrr_cents=500)
    opportunity(stage="lost", decided_on=today, lost_why="Price")
    opportunity(stage="won", decided_on=today - dt.timedelta(days=500))
    client = login(manager)
    found = board(client, **{"as": "board"})
    assert [(lane.key, lane.count, lane.mrr) for lane in found.lanes] == [
        ("spotted", 1, 1_000),
        ("qualified", 0, 0),
        ("proposed", 0, 0),
        ("sales", 1, 4_000),
    ]
    sums = found.sums
    assert (sums["n"], sums["total"], sums["sales"], sums["won"], sums["lost"]) == (2, 5_000, 1, 3, 1)
    assert (sums["came"], sums["missing"], sums["rate"]) == (9_000, 1, 0.75)
    assert [row.mrr_cents for row, _tone, _missing in board(client, show="decided", came="no").lines] == [500]
    assert [row.title for row, _tone, _missing in board(client, q="padaria").lines] == ["Padaria"]
    assert len(board(client, stage="won", kind="x", owner="0").lines) == 2


def test_queries_do_not_grow(login, manager):
    def add(n):
        for _ in range(n):
            opportunity()

    assert_constant_queries(login(manager), reverse("opportunities"), add)
    assert_constant_queries(login(manager), reverse("opportunities") + "?as=board", add)


def test_an_analyst_carries_one_through(login, analyst):
    customer = factories.customer(owner=analyst)
    client = login(analyst)
    data = {
        "title": "Ten seats",
        "kind": "upsell",
        "mrr_cents": "90",
        "stage": "qualified",
        "owner": analyst.pk,
    }
    assert client.post(reverse("opportunity_new") + f"?customer={customer.pk}", data).status_code == 302
    row = Opportunity.objects.get()
    turn = reverse("opportunity_turn", args=[row.pk])
    client.post(turn, {"do": "sales", "to": "sales@zelo.test"})
    client.post(turn, {"do": "won", "on": time.today().isoformat()})
    row.refresh_from_db()
    assert (row.stage, row.sales_email, row.mrr_cents) == ("won", "sales@zelo.test", 9_000)
    assert "Ten seats" in client.get(reverse("customer", args=[customer.pk])).content.decode()
    client.post(turn + "?do=reopen")
    client.post(turn, {"do": "lost", "why": ""})
    row.refresh_from_db()
    assert row.stage == "sales"
    wrong = client.post(reverse("opportunity", args=[row.pk]), {**data, "mrr_cents": "0"})
    assert wrong.status_code == 422 and "above zero" in wrong.content.decode()


def test_another_analysts_opportunity_can_be_read_not_changed(login, analyst):
    row = opportunity()
    client = login(analyst)
    assert client.get(reverse("opportunity", args=[row.pk])).status_code == 200
    assert client.post(reverse("opportunity_turn", args=[row.pk]), {"do": "won"}).status_code == 404


def test_the_file_has_what_matches(login, manager):
    opportunity(title="=1+1")
    answer = login(manager).get(reverse("opportunities_export"))
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [(row["title"], row["mrr"], row["stage"]) for row in rows] == [("'=1+1", "10.00", "spotted")]


def test_the_api_carries_one_through(login, analyst):
    customer = factories.customer(owner=analyst)
    client = login(analyst)

    def call(path, sent):
        return client.post(f"/api/v1/opportunities/{path}", sent, content_type="application/json")

    made = call("", {"customer": customer.pk, "kind": "cross_sell", "title": "Billing", "mrr": "90.00"})
    assert made.status_code == 201 and made.json()["stage"] == "spotted"
    key = made.json()["id"]
    assert call(f"{key}/hand_over/", {"to": "sales@zelo.test"}).json()["stage"] == "sales"
    assert call(f"{key}/won/", {"mrr": "100.00"}).json()["mrr"] == "100.00"
    assert call(f"{key}/lost/", {"why": "No"}).status_code == 400
    assert call(f"{key}/reopen/", {}).json()["stage"] == "sales"
    assert call(f"{key}/lost/", {"why": "No budget"}).json()["lost_why"] == "No budget"
    found = client.get("/api/v1/opportunities/", {"open": "false"}).json()["results"]
    assert [row["id"] for row in found] == [key]
