"""Many items in one call: each finds its row or is rejected by itself, and a repeated call changes nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from accounts.services.tokens import token_create
from customers.models import Contract, Customer
from ingest.bulk_api import RESOURCES
from ingest.models import Batch
from ingest.services.undo import undo_start
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(manager):
    raw = token_create(actor=manager, name="CRM", scopes=["write"], expires_at=None).raw
    client = Client(headers={"authorization": f"Bearer {raw}"})

    def call(kind: str, items, query: str = "", **headers: str):
        return client.post(
            f"/api/v1/{kind}/bulk/{query}", items, content_type="application/json", headers=headers
        )

    return call


def outcomes(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    assert [one["index"] for one in answer.json()["results"]] == list(range(len(answer.json()["results"])))
    return [one["outcome"] for one in answer.json()["results"]]


def test_each_item_is_told_what_became_of_it(send):
    factories.customer(external_id="c1", name="Acme")
    factories.customer(external_id="c2", name="Beta")
    items = [
        {"external_id": "c1", "name": "Acme Ltda"},
        {"external_id": "c2", "name": "Beta"},
        {"external_id": "c3"},
        {"external_id": "c4", "name": "Delta", "tags": ["a", "b"]},
        {"external_id": "c5", "name": "First"},
        {"external_id": "c5", "name": "Second"},
    ]
    answer = send("customers", items)
    assert outcomes(answer) == ["changed", "unchanged", "rejected", "created", "superseded", "created"]
    wrong = answer.json()["results"][2]
    assert (wrong["column"], wrong["code"]) == ("name", "missing") and wrong["reason"]
    assert answer.json()["counts"] == {"created": 2, "changed": 1, "unchanged": 1, "rejected": 1}
    assert Customer.objects.get(external_id="c5").name == "Second"
    assert outcomes(send("customers", items[:2])) == ["unchanged", "unchanged"]


def test_a_call_is_an_import_that_can_be_taken_back(send, manager):
    send("customers", [{"external_id": "c1", "name": "Acme"}])
    batch = Batch.objects.get()
    assert (batch.step, batch.channel, batch.created_by) == ("applied", "api", manager)
    assert AuditEntry.objects.filter(action="customer.created", actor=manager).count() == 1
    undo_start(batch=batch, actor=manager)


def test_facts_find_their_customer_and_their_own_row(send):
    factories.customer(external_id="c1")
    fact = {
        "external_id": "k1", "customer_external_id": "c1", "starts_on": "2026-01-01", "ends_on": "2027-01-01",
        "value": "1200.00",
    }  # fmt: skip
    assert outcomes(
        send("contracts", [fact, {**fact, "external_id": "k2", "customer_external_id": "x"}])
    ) == [
        "created",
        "rejected",
    ]
    assert outcomes(send("contracts", [{**fact, "value": "1300.00"}])) == ["changed"]
    assert Contract.objects.get().value_cents == 130_000


def test_the_same_key_gives_the_same_bytes(send):
    items = [{"external_id": "c1", "name": "Acme"}]
    first, second = (send("customers", items, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.content == second.content and Batch.objects.count() == 1


@pytest.mark.parametrize(("items", "status"), [([], 400), ({"a": 1}, 400), ([7], 400), ([{}] * 1001, 413)])
def test_what_is_no_list_of_up_to_a_thousand_objects(send, items, status):
    assert send("customers", items).status_code == status
    assert not Batch.objects.exists()


def test_every_resource_with_a_key_of_its_own_takes_many_and_no_other(send):
    assert {"customers", "contacts", "subscriptions", "contracts", "payments", "tickets"} < set(RESOURCES)
    for kind in RESOURCES:
        assert outcomes(send(kind, [{}])) == ["rejected"], kind
    assert send("usage", [{}]).status_code == 404


def test_a_thousand_items_take_no_query_each(send):
    def of(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            send("customers", [{"external_id": f"n{count}-{n}", "name": "N"} for n in range(count)])
        return len(seen)

    few, many = of(10), of(400)
    assert many < few + 60, (few, many)


def test_half_a_sign_is_no_fault_of_ours(admin, login):
    body = '[{"external_id": "c1", "name": "A\\ud800"}, {"external_id": "c2", "name": "B"}]'
    answer = login(admin).post("/api/v1/customers/bulk/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["results"][1]["outcome"] == "created"
