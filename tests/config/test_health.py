"""The addresses for machines: alive, ready, status, metrics."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client

from config import health, probes
from core import status, time
from core.models import Event, OutgoingMail, WorkState
from core.status import Reading
from metrics.models import Night

BEARER = {"HTTP_AUTHORIZATION": "Bearer watch-me"}


@pytest.fixture
def watched(settings):
    settings.STATUS_TOKEN = settings.METRICS_TOKEN = "watch-me"


@pytest.fixture
def only(monkeypatch):
    """Leave only the probes that a test names."""
    monkeypatch.setattr(status, "_probes", {})


def _mail(**fields):
    return OutgoingMail.objects.create(kind="x", to="a@b.test", subject="s", body_text="t", **fields)


def test_a_process_that_is_up_says_so_without_asking_the_database(client):
    answer = client.get("/healthz")  # no database in this test: a query would fail it
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_load_balancers_ask_by_address_and_without_tls(settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["zelo.example.com"], True
    assert Client().get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert Client().get("/accounts/login/", headers={"host": "zelo.example.com"}).status_code == 301


@pytest.mark.django_db
def test_ready_when_the_database_carries_every_table(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client, monkeypatch):
    monkeypatch.setattr(health, "_seen_migrated", False)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are missing\n")


def test_not_ready_when_the_database_does_not_answer(client, monkeypatch):
    def gone():
        raise DatabaseError("connection refused")

    monkeypatch.setattr(health, "_migrated", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


@pytest.mark.parametrize("address", ["/statusz", "/-/metrics"])
def test_without_a_token_in_the_settings_there_is_nothing(client, settings, address):
    settings.STATUS_TOKEN = settings.METRICS_TOKEN = ""
    assert client.get(address, HTTP_AUTHORIZATION="Bearer ").status_code == 404


@pytest.mark.parametrize("address", ["/statusz", "/-/metrics"])
def test_a_wrong_token_is_refused(client, watched, address):
    assert client.get(address).status_code == 401
    assert client.get(address, HTTP_AUTHORIZATION="Bearer guess").status_code == 401


@pytest.mark.django_db
def test_status_tells_of_broker_night_outbox_events_and_disk(client, watched):
    answer = client.get("/statusz", **BEARER)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert set(answer.json()["checks"]) >= {"broker", "night", "outbox", "events", "disk"}


@pytest.mark.django_db
def test_status_fails_when_a_mail_waits_too_long(client, watched):
    _mail(key="1", due_at=time.now() - dt.timedelta(minutes=16))
    answer = client.get("/statusz", **BEARER)
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["outbox"]["ok"] is False
    assert checks["outbox"]["outbox_due"] == 1
    assert 15 * 60 < checks["outbox"]["outbox_oldest_age_seconds"] < 18 * 60


@pytest.mark.django_db
def test_a_mail_that_is_done_or_not_yet_due_does_not_count():
    _mail(key="1", due_at=time.now() - dt.timedelta(days=1), state=WorkState.DONE)
    _mail(key="2", due_at=time.now() + dt.timedelta(hours=1))
    reading = status.outbox()
    assert reading.ok
    assert reading.values["outbox_due"] == 0


@pytest.mark.django_db
def test_failed_events_are_counted():
    Event.objects.create(kind="x", state=WorkState.FAILED)
    assert status.events().values["events_failed"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("days_ago", "well"), [(1, True), (4, False)])
def test_a_night_that_is_late_is_not_well(days_ago, well):
    Night.objects.create(day=time.today() - dt.timedelta(days=days_ago), state=WorkState.DONE)
    assert probes.night().ok is well


@pytest.mark.django_db
def test_the_age_of_the_last_night_counts_from_the_end_of_its_day():
    day = time.today() - dt.timedelta(days=2)
    Night.objects.create(day=day, state=WorkState.DONE)
    Night.objects.create(day=day + dt.timedelta(days=1), state=WorkState.RUNNING)
    age = probes.night().values["night_age_seconds"]
    assert 24 * 3600 <= age < 48 * 3600


@pytest.mark.django_db
def test_a_workspace_without_nights_is_well():
    assert probes.night() == Reading(ok=True, detail="no night yet")


def test_a_broken_probe_hides_no_other(only):
    def broken():
        raise ConnectionRefusedError("no broker")

    status.register("broker", broken)
    status.register("disk", status.disk)
    seen = status.readings()
    assert seen["broker"] == Reading(ok=False, detail="ConnectionRefusedError: no broker")
    assert seen["disk"].values["disk_total_bytes"] > 0


def test_metrics_are_prometheus_text(client, watched, only):
    status.register("disk", lambda: Reading(True, "fine", {"disk_free_bytes": 12_884_901_888.0}))
    status.register("broker", lambda: Reading(False, "gone"))
    answer = client.get("/-/metrics", **BEARER)
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.content.decode().splitlines() == [
        "# TYPE zelo_ok gauge",
        'zelo_ok{check="disk"} 1',
        'zelo_ok{check="broker"} 0',
        "# TYPE zelo_disk_free_bytes gauge",
        "zelo_disk_free_bytes 12884901888.0",
    ]
