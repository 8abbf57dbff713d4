"""The same night by Celery: a real worker on Redis and on the embedded broker; and without any bell, by the sweep."""

import datetime as dt
import os
import sys
import time as clock
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from celery import Celery, Task
from celery.beat import PersistentScheduler
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from config import celery, pipeline, processes, tasks
from config.supervisor import GRACE_SECONDS, Child
from core import events, time
from metrics import nights, shards, verdicts
from metrics.models import (
    CustomerDay,
    HealthDay,
    HealthInput,
    Night,
    NightShard,
    UsageDay,
    UsageRolled,
)
from tests import factories
from tests.metrics import world
from tests.metrics.outside import Outside
from tests.nights import D, run, snapshot

PATIENCE_SECONDS = 90
KEPT = {
    "HEALTH_INPUT_MONTHS": "1200"
}  # else the sweep tidies away inputs of scores of days that are long past


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


@contextmanager
def running(
    *parts: processes.Process, outside: Outside, broker: str, differing: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Keep parts of an installation running as `serve` runs them, on the given database and broker.

    `differing`: environment variables that are to have other values than in the tests.
    """
    environment = {
        **outside.environment(),
        "BROKER_URL": broker,
        "LOG_LEVEL": "WARNING",
        **(differing or {}),
    }
    children = [Child(part, environment, sys.stderr) for part in parts]
    try:
        yield
    finally:
        for child in children:
            child.ask_to_end()
        for child in children:
            child.end(clock.monotonic() + GRACE_SECONDS)


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


def stopped_for_a_day(folder: Path) -> None:
    """Leave behind what a beat remembers that was last running a day ago, so that all of its bells are due."""
    remembered = PersistentScheduler(
        celery.app, schedule_filename=str(folder / "celerybeat-schedule"), lazy=True
    )
    remembered.setup_schedule()
    for entry in remembered.schedule.values():
        entry.last_run_at = timezone.now() - D
    remembered.close()


def expect_ten_days() -> None:
    assert nights.last_finished_day() == time.today() - D
    assert CustomerDay.objects.count() == 30
    assert [row.mrr_cents for row in CustomerDay.objects.filter(day=time.today() - D)] == [5000] * 3


@pytest.mark.xdist_group("backup")  # with the other tests that start processes of an installation
@pytest.mark.django_db(transaction=True)
def test_beat_opens_the_nights_and_a_worker_does_them_on_the_embedded_broker(tmp_path):
    some_days(10)
    stopped_for_a_day(tmp_path)
    with (
        Outside(tmp_path) as outside,
        running(processes.worker(), processes.beat(), outside=outside, broker=""),
    ):
        wait_for_nights(outside, 10)
    expect_ten_days()


@pytest.mark.redis
@pytest.mark.xdist_group("backup")
@pytest.mark.django_db(transaction=True)
def test_a_worker_on_redis_does_the_nights_that_beat_opens_and_those_whose_bell_was_lost(broker, tmp_path):
    some_days(10)
    nights.open_nights(time.days(time.today() - 10 * D, time.today() - 6 * D))
    redis.Redis.from_url(broker).flushdb()
    bells = Celery(broker=broker)
    with Outside(tmp_path) as outside, running(processes.worker(), outside=outside, broker=broker):
        bells.send_task("config.tasks.sweep")
        wait_for_nights(outside, 4)
        bells.send_task("config.tasks.open_nights")
        wait_for_nights(outside, 10)
    expect_ten_days()


@pytest.mark.redis
@pytest.mark.xdist_group("backup")
@pytest.mark.django_db(transaction=True)
def test_nights_on_four_hands_give_the_same_rows_though_the_broker_is_flushed_on_the_way(broker, tmp_path):
    world.build()
    run(world.FIRST, world.LAST)
    expected = snapshot()
    for table in (CustomerDay, HealthDay, HealthInput, UsageDay, UsageRolled, NightShard, Night):
        table.objects.all().delete()
    nights.open_nights(time.days(world.FIRST, world.LAST + D))
    server, bells = redis.Redis.from_url(broker), Celery(broker=broker)
    end = clock.monotonic() + PATIENCE_SECONDS
    with (
        Outside(tmp_path) as outside,
        running(processes.worker(concurrency=4), outside=outside, broker=broker, differing=KEPT),
    ):
        while outside.nights_done() < world.DAYS:
            assert clock.monotonic() < end, "the workers did not get through in time"
            server.flushdb()  # whatever nobody took yet is lost
            bells.send_task("config.tasks.sweep")
            for _ in range(4):
                bells.send_task("config.tasks.work", ("nights",))
            clock.sleep(0.2)
    assert snapshot() == expected


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    """The kinds of work that are rung for."""
    heard: list[str] = []
    monkeypatch.setattr(tasks, "ring", heard.append)
    return heard


@pytest.mark.django_db
def test_the_sweep_rings_for_what_waits_and_for_nothing_else(rung, monkeypatch):
    monkeypatch.setattr(verdicts, "NIGHT_DONE_BY", dt.time(0))  # the same at any time of day
    tasks.sweep()
    assert rung == []
    some_days(2)
    nights.open_nights()
    events.emit("nobody.listens")
    tasks.sweep()
    assert set(rung) == {"nights", "events", "telling"}  # telling: two nights that are missing so far


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
