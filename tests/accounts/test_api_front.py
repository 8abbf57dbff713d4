"""What every call to the API passes: keys of repeated calls, versions, limits."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts.models import AuditEntry, Webhook
from accounts.services.tokens import token_create, token_revoke
from core import time
from core.calls import counting, remembering
from core.models import RememberedCall
from customers.models import Customer
from tests import factories
from tests.metrics.outside import Outside, ended

pytestmark = pytest.mark.django_db

URL = "/api/v1/customers/"


def made_token(actor, *scopes: str):
    return token_create(actor=actor, name="k", scopes=scopes, expires_at=None)


@pytest.fixture
def token(manager):
    return made_token(manager, "write")


@pytest.fixture
def client(token) -> Client:
    return Client(headers={"authorization": f"Bearer {token.raw}"})


def post(client: Client, body, key: str = "k1", url: str = URL, **headers: str):
    headers = {"Idempotency-Key": key, **headers}
    return client.post(url, body, content_type="application/json", headers=headers)


def acme(number: int = 1) -> dict[str, str]:
    return {"external_id": f"c{number}", "name": "Acme"}


# --- Idempotency-Key ------------------------------------------------------------------------------
def test_the_same_call_twice_is_made_once_and_answers_the_same_bytes(client):
    first, second = post(client, acme()), post(client, acme())
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert "Idempotent-Replayed" not in first and second["Idempotent-Replayed"] == "true"
    assert Customer.objects.count() == 1
    assert AuditEntry.objects.filter(action="customer.created").count() == 1


def test_another_body_address_or_method_under_the_same_key_is_refused(client):
    made = post(client, acme()).json()
    assert post(client, acme(2)).status_code == 422
    assert post(client, acme(), url="/api/v1/contacts/").status_code == 422
    one = f"{URL}{made['id']}/"
    changed = client.patch(
        one, {"name": "B"}, content_type="application/json", headers={"Idempotency-Key": "k1"}
    )
    assert changed.json()["code"] == "key_reused"
    assert Customer.objects.get().name == "Acme"


def test_a_refusal_is_remembered_too(client):
    first = post(client, {"name": ""})
    assert first.status_code == 400
    post(client, acme(), key="other")
    assert post(client, {"name": ""}).content == first.content


def test_a_key_is_of_one_token_and_of_one_person(client, manager, analyst, login):
    post(client, acme(1))
    other = Client(headers={"authorization": f"Bearer {made_token(manager, 'write').raw}"})
    assert post(other, acme(2)).status_code == 201
    assert post(login(analyst), acme(3)).status_code == 201
    assert post(login(manager), acme(4)).status_code == 201


def test_a_revoked_token_hears_nothing_again(client, token, manager):
    post(client, acme())
    token_revoke(actor=manager, token=token.token)
    assert post(client, acme()).status_code == 401


def test_while_a_call_is_in_flight_its_key_gets_409_and_after_a_crash_it_can_be_made_again(client):
    assert post(client, acme()).status_code == 201
    Customer.objects.all().delete()
    RememberedCall.objects.update(status=None)
    answer = post(client, acme())
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "in_flight", "1")
    RememberedCall.objects.update(leased_until=time.now() - dt.timedelta(seconds=1))
    assert post(client, acme()).status_code == 201


def test_409_429_and_5xx_are_not_remembered(client, settings, monkeypatch):
    settings.API_CALLS_PER_MINUTE = 0
    assert post(client, acme()).status_code == 429
    settings.API_CALLS_PER_MINUTE = 600
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("customers.api.customers.customer_create", _break_after_writing)
        assert post(client, acme()).status_code == 500
    assert not Customer.objects.exists() and not RememberedCall.objects.exists()
    assert post(client, acme()).status_code == 201


def _break_after_writing(**fields) -> None:
    factories.customer()
    raise RuntimeError("broken")


def test_an_answer_whose_lease_was_taken_over_did_not_happen(client, monkeypatch):
    monkeypatch.setattr(remembering, "keep", lambda call, **answer: False)
    assert post(client, acme()).status_code == 409
    assert not Customer.objects.exists()


def test_after_24_hours_a_key_is_free_and_the_sweep_takes_it_out(client):
    post(client, acme(1))
    RememberedCall.objects.update(expires_at=time.now())
    assert post(client, acme(2)).status_code == 201
    assert remembering.tidy() == 0
    RememberedCall.objects.update(expires_at=time.now())
    assert remembering.tidy() == 1 and not remembering.past().exists()


def test_neither_key_nor_answer_can_be_read_in_the_database(admin):
    client = Client(headers={"authorization": f"Bearer {made_token(admin, 'admin').raw}"})
    body = {"url": "https://93.184.215.14/x", "types": ["customer.created"]}
    first = post(client, body, key="a-key-of-mine", url="/api/v1/webhooks/")
    secret = first.json()["secret"]
    assert post(client, body, key="a-key-of-mine", url="/api/v1/webhooks/").json()["secret"] == secret
    assert Webhook.objects.count() == 1
    (kept,) = RememberedCall.objects.values()
    assert secret not in str(kept) and "a-key-of-mine" not in str(kept)


@pytest.mark.parametrize("key", ["é", "x" * 256])
def test_a_key_that_is_none(client, key):
    assert post(client, acme(), key=key).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_eight_callers_with_one_key_make_one_customer(token, tmp_path):
    def send() -> None:
        client = Client(headers={"authorization": f"Bearer {token.raw}"})
        assert post(client, acme()).status_code in {201, 409}

    with Outside(tmp_path) as outside:
        assert {ended(process) for process in [outside.start(send) for _ in range(8)]} == {0}
    assert Customer.objects.count() == 1


# --- ETag, If-Match -------------------------------------------------------------------------------
def change(client: Client, url: str, body, **headers: str):
    return client.patch(url, body, content_type="application/json", headers=headers)


def test_a_change_is_made_only_of_what_was_read(client, analyst):
    contact = factories.contact(factories.customer(owner=analyst), name="Ana")
    url = f"/api/v1/contacts/{contact.pk}/"
    seen = client.get(url)["ETag"]
    assert client.get(url)["ETag"] == seen
    first = change(client, url, {"name": "Bia"}, **{"If-Match": seen})
    assert first.status_code == 200 and first["ETag"] != seen
    late = change(client, url, {"name": "Cris"}, **{"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    contact.refresh_from_db()
    assert contact.name == "Bia"
    again = change(client, url, {"name": "Cris"}, **{"If-Match": f'"x", {first["ETag"]}'})
    assert again.status_code == 200
    assert change(client, url, {"name": "Duda"}, **{"If-Match": "*"}).status_code == 200


def test_who_has_the_version_already_gets_304(client):
    contact = factories.contact()
    url = f"/api/v1/contacts/{contact.pk}/"
    seen = client.get(url)["ETag"]
    same = client.get(url, headers={"If-None-Match": seen})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", seen)
    assert client.get("/api/v1/contacts/").headers.get("ETag") is None


def test_a_customers_own_version_goes_the_same_way(client, analyst):
    customer = factories.customer(owner=analyst)
    url = f"{URL}{customer.pk}/"
    seen = client.get(url)["ETag"]
    done = client.post(f"{url}archive/", headers={"If-Match": seen})
    assert done.status_code == 200
    assert client.post(f"{url}restore/", headers={"If-Match": seen}).status_code == 412


def test_every_single_resource_that_can_be_changed_has_a_version_to_be_changed_by():
    unread = []
    for pattern in _api_patterns():
        actions = getattr(pattern.callback, "actions", None) or {}
        detail = getattr(pattern.callback, "initkwargs", {}).get("detail")
        if detail and {"patch", "put", "delete"} & actions.keys() and "get" not in actions:
            unread.append(pattern.name)
    assert unread == []


def _api_patterns() -> list[Any]:
    api: Any
    (api,) = [one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/"]
    found: list[Any] = api.url_patterns
    return found


# --- limits ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("cache_url", ["", "locmemcache://"])
def test_a_token_that_calls_too_often_is_told_when_to_come_back(client, settings, manager, cache_url):
    settings.CACHE_URL, settings.API_CALLS_PER_MINUTE = cache_url, 2
    answers = [client.get(URL) for _ in range(3)]
    if answers[-1].status_code == 200:  # the minute changed meanwhile
        answers = [client.get(URL) for _ in range(3)]
    assert [one.status_code for one in answers][-1] == 429
    refused = answers[-1]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "throttled"
    other = Client(headers={"authorization": f"Bearer {made_token(manager, 'read').raw}"})
    assert other.get(URL).status_code == 200


def test_a_new_minute_starts_at_nought(monkeypatch, db):
    at = dt.datetime(2026, 3, 1, 12, 0, 50, tzinfo=dt.UTC)
    monkeypatch.setattr(time, "now", lambda: at)
    assert [counting.count_call("t1") for _ in range(2)] == [(1, 10), (2, 10)]
    assert counting.count_call("t2") == (1, 10)
    at += dt.timedelta(seconds=10)
    assert counting.count_call("t1") == (1, 60)
