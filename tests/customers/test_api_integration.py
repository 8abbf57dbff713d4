"""What an integration writes over HTTP is told as the integration's own, not as a person's and not as Zelo's."""

import pytest
from django.test import Client

from accounts.models import AuditEntry
from accounts.services.tokens import token_create
from customers.models import Customer, CustomerHistory, Touchpoint
from tests import factories
from tests.customers.test_api_facts import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def erp(admin):
    """Return a client that sends with the token of an integration called ERP, a manager by role."""
    made = token_create(
        actor=admin, name="ERP", scopes=("read", "write"), expires_at=None, integration_role="manager"
    )
    return Client(headers={"authorization": f"Bearer {made.raw}"})


def told(customer_id: int) -> list[str]:
    """Return the actions told of a customer, having seen that the integration is named for each."""
    entries = list(AuditEntry.objects.filter(customer_id=customer_id).order_by("pk"))
    for entry in entries:
        assert entry.actor is None
        assert entry.actor_label.startswith("ERP (zelo_"), entry.action
    return [entry.action for entry in entries]


@pytest.mark.parametrize("name", KINDS)
def test_a_fact_that_an_integration_writes_and_corrects_is_told_as_its_own(name, erp):
    kind, customer = KINDS[name], factories.customer()
    sent = {"customer": customer.pk, **kind.sent}
    made = erp.post(f"/api/v1/{name}/", sent, content_type="application/json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/{name}/{made.json()['id']}/"
    assert erp.patch(address, kind.change, content_type="application/json").status_code == 200
    assert [action.split(".")[1] for action in told(customer.pk)] == ["created", "updated"]


def test_a_conversation_that_an_integration_logs_has_no_author(erp):
    sent = {"customer": factories.customer().pk, **KINDS["touchpoints"].sent}
    assert erp.post("/api/v1/touchpoints/", sent, content_type="application/json").status_code == 201
    assert Touchpoint.objects.get().author is None


def test_every_change_of_a_customer_by_an_integration_is_told_as_its_own(erp):
    def send(method, address, body):
        answer = getattr(erp, method)(f"/api/v1/customers/{address}", body, content_type="application/json")
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()

    key = send("post", "", {"external_id": "C-1", "name": "Vale Verde"})["id"]
    send("patch", f"{key}/", {"name": "Vale Verde S.A.", "tags": ["logistics"]})
    send("post", f"{key}/segment/", {"segment": "high_value", "reason": "Key account in the ERP"})
    send("post", f"{key}/segment/", {})
    send("post", f"{key}/stage/", {"stage": "support"})
    send("post", f"{key}/archive/", {})
    send("post", f"{key}/restore/", {})
    assert told(key) == [
        "customer.created",
        "customer.updated",
        "customer.segment_changed",
        "customer.segment_changed",
        "customer.stage_changed",
        "customer.archived",
        "customer.restored",
    ]
    assert Customer.objects.get(pk=key).stage == "support"
    assert not CustomerHistory.objects.filter(actor__isnull=False).exists()


def test_rules_that_an_integration_sets_are_told_as_its_own(admin):
    made = token_create(
        actor=admin,
        name="ERP",
        scopes=("read", "write", "admin"),
        expires_at=None,
        integration_role="admin",
    )
    erp = Client(headers={"authorization": f"Bearer {made.raw}"})
    customer = factories.customer(segment="volume", segment_by="rule")
    rules = [{"segment": "mid", "conditions": []}]
    answer = erp.put("/api/v1/rules/segment/", rules, content_type="application/json")
    assert answer.status_code == 200, answer.content
    customer.refresh_from_db()
    assert customer.segment == "mid"
    for action in ("segment_rules.changed", "segments.applied"):
        assert AuditEntry.objects.get(action=action).actor_label.startswith("ERP (zelo_")
