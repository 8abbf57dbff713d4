"""Targets beside the figures, and as a resource of the API."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from customers.models import Customer
from metrics.kpis import kpis
from metrics.models import Target
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

FEB, MARCH, APRIL = dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)
END_OF_MARCH = dt.date(2024, 3, 31)


def target(key: str, due_on: dt.date, value: str, slice: str = "") -> Target:
    return Target.objects.create(key=key, due_on=due_on, value=value, slice=slice)


def targets(**asked):
    return [row.get("targets") for row in kpis(first=MARCH, end=APRIL, **asked)["rows"]]


def test_the_target_in_force_is_the_first_due_on_or_after_the_last_day():
    target("mrr", dt.date(2024, 3, 30), "100")
    target("mrr", APRIL, "300.00")
    target("mrr", END_OF_MARCH, "200.5")
    target("nrr", dt.date(2024, 12, 31), "1.05")
    target("active_customers", dt.date(2024, 12, 31), "12")
    target("a figure of another time", END_OF_MARCH, "1")
    assert targets(keys=["mrr", "nrr", "active_customers", "arpa"]) == [
        {"mrr": "200.50", "nrr": 1.05, "active_customers": 12}
    ]
    assert targets(keys=["arpa"]) == [None], "without a target nothing is said"
    assert [row["targets"] for row in kpis(first=FEB, end=APRIL, grain="month", keys=["mrr"])["rows"]] == [
        {"mrr": "100.00"},
        {"mrr": "200.50"},
    ]


def test_targets_belong_to_their_slice():
    target("mrr", END_OF_MARCH, "500")
    target("mrr", END_OF_MARCH, "70", "segment=mid")
    target("mrr", END_OF_MARCH, "5", "segment=none")
    assert targets(keys=["mrr"], by="segment") == [
        {"mrr": "500.00"},
        None,
        {"mrr": "70.00"},
        None,
        {"mrr": "5.00"},
    ]
    assert targets(keys=["mrr"], segment="mid") == [{"mrr": "70.00"}]


def test_who_sees_only_some_customers_is_not_told_the_targets_for_all():
    ana = factories.user()
    mine, other = factories.customer(owner=ana), factories.customer()
    for customer in (mine, other):
        factories.subscription(customer, starts_on=FEB, mrr_cents=5000)
    target("mrr", END_OF_MARCH, "500")
    run(MARCH, END_OF_MARCH)
    seen = kpis(first=MARCH, end=APRIL, keys=["mrr", "cac"], visible=Customer.objects.owned_by(ana))["rows"][
        0
    ]
    assert seen["values"]["mrr"] == "50.00"
    assert "targets" not in seen


def client(role: str = "manager") -> APIClient:
    found = APIClient()
    found.force_authenticate(factories.user(role=role))
    return found


def test_a_target_is_set_changed_and_taken_away_and_the_trail_tells():
    api = client()
    sent = {"key": "nrr", "slice": "segment=mid", "due_on": "2026-12-31", "value": "1.05"}
    made = api.post("/api/v1/targets/", sent, format="json")
    assert made.status_code == 201
    url = f"/api/v1/targets/{made.json()['id']}/"
    assert {name: made.json()[name] for name in sent} == {**sent, "value": "1.050000"}
    assert api.patch(url, {"value": "1.1"}, format="json").json()["value"] == "1.100000"
    assert api.patch(url, {"value": "1.1"}, format="json").status_code == 200
    assert api.delete(url).status_code == 204
    assert not Target.objects.exists()
    told = AuditEntry.objects.filter(object_type="metrics.target").order_by("pk")
    assert [(entry.action, entry.changed_fields) for entry in told] == [
        ("target.created", ["key", "slice", "due_on", "value"]),
        ("target.updated", ["value"]),
        ("target.removed", ["key", "slice", "due_on", "value"]),
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"key": "mmr"}, "key", "There is no figure “mmr”"),
        ({"due_on": None}, "due_on", "may not be null"),
        ({"due_on": "soon"}, "due_on", "Date has wrong format"),
        ({"value": "much"}, "value", "A valid number is required"),
        ({"slice": "segment=tiny"}, "slice", "There is no segment=tiny"),
        ({"slice": "colour=red"}, "slice", "like segment=mid"),
        ({"slice": "product=Core"}, "slice", "like segment=mid"),
        ({"slice": "tag="}, "slice", "like segment=mid"),
        ({"key": "cac", "slice": "segment=mid"}, "slice", "for all customers only"),
    ],
)
def test_a_wrong_target_says_what_is_wrong_and_changes_nothing(wrong, field, said):
    sent = {"key": "nrr", "due_on": "2026-12-31", "value": "1.05", **wrong}
    answer = client().post("/api/v1/targets/", sent, format="json")
    assert answer.status_code == 400
    assert said in answer.json()["errors"][field][0]
    assert not Target.objects.exists()


def test_a_target_without_a_date_is_refused():
    answer = client().post("/api/v1/targets/", {"key": "nrr", "value": "1.05"}, format="json")
    assert answer.json()["errors"] == {"due_on": ["This field is required."]}


def test_two_targets_of_a_figure_for_one_day_are_refused():
    target("mrr", END_OF_MARCH, "1")
    other = target("mrr", APRIL, "1")
    sent = {"key": "mrr", "due_on": "2024-03-31", "value": "2"}
    api = client()
    for answer in (
        api.post("/api/v1/targets/", sent, format="json"),
        api.patch(f"/api/v1/targets/{other.pk}/", {"due_on": "2024-03-31"}, format="json"),
    ):
        assert answer.status_code == 400
        assert "Change that one instead" in answer.json()["errors"]["due_on"][0]


def test_targets_are_filtered_and_ordered():
    for month in (3, 4, 5):
        target("mrr", dt.date(2026, month, 1), "1", "segment=mid" if month == 4 else "")
    target("nrr", dt.date(2026, 3, 1), "1")
    api = client("viewer")

    def days(query: str) -> list[str]:
        return [row["due_on"] for row in api.get(f"/api/v1/targets/?{query}").json()["results"]]

    assert days("key=mrr&ordering=due_on") == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert days("slice=segment%3Dmid") == ["2026-04-01"]
    assert days("due_from=2026-04-01&due_to=2026-04-30") == ["2026-04-01"]
