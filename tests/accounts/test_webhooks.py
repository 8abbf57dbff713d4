"""Other systems are told what happens, exactly and for days, and no more than they asked for."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Webhook, WebhookMessage
from accounts.services import webhooks as service
from accounts.webhooks import deliver
from accounts.webhooks.announce import Happening, announce
from core import time
from core.outgoing.signing import verify
from core.sealed import seal
from customers.services.customer import customer_create
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


class Receiver(BaseHTTPRequestHandler):
    status = 200
    got: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append(({key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings: Any) -> Iterator[str]:
    settings.OUTGOING_ALLOWED = ["127.0.0.1"]
    Receiver.got, Receiver.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/zelo"
    server.shutdown()


def hook(admin: Any, url: str, *kinds: str) -> tuple[Webhook, str]:
    return service.webhook_create(actor=admin, url=url, types_wanted=kinds or ("customer.created",))


def later(monkeypatch: Any, by: dt.timedelta) -> None:
    at = time.now() + by
    monkeypatch.setattr("core.time.now", lambda: at)


def test_a_change_is_told_signed_and_thin(admin: Any, receiver: str) -> None:
    _, secret = hook(admin, receiver)
    customer = customer_create(actor=admin, name="Padaria Sol", external_id="C-1")
    assert deliver.bring() == 1
    headers, body = Receiver.got[0]
    told = json.loads(body)
    assert verify(body, headers, secret=secret, now=time.now()).startswith("msg_audit_")
    assert told["type"] == "customer.created"
    assert told["data"]["id"] == str(customer.pk)
    assert "Padaria" not in body.decode()
    assert WebhookMessage.objects.get().state == "done"
    assert deliver.bring() == 0


def test_a_change_that_is_taken_back_is_not_told(admin: Any, receiver: str) -> None:
    hook(admin, receiver)
    with pytest.raises(RuntimeError), transaction.atomic():
        customer_create(actor=admin, name="Never", external_id="C-9")
        raise RuntimeError
    assert not WebhookMessage.objects.exists()


def test_only_what_was_asked_for_is_told(admin: Any, receiver: str) -> None:
    hook(admin, receiver, "customer.archived")
    customer_create(actor=admin, name="Padaria Sol", external_id="C-1")
    assert not WebhookMessage.objects.exists()


def test_the_same_happening_twice_is_one_message(admin: Any, receiver: str) -> None:
    hook(admin, receiver)
    for _ in range(2):
        announce([Happening("customer.created", "audit_1", {"id": "1"})])
    assert WebhookMessage.objects.count() == 1


def test_a_receiver_that_is_down_for_a_day_gets_everything_with_the_same_ids(
    admin: Any, receiver: str, monkeypatch: Any
) -> None:
    hook(admin, receiver)
    Receiver.status = 503
    for number in range(5):
        customer_create(actor=admin, name=f"C{number}", external_id=f"C-{number}")
    for hours in (0, 1, 3, 6, 12):
        later(monkeypatch, dt.timedelta(hours=hours))
        deliver.bring()
    first = {headers["webhook-id"] for headers, _ in Receiver.got}
    assert len(first) == 5
    Receiver.status, Receiver.got = 200, []
    later(monkeypatch, dt.timedelta(hours=24))
    while deliver.bring():
        pass
    assert {headers["webhook-id"] for headers, _ in Receiver.got} == first
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {"done"}


def test_attempts_are_spread_over_75_hours_then_given_up(admin: Any, receiver: str, monkeypatch: Any) -> None:
    assert sum(deliver.PAUSES, dt.timedelta()) > dt.timedelta(hours=75)
    hook(admin, receiver)
    Receiver.status = 500
    customer_create(actor=admin, name="A", external_id="A")
    for _ in range(len(deliver.PAUSES) + 1):
        message = WebhookMessage.objects.get()
        monkeypatch.setattr("core.time.now", lambda at=message.due_at: at)
        assert deliver.bring() == 1
    message = WebhookMessage.objects.get()
    assert (message.state, message.attempts, message.error) == ("failed", 10, "HTTP 500")
    assert message.tries.count() == 10


def test_410_switches_the_webhook_off(admin: Any, receiver: str) -> None:
    row, _ = hook(admin, receiver)
    Receiver.status = 410
    for number in range(2):
        customer_create(actor=admin, name=f"C{number}", external_id=f"C-{number}")
    deliver.bring()
    row.refresh_from_db()
    assert not row.is_on
    assert row.disabled_why == "410"
    customer_create(actor=admin, name="Later", external_id="C-3")
    assert WebhookMessage.objects.count() == 2


def test_a_failed_message_is_brought_again_by_hand_with_its_id(admin: Any, receiver: str) -> None:
    row, _ = hook(admin, receiver)
    Receiver.status = 410
    customer_create(actor=admin, name="A", external_id="A")
    deliver.bring()
    Receiver.status = 200
    service.webhook_switch(actor=admin, webhook=row, on=True)
    message = WebhookMessage.objects.get()
    service.message_replay(actor=admin, message=message)
    deliver.bring()
    message.refresh_from_db()
    assert message.state == "done"
    assert Receiver.got[0][0]["webhook-id"] == Receiver.got[1][0]["webhook-id"]


def test_during_a_rotation_both_secrets_verify_then_only_the_new_one(
    admin: Any, receiver: str, monkeypatch: Any
) -> None:
    row, old = hook(admin, receiver)
    row, new = service.webhook_rotate(actor=admin, webhook=row)
    service.webhook_test(actor=admin, webhook=row)
    deliver.bring()
    headers, body = Receiver.got[0]
    assert verify(body, headers, secret=old, now=time.now()) == verify(
        body, headers, secret=new, now=time.now()
    )
    later(monkeypatch, dt.timedelta(hours=25))
    service.webhook_test(actor=admin, webhook=row)
    deliver.bring()
    assert Receiver.got[1][0]["webhook-signature"].count("v1,") == 1


def test_a_worker_killed_while_it_sends_leaves_the_message_to_the_next(
    admin: Any, receiver: str, monkeypatch: Any
) -> None:
    hook(admin, receiver)
    customer_create(actor=admin, name="A", external_id="A")
    WebhookMessage.objects.claim(limit=1, lease=deliver.LEASE)  # and nothing after it
    assert deliver.bring() == 0
    later(monkeypatch, deliver.LEASE + dt.timedelta(seconds=1))
    assert deliver.bring() == 1
    assert len(Receiver.got) == 1


def test_the_database_holds_no_readable_secret(admin: Any, receiver: str) -> None:
    row, secret = hook(admin, receiver)
    assert secret not in row.secret_sealed
    assert secret.removeprefix("whsec_") not in row.secret_sealed


def test_a_webhook_without_a_secret_is_refused_by_the_database(admin: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.create(url="https://1.1.1.1/", secret_sealed="")


def test_a_message_is_once_per_webhook_in_the_database(admin: Any) -> None:
    row = Webhook.objects.create(url="https://1.1.1.1/", secret_sealed=seal("x"))
    WebhookMessage.objects.create(webhook=row, message_id="msg_1", type="customer.created")
    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookMessage.objects.create(webhook=row, message_id="msg_1", type="customer.created")


@pytest.mark.parametrize(
    ("url", "kinds", "field"),
    [
        ("http://10.0.0.1/", ["customer.created"], "url"),
        ("nonsense", ["customer.created"], "url"),
        ("https://1.1.1.1/", [], "types"),
        ("https://1.1.1.1/", ["customer.exploded"], "types"),
    ],
)
def test_a_webhook_that_cannot_work_is_refused_with_the_field(
    admin: Any, url: str, kinds: list[str], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        service.webhook_create(actor=admin, url=url, types_wanted=kinds)
    assert list(refused.value.message_dict) == [field]


def test_the_page_sets_one_up_shows_the_secret_once_and_lists_what_was_brought(
    admin: Any, login: Any, receiver: str
) -> None:
    browser = login(admin)
    made = browser.post(
        reverse("webhooks"), {"url": receiver, "types": ["customer.created"], "description": "CRM"}
    )
    assert b"whsec_" in made.content
    assert b"whsec_" not in browser.get(reverse("webhooks")).content
    row = Webhook.objects.get()
    browser.post(reverse("webhook_test", args=[row.pk]))
    deliver.bring()
    page = browser.get(reverse("webhook", args=[row.pk])).content.decode()
    assert "webhook.test" in page
    assert "HTTP 200" in page


def test_the_page_says_why_an_address_is_refused(admin: Any, login: Any) -> None:
    page = login(admin).post(
        reverse("webhooks"), {"url": "http://169.254.169.254/", "types": ["customer.created"]}
    )
    assert page.status_code == 422
    assert "inside a network" in page.content.decode()
    assert "http://169.254.169.254/" in page.content.decode()


def test_the_log_takes_the_same_number_of_queries(admin: Any, login: Any) -> None:
    row = Webhook.objects.create(url="https://1.1.1.1/", types=["customer.created"], secret_sealed=seal("x"))

    def add(count: int) -> None:
        had = row.messages.count()
        announce([Happening("customer.created", str(had + number)) for number in range(count)])
        for message in row.messages.order_by("pk")[had:]:
            message.tries.create(status=500)

    assert_constant_queries(login(admin), reverse("webhook", args=[row.pk]), add)


def test_the_api_sets_one_up_rotates_tests_and_replays(admin: Any, login: Any, receiver: str) -> None:
    api = login(admin)
    made = api.post(
        "/api/v1/webhooks/", {"url": receiver, "types": ["customer.created"]}, content_type="application/json"
    )
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    key = made.json()["id"]
    assert "secret" not in api.get(f"/api/v1/webhooks/{key}/").json()
    assert api.post(f"/api/v1/webhooks/{key}/rotate/").json()["secret"] != made.json()["secret"]
    sent = api.post(f"/api/v1/webhooks/{key}/test/")
    deliver.bring()
    log = api.get("/api/v1/webhook-messages/", {"webhook": key}).json()["results"]
    assert [(line["id"], line["state"]) for line in log] == [(sent.json()["id"], "done")]
    assert api.post(f"/api/v1/webhook-messages/{log[0]['id']}/replay/").status_code == 202
    assert {"type", "name"} == set(api.get("/api/v1/webhooks/types/").json()[0])


def test_bulk_changes_are_told_one_by_one_in_a_fixed_number_of_statements(
    admin: Any, receiver: str, django_assert_max_num_queries: Any
) -> None:
    hook(admin, receiver, "customer.assigned")
    customers = [factories.customer() for _ in range(40)]
    with django_assert_max_num_queries(3):
        announce([Happening("customer.assigned", f"audit_{row.pk}", {"id": row.pk}) for row in customers])
    assert WebhookMessage.objects.count() == 40
