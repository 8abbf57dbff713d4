"""The sweep takes out what is done and long past, a piece at a time, and nothing else."""

import datetime as dt

import pytest

from config import pipeline, tasks, tidying
from core import events, time
from core.models import Event, WorkState
from metrics.models import Night, NightShard

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(days=91)


def event(state: str = WorkState.DONE, *, age: dt.timedelta = LONG_AGO) -> Event:
    row = events.emit("nobody.listens")
    at = time.now() - age
    Event.objects.filter(pk=row.pk).update(
        state=state, due_at=at, finished_at=at if state == WorkState.DONE else None
    )
    return row


def shard(state: str) -> NightShard:
    at = time.now() - LONG_AGO
    night = Night.objects.create(day=time.local_day(at) - dt.timedelta(days=Night.objects.count()))
    return NightShard.objects.create(night=night, low=1, high=9, state=state, due_at=at, finished_at=at)


def test_done_events_and_shards_go_after_90_days():
    event()
    shard(WorkState.DONE)
    kept = [
        event(age=dt.timedelta(days=89)),
        event(WorkState.WAITING),
        event(WorkState.FAILED),
        shard(WorkState.WAITING),
    ]
    pipeline.finish(["tidying"])
    assert {*Event.objects.all(), *NightShard.objects.all()} == set(kept)
    assert Night.objects.count() == 2, "the nights themselves stay"
    assert not tidying.due()


def test_much_is_taken_in_pieces_of_two_statements(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(tidying, "AT_ONCE", 10)
    for _ in range(25):
        event()
    with django_assert_num_queries(
        len(tidying.TABLES) + 4
    ):  # four more look for old inputs of scores, kept answers, old problems and notices
        assert tidying.tidy() == 10
    assert [tidying.tidy(), tidying.tidy(), tidying.tidy()] == [10, 5, 0]


def test_the_sweep_rings_for_it(monkeypatch):
    rung: list[str] = []
    monkeypatch.setattr(tasks, "ring", rung.append)
    tasks.sweep()
    assert "tidying" not in rung
    event()
    tasks.sweep()
    assert "tidying" in rung
