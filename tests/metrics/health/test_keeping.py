"""Inputs of scores are kept daily for a while, then those of month ends."""

import datetime as dt

import pytest

from core import time
from metrics.health import keeping
from metrics.models import HealthInput, Night
from tests import factories
from tests.metrics import world
from tests.nights import run, scores

pytestmark = pytest.mark.django_db


def test_old_inputs_go_but_those_of_month_ends(monkeypatch, settings):
    settings.HEALTH_INPUT_MONTHS = 2
    monkeypatch.setattr(time, "today", lambda: dt.date(2024, 6, 15))
    customer = factories.customer()
    HealthInput.objects.bulk_create(
        HealthInput(customer=customer, day=day)
        for day in time.days(dt.date(2024, 1, 30), dt.date(2024, 6, 15))
    )
    while keeping.tidy():
        pass
    kept = list(HealthInput.objects.order_by("day").values_list("day", flat=True))
    assert kept[:4] == [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 31), dt.date(2024, 4, 1)]
    assert len(kept) == 3 + (dt.date(2024, 6, 15) - dt.date(2024, 4, 1)).days


def test_nights_computed_again_after_tidying_have_the_same_scores_and_are_not_restated():
    world.build()
    run(world.FIRST, world.LAST)
    expected, inputs = scores(), HealthInput.objects.count()
    while keeping.tidy():
        pass
    assert 0 < HealthInput.objects.count() < inputs, "those of month ends are left"
    run(world.FIRST, world.LAST)
    assert scores() == expected
    assert not Night.objects.filter(restated_at__isnull=False).exists()
