"""Learning who leaves: tells where there is something to tell, and says so where there is not."""

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from metrics.health import cards
from metrics.models import CustomerDay, RiskModel
from metrics.risk import features, logistic, panel, rows, training
from metrics.risk.spans import STEPS
from metrics.scope import cell
from metrics.services.risk import risk_model_learn
from tests import factories
from tests.metrics.risk import world
from tests.metrics.risk.world import LAST, D


def test_the_regression_finds_what_made_the_data_and_believes_little_from_few():
    chance = np.random.default_rng(1)
    columns = np.hstack([np.ones((4000, 1)), chance.normal(size=(4000, 2))])
    truth = np.array([-2.0, 1.0, 0.0])
    happened = chance.random(4000) < logistic.chance(columns @ truth)
    nothing: dict[str, Any] = {"believed": np.zeros(3), "spread": np.array([np.inf, 1.0, 1.0])}
    found = logistic.fit(columns, happened, **nothing)
    assert found == pytest.approx(truth, abs=0.15)
    apart = columns[:, 1] > 0
    few = logistic.fit(columns[:8], apart[:8], **nothing)
    assert 0.3 < few[1] < 2  # eight rows that part in two would else make it endless
    firm = logistic.fit(
        columns, happened, believed=np.array([0, 2.0, 0]), spread=np.array([np.inf, 1e-4, 1.0])
    )
    assert firm[1] == pytest.approx(2.0, abs=1e-2)
    never = logistic.fit(columns, np.zeros(4000, dtype=bool), **nothing)
    assert logistic.chance(columns @ never).max() < 1e-4


@pytest.mark.django_db
def test_it_tells_who_leaves_where_use_falls_before():
    world.build()
    found = training.learn(LAST)
    print("AUC", found.judged.auc, found.judged.low, found.judged.high)
    assert found.state == RiskModel.State.USED
    assert (found.lost, found.customers, found.months) == (60, 160, 17)
    assert found.judged.auc is not None
    assert found.judged.auc > 0.7
    assert found.judged.evidence
    weights = dict(zip(found.definition["names"], found.definition["weights"], strict=True))
    assert weights["active_days"] < 0
    assert 0 < found.definition["usual"] < 0.3
    told = sum(one.told * one.rows for one in found.judged.bins)
    left = sum(one.left for one in found.judged.bins)
    assert told == pytest.approx(left, rel=0.4)
    assert found.judged.bins[-1].left > found.judged.bins[0].left


@pytest.mark.django_db
def test_shuffled_outcomes_give_no_evidence():
    world.build()
    whole = panel.read(LAST)
    read = features.of_card(cards.in_force([LAST])[0], whole.rows)
    names, places = np.unique(whole.rows.customer, return_inverse=True)
    left = dict(zip(whole.rows.customer.tolist(), whole.gone.tolist(), strict=True))
    days = np.array([left[key] for key in names.tolist()])
    shuffled = np.random.default_rng(4).permutation(days)[places]
    later = np.where(shuffled > whole.rows.day, shuffled, panel.STAYS)
    found = training.learned(dataclasses.replace(whole, gone=later), read)
    assert found.state == RiskModel.State.NONE
    assert found.definition == {}
    assert found.judged.low is not None
    assert found.judged.high is not None
    assert found.judged.low < 0.5 < found.judged.high


@pytest.mark.django_db
def test_with_few_losses_nothing_is_claimed():
    world.build(customers=60, lost=29)
    found = training.learn(LAST)
    assert (found.state, found.definition, found.judged.auc) == ("little", {}, None)
    assert training.learn(dt.date(2020, 1, 1)).rows == 0


@pytest.mark.django_db
def test_only_what_was_known_on_the_day_is_learned_from():
    world.build()
    day = world.ends(18)[-6]
    before = training.learn(day)
    CustomerDay.objects.filter(day__gt=day).delete()
    assert training.learn(day) == before
    found = panel.read(day)
    assert found.gone.max() <= day.toordinal()
    assert (found.known * 30 + found.rows.day <= day.toordinal()).all()
    assert found.known.max() == STEPS


@pytest.mark.django_db
def test_notice_counts_from_the_day_it_was_given():
    (key,) = world.build(customers=1, lost=0, months=3)
    before, day = world.ends(3)[-2:]
    factories.subscription(
        customer(key), starts_on=LAST - 400 * D, ends_on=day + 40 * D, mrr_cents=4_000, cancelled_on=day
    )
    factories.contract(
        customer(key), starts_on=LAST - 400 * D, ends_on=day + 9 * D, signed_on=None, cancelled_on=day
    )
    found = rows.read([before, day], cell(1) if key <= 2000 else None)
    assert found.ends.sum(axis=1).tolist() == [0, 0.4]
    assert found.ends[1, 1] == 0.4
    assert found.cancelled.tolist() == [False, True]
    assert found.noticed.tolist() == [False, True]


def customer(key):
    from customers.models import Customer

    return Customer.objects.get(pk=key)


@pytest.mark.django_db
def test_a_model_never_changes_and_one_in_use_has_evidence():
    world.build(customers=40, lost=5, months=4)
    model = risk_model_learn(day=LAST)
    assert (model.number, model.state) == (1, "little")
    assert risk_model_learn(day=LAST).number == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        RiskModel.objects.filter(pk=model.pk).update(lost=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskModel.objects.create(number=9, trained_on=LAST, state="used", auc_low=0.5)
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskModel.objects.create(number=9, trained_on=LAST, state="sure")
