"""Imports over HTTP."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEntry, Token
from accounts.services.secrets import secret_hash
from core import time
from customers.models import Customer
from ingest.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(manager) -> Client:
    """A client that sends a token with the scope `ingest`."""
    Token.objects.create(
        name="CRM",
        user=manager,
        prefix="t",
        token_hash=secret_hash("secret"),
        scopes=["ingest"],
        expires_at=time.now() + dt.timedelta(days=1),
    )
    return Client(headers={"Authorization": "Bearer secret"})


@pytest.fixture
def call(client):
    def send(path, data, content_type="application/json", **headers):
        return client.post(
            f"/api/v1/import/{path}",
            data,
            content_type=content_type,
            headers=headers,
        )

    return send


def test_rows_as_json_are_applied_at_once_and_the_batch_comes_back(call):
    rows = [
        {"external_id": "c1", "name": "Acme", "segment": "mid", "tags": ["a", "b"]},
        {"external_id": "c2"},
    ]
    answer = call("customers/", rows)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["step"], body["new"], body["rejected"]) == ("applied", 1, 1)
    assert [(one["line"], one["column"], one["code"]) for one in body["rejections"]] == [
        (2, "name", "missing")
    ]
    assert call("customers/", {"rows": rows}).json()["unchanged"] == 1


def test_what_an_integration_sends_is_told_by_its_name(db, admin, login):
    Token.objects.create(
        name="ERP",
        prefix="zelo_abc",
        token_hash=secret_hash("of nobody"),
        scopes=["ingest"],
        role="manager",
        expires_at=time.now() + dt.timedelta(days=1),
    )
    answer = Client(headers={"Authorization": "Bearer of nobody"}).post(
        "/api/v1/import/customers/",
        [{"external_id": "c1", "name": "Acme", "segment": "mid"}],
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    entries = AuditEntry.objects.filter(action__in=["import.applied", "customer.created"])
    assert {(entry.action, entry.actor, entry.actor_label) for entry in entries} == {
        ("import.applied", None, "ERP (zelo_abc…)"),
        ("customer.created", None, "ERP (zelo_abc…)"),
    }
    assert "ERP" in login(admin).get("/imports/").content.decode()


def test_the_same_idempotency_key_gives_the_same_batch_and_stands_for_no_other_rows(call):
    keyed = {"Idempotency-Key": "k1"}
    first = call("customers/", [{"external_id": "c1", "name": "Acme"}], **keyed)
    assert call("customers/", [{"external_id": "c1", "name": "Acme"}], **keyed).content == first.content
    assert call("customers/", [{"external_id": "c2", "name": "Beta"}], **keyed).status_code == 422
    assert Customer.objects.count() == 1 and Batch.objects.count() == 1


def test_a_files_key_goes_by_its_content_and_is_free_after_a_day(client):
    def send(text):
        return client.post(
            "/api/v1/import/customers/",
            {"file": SimpleUploadedFile("customers.csv", text.encode())},
            headers={"Idempotency-Key": "k1"},
        )

    first = send("external_id,name\nc1,Acme\n")
    assert send("external_id,name\nc1,Acme\n").json()["id"] == first.json()["id"]
    assert send("external_id,name\nc2,Beta\n").status_code == 422
    Batch.objects.update(created_at=time.now() - dt.timedelta(hours=25))
    assert send("external_id,name\nc2,Beta\n").json()["new"] == 1


def test_a_csv_body_and_a_file_are_taken(call, client):
    text = "external_id,name\nc1,Acme\n"
    assert call("customers/", text, content_type="text/csv").json()["new"] == 1
    answer = client.post(
        "/api/v1/import/customers/",
        {"file": SimpleUploadedFile("customers.csv", text.encode())},
    )
    assert answer.json()["unchanged"] == 1


def test_what_cannot_be_read_is_told(call):
    answer = call("customers/", "foo\n1\n", content_type="text/csv")
    assert answer.status_code == 422 and "external_id" in answer.json()["error"]
    assert call("nothing/", []).status_code == 404
    assert call("customers/", {"rows": "x"}).status_code == 400


def test_the_state_of_a_batch_is_read(call, client):
    pk = call("customers/", [{"external_id": "c1", "name": "Acme"}]).json()["id"]
    Token.objects.update(scopes=["read"])
    got = client.get(f"/api/v1/imports/{pk}/")
    assert got.json()["step"] == "applied"
    listed = client.get("/api/v1/imports/")
    assert [one["id"] for one in listed.json()["results"]] == [pk]
    assert call("customers/", []).status_code == 403
