"""The same night by Celery: a real worker on a real Redis; and without any bell, by the sweep."""

import os
import signal
import subprocess
import sys
import time as clock
from pathlib import Path

import pytest
import redis
from celery import Celery, Task
from django.conf import settings
from kombu.exceptions import OperationalError

from config import pipeline, tasks
from core import events, time
from metrics import nights, shards
from metrics.models import CustomerDay, Night, NightShard
from tests import factories
from tests.metrics.outside import Outside
from tests.nights import D

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90


@pytest.fixture
def broker():
    """The address of an emptied Redis database that no other test uses now."""
    server = settings.BROKER_URL if settings.BROKER_URL.startswith("redis") else "redis://127.0.0.1:6379/0"
    url = f"{server.rsplit('/', 1)[0]}/{1 + os.getpid() % 14}"
    client = redis.Redis.from_url(url)
    try:
        client.flushdb()
    except redis.ConnectionError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no Redis is running here")
    yield url
    client.flushdb()


class Worker:
    """`celery worker` with two processes on the given database and broker."""

    def __init__(self, outside: Outside, broker: str) -> None:
        self.environment = {**outside.environment(), "BROKER_URL": broker}
        self.app = Celery(broker=broker)

    def __enter__(self) -> "Worker":
        command = (
            "-m celery --quiet -A config.celery worker --concurrency 2 --loglevel WARNING --without-mingle"
        )
        self.process = subprocess.Popen(
            [sys.executable, *command.split()], cwd=ROOT, env=self.environment, start_new_session=True
        )
        return self

    def __exit__(self, *error: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=60)

    def send(self, task: str) -> None:
        self.app.send_task(f"config.tasks.{task}")


def some_days(count: int) -> None:
    for n in range(3):
        customer = factories.customer(started_on=time.today() - count * D, segment_by="hand", stage="support")
        factories.subscription(customer, starts_on=time.today() - (count - n) * D, mrr_cents=5000)


def wait_for_nights(outside: Outside, count: int) -> None:
    """Ask the worker's database until so many nights are done."""
    end = clock.monotonic() + PATIENCE_SECONDS
    while outside.nights_done() < count:
        assert clock.monotonic() < end, "the worker did not get through in time"
        clock.sleep(0.1)


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_on_redis_does_the_nights_that_beat_opens_and_those_whose_bell_was_lost(broker, tmp_path):
    some_days(10)
    nights.open_nights(time.days(time.today() - 10 * D, time.today() - 6 * D))
    redis.Redis.from_url(broker).flushdb()
    with Outside(tmp_path) as outside, Worker(outside, broker) as worker:
        worker.send("sweep")
        wait_for_nights(outside, 4)
        worker.send("open_nights")
        wait_for_nights(outside, 10)
    assert nights.last_finished_day() == time.today() - D
    assert CustomerDay.objects.count() == 30
    assert [row.mrr_cents for row in CustomerDay.objects.filter(day=time.today() - D)] == [5000] * 3


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    """The kinds of work that are rung for."""
    heard: list[str] = []
    monkeypatch.setattr(tasks, "ring", heard.append)
    return heard


@pytest.mark.django_db
def test_the_sweep_rings_for_what_waits_and_for_nothing_else(rung):
    tasks.sweep()
    assert rung == []
    some_days(2)
    nights.open_nights()
    events.emit("nobody.listens")
    tasks.sweep()
    assert set(rung) == {"nights", "events"}


@pytest.mark.django_db
def test_the_sweep_rings_again_for_work_whose_lease_is_over(rung):
    some_days(1)
    nights.open_nights()
    shards.claim(NightShard.objects.all())
    tasks.sweep()
    assert "nights" not in rung
    NightShard.objects.update(leased_until=time.now() - D)
    tasks.sweep()
    assert "nights" in rung


@pytest.mark.django_db
def test_the_tick_of_beat_opens_nights_and_rings_for_hands(rung):
    tasks.open_nights()
    assert rung == []
    some_days(3)
    tasks.open_nights()
    assert set(rung) == {"nights"}
    assert Night.objects.count() == 3


@pytest.mark.django_db
def test_a_task_works_until_nothing_is_due():
    some_days(3)
    nights.open_nights()
    tasks.work("nights")
    assert not shards.due()
    assert nights.last_finished_day() == time.today() - D


def test_a_broker_that_does_not_answer_stops_nobody(monkeypatch, caplog):
    def refused(*arguments, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(Task, "apply_async", refused)
    tasks.ring("events")
    assert "The broker did not take the bell for events" in caplog.text


def test_every_kind_of_work_can_be_asked_and_done():
    for kind, work in pipeline.WORK.items():
        assert callable(work.due), kind
        assert callable(work.do), kind
