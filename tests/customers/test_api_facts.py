"""Facts of customers over HTTP: every kind is written by its service and read by who may see the customer."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Workspace
from core import time
from core.models import Event
from customers.models import FactVersion
from tests import factories

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Kind:
    """How a kind is sent, changed, and which field of a second one is wrong."""

    sent: dict[str, Any]
    change: dict[str, Any]
    wrong: dict[str, Any]
    at: str
    query: str
    versioned: bool = False
    money: dict[str, str] = field(default_factory=dict)


KINDS = {
    "contacts": Kind(
        {"email": "ana@vale.test", "name": "Ana", "role": "champion"},
        {"active_until": "2026-05-01"},
        {"email": "not an address"},
        "email",
        "email=ANA@vale.test",
    ),
    "subscriptions": Kind(
        {"external_id": "S-1", "starts_on": "2026-01-01", "product": "Core", "mrr": "184.50"},
        {"mrr": "200.00"},
        {"ends_on": "2025-01-01"},
        "ends_on",
        "external_id=S-1&on=2026-02-01",
        versioned=True,
        money={"mrr": "200.00"},
    ),
    "contracts": Kind(
        {"external_id": "K-1", "starts_on": "2026-01-01", "ends_on": "2027-01-01", "value": "1200.00"},
        {"value": "1300.10"},
        {"renews_external_id": "nowhere"},
        "renews_external_id",
        "external_id=K-1&due_from=2027-01-01&due_to=2027-01-01",
        versioned=True,
        money={"value": "1300.10"},
    ),
    "payments": Kind(
        {"external_id": "P-1", "paid_on": "2026-01-10", "amount": "-10.01"},
        {"amount": "-10.02"},
        {"amount": "ten"},
        "amount",
        "external_id=P-1",
        money={"amount": "-10.02"},
    ),
    "tickets": Kind(
        {"external_id": "T-1", "subject": "Broken", "opened_at": "2026-01-05T12:00:00Z"},
        {"solved_at": "2026-01-06T12:00:00Z"},
        {"solved_at": "2026-01-01T12:00:00Z"},
        "solved_at",
        "external_id=T-1",
        versioned=True,
    ),
    "touchpoints": Kind(
        {"external_id": "C-1", "kind": "call", "happened_at": "2026-01-05T12:00:00Z", "sentiment": -1},
        {"summary": "They want a date"},
        {"sentiment": 3},
        "sentiment",
        "external_id=C-1&kind=call",
    ),
    "milestones": Kind(
        {"milestone": "First value", "reached_on": "2026-01-20"},
        {"reached_on": "2026-01-21"},
        {"reached_on": "soon"},
        "reached_on",
        "milestone=First value",
    ),
}
kinds = pytest.mark.parametrize("name", KINDS)


def client(user) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer.content)
    assert body["code"] == code
    return body


def plain(values, keys):
    """Return some fields with their moments as moments, whatever zone they are written in."""
    return {key: parse_datetime(values[key]) if key.endswith("_at") else values[key] for key in keys}


def send(api, name, customer, **more):
    return api.post(f"/api/v1/{name}/", {"customer": customer.pk, **KINDS[name].sent, **more}, format="json")


@kinds
def test_a_fact_is_written_read_and_corrected_with_audit_and_stale_days(name, analyst):
    kind, api, customer = KINDS[name], client(analyst), factories.customer(owner=analyst)
    made = send(api, name, customer)
    assert made.status_code == 201, made.content
    body = made.json()
    assert plain(body, kind.sent) == plain(kind.sent, kind.sent)
    address = f"/api/v1/{name}/{body['id']}/"
    changed = api.patch(address, kind.change, format="json")
    assert changed.status_code == 200, changed.content
    assert api.get(address).json() == changed.json()
    expected = {**kind.change, **kind.money}
    assert plain(changed.json(), expected) == plain(expected, expected)
    assert AuditEntry.objects.filter(customer_id=customer.pk, actor=analyst).count() == 2
    assert Event.objects.filter(kind="fact.changed", customer_id=customer.pk).count() == 2
    assert FactVersion.objects.exists() == kind.versioned


@kinds
def test_a_fact_is_found_by_its_own_id_and_its_customer(name, manager):
    api, customer = client(manager), factories.customer(external_id="VV")
    made = send(api, name, customer).json()
    for query in (KINDS[name].query, f"customer={customer.pk}", "customer_external_id=VV"):
        found = api.get(f"/api/v1/{name}/?{query}").json()["results"]
        assert [row["id"] for row in found] == [made["id"]], query
    assert api.get(f"/api/v1/{name}/?customer_external_id=other").json()["results"] == []


@kinds
def test_what_is_wrong_is_named_field_by_field(name, manager):
    kind, customer = KINDS[name], factories.customer()
    body = problem(send(client(manager), name, customer, **kind.wrong), 400, "invalid")
    assert kind.at in body["errors"]


@kinds
def test_only_who_may_edit_the_customer_may_write_its_facts(name, viewer, analyst, manager):
    customer = factories.customer()
    for person in (viewer, analyst):
        problem(send(client(person), name, customer), 403, "permission_denied")
    made = send(client(manager), name, customer).json()
    address = f"/api/v1/{name}/{made['id']}/"
    assert client(viewer).get(address).status_code == 200
    problem(client(analyst).patch(address, KINDS[name].change, format="json"), 403, "permission_denied")
    problem(client(manager).delete(address), 405, "method_not_allowed")


@kinds
def test_facts_of_customers_out_of_view_do_not_exist_for_the_caller(name, analyst, manager):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    customer = factories.customer()
    made = send(client(manager), name, customer).json()
    problem(client(analyst).get(f"/api/v1/{name}/{made['id']}/"), 404, "not_found")
    assert client(analyst).get(f"/api/v1/{name}/").json()["results"] == []
    body = problem(send(client(analyst), name, customer), 400, "invalid")
    assert set(body["errors"]) == {"customer"}


@kinds
def test_a_fact_stays_with_its_customer_and_an_archived_customer_takes_none(name, manager):
    api, customer, other = client(manager), factories.customer(), factories.customer()
    made = send(api, name, customer).json()
    address = f"/api/v1/{name}/{made['id']}/"
    problem(api.patch(address, {"customer": other.pk}, format="json"), 400, "invalid")
    customer.archived_at = time.now()
    customer.save()
    problem(api.patch(address, KINDS[name].change, format="json"), 400, "invalid")


@kinds
def test_lists_take_the_same_number_of_queries_with_more_rows(name, manager, django_assert_num_queries):
    api = client(manager)
    unique = {"milestones": "milestone", "contacts": "email"}.get(name, "external_id")

    def add(first, count):
        for n in range(first, first + count):
            value = f"n{n}@vale.test" if unique == "email" else f"n{n}"
            assert send(api, name, factories.customer(), **{unique: value}).status_code == 201

    add(0, 3)
    with CaptureQueriesContext(connection) as seen:
        api.get(f"/api/v1/{name}/")
    few = len(seen)
    add(3, 9)
    with django_assert_num_queries(few):
        assert len(api.get(f"/api/v1/{name}/").json()["results"]) == 12


def test_a_contact_of_another_customer_is_refused(manager):
    customer, stranger = factories.customer(), factories.contact()
    body = problem(send(client(manager), "tickets", customer, contact=stranger.pk), 400, "invalid")
    assert set(body["errors"]) == {"contact"}


def test_costs_are_a_managers_matter_one_for_each_month_and_category(analyst, manager):
    sent = {"month": "2026-01-01", "category": "sales", "amount": "1000.00"}
    problem(client(analyst).post("/api/v1/costs/", sent, format="json"), 403, "permission_denied")
    made = client(manager).post("/api/v1/costs/", sent, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["amount"] == "1000.00"
    body = problem(client(manager).post("/api/v1/costs/", sent, format="json"), 400, "invalid")
    assert set(body["errors"]) == {"month"}
    body = problem(
        client(manager).post("/api/v1/costs/", {**sent, "month": "2026-02-02"}, format="json"), 400, "invalid"
    )
    assert set(body["errors"]) == {"month"}
    address = f"/api/v1/costs/{made.json()['id']}/"
    assert client(manager).patch(address, {"amount": "900.00"}, format="json").json()["amount"] == "900.00"
    assert (
        client(analyst).get("/api/v1/costs/?month_from=2026-01-01").json()["results"][0]["amount"] == "900.00"
    )
    assert [e.action for e in AuditEntry.objects.order_by("pk")] == ["cost.created", "cost.updated"]
