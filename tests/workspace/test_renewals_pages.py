"""The renewals page, its sums and how calls are judged; My day beside it."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from core import time
from metrics.models import CustomerDay, Night
from playbooks.models import Renewal
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def renewal(days=40, owner=None, **fields):
    customer = fields.pop("customer", None) or factories.customer(owner=owner)
    due = time.today() + dt.timedelta(days=days)
    if fields.get("state") in ("won", "lost"):
        fields["decided_on"] = due
    return Renewal.objects.create(
        customer=customer, due_on=due, **{"value_cents": 100_000, "likelihood": 9_000, **fields}
    )


def board(client, **query):
    page = client.get(reverse("renewals"), query)
    assert page.status_code == 200
    return page.context["board"]


def test_what_to_expect_by_forecast_and_by_our_calls(login, manager):
    renewal(call="leaves", likelihood=9_000)
    renewal(likelihood=8_000, amount_cents=200_000)
    renewal(days=200)
    sums = board(login(manager)).sums
    assert (sums["n"], sums["total"], sums["calls"], sums["disputed"]) == (2, 300_000, 1, 1)
    assert (round(sums["forecast"]), round(sums["by_calls"])) == (90_000 + 160_000, 5_000 + 160_000)


def test_filters_calendar_and_decided(login, analyst):
    mine = renewal(owner=analyst, call="renews", stage="proposal")
    other = renewal(call="at_risk")
    lost = renewal(days=-20, state="lost")
    client = login(analyst)

    def keys(**query):
        return [line.row.pk for line in board(client, **query).lines]

    assert keys() == [mine.pk, other.pk]
    assert keys(owner="mine") == [mine.pk]
    assert keys(call="at_risk") == keys(differs="1") == [other.pk]
    assert keys(stage="proposal") == [mine.pk]
    assert keys(show="decided") == [lost.pk]
    assert keys(show="x", span="y", owner="z") == [mine.pk, other.pk]
    weeks = board(client, **{"as": "calendar"}).weeks
    cells = [cell for _month, grid, _worth in weeks for week in grid for cell in week if cell]
    assert {cell[0]: [line.row.pk for line in cell[1]] for cell in cells if cell[1]} == {
        mine.due_on: [mine.pk, other.pk]
    }


def test_forecast_and_calls_are_judged_on_the_same_renewals(login, manager):
    renewal(days=-5, state="won", early_call="renews", early_likelihood=9_000)
    renewal(days=-6, state="lost", early_call="leaves", early_likelihood=9_000)
    renewal(days=-7, state="lost", early_likelihood=9_000)
    found = board(login(manager), show="decided")
    assert [(str(one.name), one.right, one.all) for one in found.judged] == [
        ("Forecast", 1, 2),
        ("Our calls", 2, 2),
    ]
    assert found.judged[0].error == pytest.approx((0.01 + 0.81) / 2)
    assert found.went["rate"] == pytest.approx(1 / 3)


def test_queries_do_not_grow(login, manager):
    def some(n: int) -> None:
        for _ in range(n):
            renewal()

    assert_constant_queries(login(manager), reverse("renewals"), some)


def test_an_analyst_says_how_a_renewal_stands(login, analyst):
    row = renewal(owner=analyst)
    client = login(analyst)
    data = {
        "call": "at_risk",
        "stage": "negotiating",
        "amount_cents": "900",
        "expansion_cents": "",
        "note": "Price",
    }
    assert client.post(reverse("renewal", args=[row.pk]), data).status_code == 302
    row.refresh_from_db()
    assert (row.call, row.stage, row.amount_cents, row.note) == ("at_risk", "negotiating", 90_000, "Price")
    page = client.get(reverse("renewal", args=[row.pk])).content.decode()
    assert "forecast then 90%" in page
    stranger = renewal()
    client.post(reverse("renewal", args=[stranger.pk]), data)
    stranger.refresh_from_db()
    assert stranger.call == ""


def test_my_day_shows_forecast_and_call(login, analyst):
    row = renewal(owner=analyst, call="at_risk")
    night = Night.objects.create(day=time.today() - dt.timedelta(days=1), state="done")
    CustomerDay.objects.create(
        customer=row.customer, day=night.day, mrr_cents=100, opening_mrr_cents=100, renewal_on=row.due_on
    )
    page = login(analyst).get(reverse("home")).content.decode()
    assert reverse("renewal", args=[row.pk]) in page and "90%" in page and "At risk" in page


def test_the_file_has_what_matches(login, manager):
    renewal(call="renews")
    answer = login(manager).get(reverse("renewals_export"), {"call": "renews"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [(row["value"], row["forecast"], row["call"]) for row in rows] == [("1000.00", "0.9000", "renews")]


def test_the_api_lists_and_takes_a_call(login, analyst):
    row = renewal(owner=analyst)
    client = login(analyst)
    answer = client.patch(
        f"/api/v1/renewals/{row.pk}/",
        {"call": "expands", "expansion": "50.00"},
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert (answer.json()["call"], answer.json()["expansion"], answer.json()["forecast"]) == (
        "expands",
        "50.00",
        0.9,
    )
    found = client.get("/api/v1/renewals/", {"call": "expands", "due_from": str(row.due_on)}).json()[
        "results"
    ]
    assert [one["id"] for one in found] == [row.pk]
    refused = client.patch(
        f"/api/v1/renewals/{renewal().pk}/", {"call": "leaves"}, content_type="application/json"
    )
    assert refused.status_code == 403
