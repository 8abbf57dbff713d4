"""The figures and cohorts over HTTP: the objects of the command, over the customers one may see."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from accounts.models import Workspace
from metrics.cohorts import cohorts
from metrics.kpis import kpis
from tests import factories
from tests.nights import run
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

FEB, MARCH, APRIL = dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)
SPAN = "from=2024-03-01&to=2024-04-01"


def client(user=None) -> APIClient:
    found = APIClient()
    found.force_authenticate(user or factories.user(role="viewer"))
    return found


def customers(count: int, **fields) -> None:
    for _ in range(count):
        customer = factories.customer(**fields)
        factories.subscription(customer, starts_on=FEB, mrr_cents=5000)
        factories.contract(customer, starts_on=FEB, ends_on=dt.date(2024, 3, 10), value_cents=10_000)


def test_the_same_parameters_give_the_same_object_as_the_command():
    customers(2, segment="mid", segment_by="hand")
    run(FEB, dt.date(2024, 3, 31))
    api = client()
    assert api.get(f"/api/v1/kpis/?{SPAN}").json() == kpis(first=MARCH, end=APRIL)
    asked = f"{SPAN}&grain=week&key=mrr&key=nrr&key=renewal_rate&segment=mid&by=stage"
    told = api.get(f"/api/v1/kpis/?{asked}").json()
    assert told == kpis(
        first=MARCH, end=APRIL, grain="week", keys=["mrr", "nrr", "renewal_rate"], segment="mid", by="stage"
    )
    assert len(told["rows"]) == 5 * 5
    assert api.get(f"/api/v1/cohorts/?{SPAN}&segment=mid").json() == cohorts(
        first=MARCH, end=APRIL, segment="mid"
    )


def test_renewals_are_provisional_with_a_range_until_the_grace_is_over():
    customers(2)
    run(FEB, dt.date(2024, 3, 31))
    row = client().get(f"/api/v1/kpis/?{SPAN}&key=renewal_rate").json()["rows"][0]
    assert row["values"] == {"renewal_rate": 0.0}
    assert row["counts"] == {"renewal_rate": {"numerator": 0, "denominator": 2}}
    assert row["intervals"] == {"renewal_rate": [0.0, 1.0]}
    assert row["provisional"] == ["renewal_rate"]
    run(APRIL, dt.date(2024, 4, 9))
    row = client().get(f"/api/v1/kpis/?{SPAN}&key=renewal_rate").json()["rows"][0]
    assert row["values"] == {"renewal_rate": 1.0}
    assert "provisional" not in row


def test_figures_are_over_the_customers_one_may_see():
    ana = factories.user(role="analyst")
    customers(1, onboarding_owner=ana)
    customers(2)
    run(FEB, dt.date(2024, 3, 31))
    keys = (
        "mrr",
        "arr",
        "active_customers",
        "renewal_rate",
        "ltv_predictive",
        "nps",
        "ticket_backlog",
        "ttfv",
    )
    asked = f"/api/v1/kpis/?{SPAN}&by=owner&" + "&".join(f"key={key}" for key in keys)

    def active(user) -> int:
        row = client(user).get(asked).json()["rows"][0]
        return int(row["values"]["active_customers"])

    def started(user) -> int:
        table = client(user).get("/api/v1/cohorts/?from=2024-02-01&to=2024-04-01").json()
        return int(table["cohorts"][0]["started"])

    assert (active(ana), started(ana)) == (3, 3)
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    assert (active(ana), started(ana)) == (1, 1)
    manager = factories.user(role="manager")
    assert (active(manager), started(manager)) == (3, 3)
    products = client(ana).get(f"/api/v1/kpis/?{SPAN}&by=product&key=mrr").json()["rows"]
    assert [row["values"]["mrr"] for row in products] == ["50.00", "50.00"]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("to=2024-04-01", "from", "Give a day like"),
        ("from=2024-03-01&to=tomorrow", "to", "Give a day like"),
        (f"{SPAN}&key=mmr", "non_field_errors", "There is no figure mmr"),
        (f"{SPAN}&by=colour", "non_field_errors", "cannot be cut by colour"),
        (f"{SPAN}&grain=hour", "non_field_errors", "There is no grain hour"),
        (f"{SPAN}&segment=tiny", "non_field_errors", "There is no segment tiny"),
        ("from=2024-03-01&to=2024-03-01", "non_field_errors", "The span is empty"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(query, field, said):
    answer = client().get(f"/api/v1/kpis/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert said in answer.json()["errors"][field][0]


def test_the_number_of_queries_does_not_grow_with_customers_or_periods():
    customers(3)
    run(MARCH, dt.date(2024, 3, 31))
    api = client()
    few = queries_of(api, f"/api/v1/kpis/?{SPAN}&by=segment")
    customers(27)
    run(MARCH, dt.date(2024, 3, 31))
    assert queries_of(api, f"/api/v1/kpis/?{SPAN}&by=segment&grain=week") == few


def test_more_than_twenty_years_are_refused_at_once(analyst):
    for address in ("/api/v1/kpis/", "/api/v1/cohorts/"):
        answer = client(analyst).get(f"{address}?from=0001-01-01&to=9999-01-01&grain=day")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["to"])
