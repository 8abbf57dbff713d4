"""Suggested weights: never below 0, summing to 100, better on customers held out, and silent without evidence."""

import datetime as dt

import numpy as np
import pytest

from core.models import WorkState
from metrics.health import backtest, lab_tasks, suggest
from metrics.health.configuration import configuration
from metrics.health.preview import Stored
from metrics.models import LabTask

pytestmark = pytest.mark.django_db
CURVE = {"curve": [[0, 0], [4000, 10_000]], "fresh_for": None}
CARD = {
    "factors": ["tenure", "breadth", "nps"],
    "cells": {"": {key: {"weight": 1000, **CURVE} for key in ("tenure", "breadth", "nps")}},
    "edges": {},
}


def company(customers: int, lost: int, *, told: bool = True) -> backtest.Outcome:
    """Four month ends: tenure tells who leaves, breadth tells nothing, nps tells the contrary."""
    chance = np.random.default_rng(7)
    keys = np.tile(np.arange(customers), 4)
    left = keys < lost
    worse = left if told else chance.permutation(left)
    tenure = np.where(worse, chance.integers(0, 2500, len(keys)), chance.integers(800, 4000, len(keys)))
    breadth = chance.integers(0, 4000, len(keys))
    nps = np.where(worse, chance.integers(1500, 4000, len(keys)), chance.integers(0, 3000, len(keys)))
    zeros = np.zeros(len(keys), dtype=np.int64)
    inputs = {"tenure": (tenure, zeros), "breadth": (breadth, zeros), "nps": (nps, zeros)}
    return backtest.Outcome(Stored(keys, zeros + 738_000, zeros, zeros, zeros + 100, inputs), left, 4)


def test_weight_goes_to_what_tells_and_none_below_zero():
    told: list[float] = []
    found = suggest.suggest(company(300, 60), CARD, "", tell=told.append)
    assert sum(found.weights.values()) == 10_000
    assert found.weights["tenure"] > 8000
    assert found.weights["nps"] == 0
    assert found.now is not None
    assert found.then is not None
    assert found.now.auc is not None
    assert found.then.auc is not None
    assert found.then.auc > found.now.auc + 0.1
    assert found.better
    assert told == sorted(told)
    assert 0 < told[-1] < 1
    configuration(suggest.with_weights(CARD, "", found.weights))
    assert suggest.with_weights(CARD, "segment=mid", {"tenure": 5})["cells"]["segment=mid"] == {
        "tenure": {"weight": 5}
    }


def test_without_evidence_nothing_is_called_better():
    found = suggest.suggest(company(300, 60, told=False), CARD, "")
    assert not found.better
    few = suggest.suggest(company(300, 29), CARD, "")
    assert (few.enough, few.weights, few.now) == (False, {}, None)


def test_it_reads_no_more_than_a_sample_of_whole_customers(monkeypatch):
    monkeypatch.setattr(suggest, "MOST_ROWS", 100)
    found = suggest.sample(company(300, 60), np.random.default_rng(1))
    assert len(found.left) == 100
    assert set(np.unique(found.rows.customer, return_counts=True)[1].tolist()) == {4}


def test_long_work_is_a_row_that_a_worker_takes_once(monkeypatch):
    monkeypatch.setattr(lab_tasks, "SMALL", -1)
    day = dt.date(2024, 6, 30)

    def asked() -> LabTask:
        return lab_tasks.asked("backtest", definition=CARD, in_force=CARD, cell="", day=day)

    task = asked()
    assert asked().pk == task.pk
    assert (task.state, lab_tasks.due()) == (WorkState.WAITING, True)
    assert lab_tasks.work() == 1
    done = asked()
    assert (done.state, done.progress, done.error) == (WorkState.DONE, 100, "")
    assert done.result is not None
    verdict = lab_tasks.verdict_of(done.result["now"])
    assert verdict is not None
    assert (verdict.enough, verdict.churn["red"]) == (False, (0, 0))
    assert lab_tasks.work() == 0


def test_what_goes_wrong_stays_on_the_row_and_is_given_up_after_a_while(monkeypatch):
    monkeypatch.setattr(lab_tasks, "SMALL", -1)
    task = lab_tasks.asked("suggestion", definition={}, in_force=CARD, cell="", day=dt.date(2024, 6, 30))
    for _n in range(lab_tasks.MOST_ATTEMPTS):
        LabTask.objects.update(due_at=task.created_at)
        lab_tasks.work()
    task.refresh_from_db()
    assert task.state in (WorkState.FAILED, WorkState.DONE)
