"""Nobody reads the future: whatever is changed after a day, its scores, its risks and its forecast stay the same.

Facts of a small company are changed at random after a day drawn by hypothesis, every night up to it is run again, and
all that was told is compared to the last digit; so is what a model would be learned from.
"""

import dataclasses
import datetime as dt
import random
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import time
from customers.models import (
    Contract,
    Customer,
    CustomerHistory,
    Milestone,
    Payment,
    Subscription,
    Ticket,
    Touchpoint,
)
from metrics.forecast import forecast as forecasts
from metrics.health import cards
from metrics.models import (
    CustomerDay,
    HealthDay,
    HealthInput,
    RiskDay,
    RiskModel,
    UsageDay,
    UsageEvent,
    UsageRolled,
)
from metrics.risk import features, panel, rows, training
from metrics.risk.spans import HORIZONS
from surveys.models import Response
from tests import factories
from tests.metrics import world
from tests.metrics.risk import world as long_world
from tests.nights import D, run, scores

pytestmark = pytest.mark.django_db
FIELDS = ("day", "customer_id", "model_id", *(f"within_{one}" for one in HORIZONS), "expected_on")


def risks(last: dt.date) -> list[tuple[Any, ...]]:
    """Return every risk up to a day."""
    return list(RiskDay.objects.filter(day__lte=last).order_by("day", "customer_id").values_list(*FIELDS))


def sure_of_itself() -> None:
    """Write a model that looks at everything, in use from the first night on."""
    found = features.of_card(cards.in_force([world.FIRST])[0], rows.read([world.FIRST]))
    read = dataclasses.replace(found, size=(9.0, 1.0))
    chance = np.random.default_rng(2)
    weights = chance.normal(size=len(read.names)).round(3) * 0.4
    RiskModel.objects.create(
        number=1,
        trained_on=world.FIRST - D,
        state="used",
        auc_low=0.6,
        held_lost=20,
        definition={
            **read.plain(),
            "names": read.names,
            "weights": weights.tolist(),
            "means": [0.0] * len(weights),
            "line": [-2.0, 0.8, 0.1],
            "usual": 0.05,
        },
    )


def change_the_future(last: dt.date, made_up: random.Random) -> None:
    """Change facts of every kind that are dated after a day: take away, add, move, turn round."""
    end = time.day_start(last + D)
    later = last + made_up.randrange(1, 30) * D

    def some(found):
        keys = [key for key in found.values_list("pk", flat=True) if made_up.random() < 0.7]
        return found.model.objects.filter(pk__in=keys)

    some(UsageEvent.objects.filter(day__gt=last)).update(count=F("count") * 40)
    some(UsageEvent.objects.filter(day=last + D)).delete()
    some(Response.objects.filter(answered_at__gte=end)).update(score=made_up.randrange(11))
    some(Ticket.objects.filter(opened_at__gte=end)).update(due_at=end, reopens=9)
    some(Ticket.objects.filter(opened_at__lt=end, solved_at__gte=end)).update(solved_at=None)
    some(Touchpoint.objects.filter(happened_at__gte=end)).delete()
    some(Payment.objects.filter(paid_on__gt=last)).update(paid_on=None, due_on=later)
    some(Contract.objects.filter(starts_on__gt=last)).delete()
    some(Contract.objects.filter(ends_on__gt=later, cancelled_on=None)).update(cancelled_on=later)
    some(CustomerHistory.objects.filter(valid_from__gt=last)).update(value="high_value")
    # When a subscription ends is known from the day on which notice was given.
    some(Subscription.objects.filter(ends_on__gt=later, cancelled_on=None)).update(cancelled_on=later)
    some(
        Subscription.objects.filter(starts_on__lte=last, ends_on__gt=last + D, cancelled_on__gt=last)
    ).update(ends_on=last + made_up.randrange(2, 60) * D)
    for customer in Customer.objects.all():
        if made_up.random() < 0.4:
            factories.subscription(customer, starts_on=later, mrr_cents=made_up.randrange(90_000))
        if made_up.random() < 0.3:
            Milestone.objects.create(
                customer=customer, milestone=f"late {made_up.random()}", reached_on=later
            )


def forget() -> None:
    """Take away everything a night writes."""
    for table in (RiskDay, HealthDay, HealthInput, CustomerDay, UsageDay, UsageRolled):
        table.objects.all().delete()


def test_scores_risks_and_forecasts_of_a_day_stay_whatever_comes_after_it(monkeypatch):
    monkeypatch.setattr(forecasts, "LEAST_MONTHS", 0)
    world.build()
    # Before the first recorded value that value holds: the first one is not the future.
    for key in Customer.objects.values_list("pk", flat=True):
        CustomerHistory.objects.get_or_create(
            customer_id=key, field="segment", valid_from=world.FIRST - D, defaults={"value": "volume"}
        )
        factories.subscription(
            Customer.objects.get(pk=key),
            starts_on=world.FIRST + 3 * D,
            ends_on=world.LAST + 50 * D,
            mrr_cents=5_000,
            cancelled_on=world.FIRST + (key % 40) * D,
        )
    run(world.FIRST)
    sure_of_itself()
    run(world.FIRST, world.LAST)
    days = {day: forecasts.forecast(day) for day in time.days(world.FIRST, world.LAST + D)}
    known, told = scores(), risks(world.LAST)
    assert len(told) > 200
    assert len({row[5] for row in told}) > 50
    assert any(one.horizons and one.horizons[0].leaves for one in days.values())

    @settings(
        max_examples=3,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(back=st.integers(1, 30), seed=st.integers(0, 10_000))
    def nothing_moves(back: int, seed: int) -> None:
        last = world.LAST - back * D
        with transaction.atomic():
            change_the_future(last, random.Random(seed))
            forget()
            run(world.FIRST, last)
            assert [row for row in scores() if row[0] <= last] == [row for row in known if row[0] <= last]
            assert risks(last) == [row for row in told if row[0] <= last]
            assert forecasts.forecast(last) == days[last]
            transaction.set_rollback(True)

    nothing_moves()


@settings(max_examples=3, deadline=None, derandomize=True, phases=(Phase.generate,))
@given(back=st.integers(2, 9), seed=st.integers(0, 10_000))
def test_a_model_is_learned_from_what_was_known_on_its_day(back, seed):
    with transaction.atomic():
        long_world.build(customers=120, lost=50)
        day = long_world.ends(back)[0]
        before, seen = training.learn(day), panel.read(day)
        chance = np.random.default_rng(seed)
        after = list(CustomerDay.objects.filter(day__gt=day))
        for row in after:
            row.mrr_cents, row.mrr_churn_cents = (0, 10_000) if chance.random() < 0.5 else (10_000, 0)
        CustomerDay.objects.bulk_update(after, ["mrr_cents", "mrr_churn_cents"])
        HealthDay.objects.filter(day__gt=day).update(own=1, low=1, coverage=10_000)
        HealthInput.objects.filter(day__gt=day).delete()
        again = panel.read(day)
        assert training.learn(day) == before
        assert np.array_equal(again.gone, seen.gone)
        for field in dataclasses.fields(rows.Rows):
            if field.name != "inputs":
                assert np.array_equal(getattr(again.rows, field.name), getattr(seen.rows, field.name))
        transaction.set_rollback(True)
