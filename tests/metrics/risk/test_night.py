"""The night's risk: a pure function of the day, written once; moves worth knowing; reads as of a day and by a date."""

import datetime as dt

import numpy as np
import pytest

from core import time
from core.models import WorkState
from metrics.health import moves, output
from metrics.models import CustomerDay, HealthDay, HealthMove, Night, RiskDay, RiskModel, RiskTask
from metrics.risk import night, read, rows, work
from metrics.risk.spans import HORIZONS
from metrics.scope import cell, cell_of
from tests.metrics.risk import world
from tests.metrics.risk.world import LAST, D

pytestmark = pytest.mark.django_db
FIELDS = ("day", "customer_id", *(f"within_{one}" for one in HORIZONS), "expected_on")


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    return world.build()


def everything():
    return list(RiskDay.objects.order_by("day", "customer_id").values_list(*FIELDS))


def test_months_are_learned_and_their_days_filled_by_the_workers_once(keys):
    assert work.due()
    while work.work():
        pass
    assert not work.due()
    ends = world.ends(13)
    assert sorted(RiskModel.objects.values_list("trained_on", flat=True)) == ends[1:]
    assert not RiskTask.objects.exclude(state=WorkState.DONE).exists()
    used = RiskModel.objects.filter(state="used").order_by("trained_on")
    assert used
    first = used[0].trained_on
    days = set(RiskDay.objects.values_list("day", flat=True))
    assert days == {day for day in ends if day > first}
    for day in days:
        (model,) = {row.model for row in RiskDay.objects.filter(day=day).select_related("model")}
        assert model.trained_on == max(one for one in ends if one < day)
        paying = CustomerDay.objects.filter(day=day, mrr_cents__gt=0).values("customer")
        assert RiskDay.objects.filter(day=day).count() == paying.count()
    before = everything()
    for low in {cell_of(key) for key in keys}:
        night.score(ends, cell(low))
    assert everything() == before
    stamps = set(RiskDay.objects.values_list("computed_at", flat=True))
    night.score(ends[-2:], cell(cell_of(keys[0])))
    assert set(RiskDay.objects.values_list("computed_at", flat=True)) == stamps


def test_who_declines_is_told_to_leave_and_notice_makes_it_nearly_sure(keys):
    while work.work():
        pass
    day = world.ends(2)[0]
    scores = dict(HealthDay.objects.filter(day=day).values_list("customer_id", "own"))
    told = dict(RiskDay.objects.filter(day=day).values_list("customer_id", "within_90"))
    low = [told[key] for key, own in scores.items() if own == 3000]
    high = [told[key] for key, own in scores.items() if own == 8000]
    assert np.mean(low) > 3 * np.mean(high)
    model = read.holding(LAST)
    assert model is not None
    found = rows.read([LAST])
    found.ends[0, 0] = 1.0
    sure = night.told(model, found)
    assert sure[0, 2] > 0.6
    assert (np.diff(sure, axis=1) >= 0).all()


def test_a_customer_that_is_gone_has_no_row_and_a_model_without_claim_takes_them_all(keys):
    while work.work():
        pass
    key = keys[-1]
    CustomerDay.objects.filter(day=LAST, customer=key).update(mrr_cents=0, mrr_churn_cents=10_000)
    night.score([LAST], cell(cell_of(key)))
    assert not RiskDay.objects.filter(day=LAST, customer=key).exists()
    assert RiskDay.objects.filter(day=LAST).exists()
    RiskModel.objects.create(number=99, trained_on=LAST - D, state="none")
    for low in {cell_of(one) for one in keys}:
        night.score([LAST], cell(low))
    assert not RiskDay.objects.filter(day=LAST).exists()


def test_the_expected_day_is_when_leaving_becomes_more_likely_than_staying():
    left = np.array(
        [np.linspace(0.05, 0.4, 12), np.linspace(0.1, 0.9, 12), np.full(12, 0.9), [0.25, *([0.5] * 11)]]
    )
    day = np.full(4, 739_000)
    assert night.expected(left, day).tolist() == [0, 739_000 + 195, 739_000 + 17, 739_000 + 60]


def test_a_probability_by_any_day_lies_between_those_kept():
    told = [0.1, 0.2, 0.3, 0.5, 0.7]
    assert [round(read.within(told, days), 6) for days in (0, -3, *HORIZONS)] == [0, 0, *told]
    assert read.within(told, 45) == pytest.approx(1 - (0.9 * 0.8) ** 0.5)
    assert 0.7 < read.within(told, 400) < 0.75
    assert read.at_rate(0.19, 45) == pytest.approx(0.1)
    assert read.at_rate(1.0, 1) == 1


def test_leaving_is_told_by_the_customer_or_else_by_its_band(keys):
    first, second = keys[-2:]
    due = {first: LAST + 90 * D, second: LAST + 45 * D}
    assert not any(one.own for one in read.leaving_by(due, LAST).values())
    while work.work():
        pass
    RiskDay.objects.filter(day=LAST, customer=second).delete()
    found = read.leaving_by(due, LAST)
    row = read.of_customer(first, LAST + 3 * D)
    assert row is not None
    assert found[first].own
    assert found[first].probability == pytest.approx(row.within_90 / 10_000)
    assert not found[second].own
    assert read.of_customer(first, LAST + 7 * D) is None
    from customers.models import Customer

    (told,) = read.with_risk(Customer.objects.filter(pk=first), LAST)
    assert vars(told)["risk_90"] == row.within_90


def test_a_risk_that_doubles_is_a_move_told_once(keys):
    model = RiskModel.objects.create(number=1, trained_on=LAST - 20 * D, state="little")
    other = RiskModel.objects.create(number=2, trained_on=LAST - 3 * D, state="little")

    def day(back, key, within_90, of=model):
        RiskDay.objects.create(
            day=LAST - back * D,
            customer_id=key,
            model=of,
            within_30=1,
            within_60=2,
            within_90=within_90,
            within_180=9000,
            within_360=9500,
        )

    doubled, slow, small, unlike = keys[-4:]
    for back, told in ((9, 400), (8, 500), (6, 510), (5, 1000), (4, 1100), (3, 2300)):
        day(back, doubled, told)
    for back, told in ((9, 500), (7, 900), (4, 990), (1, 1000)):
        day(back, slow, told)
    for back, told in ((5, 100), (4, 990)):
        day(back, small, told)
    day(5, unlike, 100)
    day(4, unlike, 3000, of=other)
    Night.objects.all().delete()
    for back in range(10):
        Night.objects.create(day=LAST - back * D, state=WorkState.DONE, finished_at=time.now())
    while moves.due():
        moves.find()
    found = HealthMove.objects.filter(kind="risk").values_list("day", "customer_id", "before", "after")
    assert list(found) == [(LAST - 5 * D, doubled, 400, 1000)]
    assert moves.payload(HealthMove.objects.get(kind="risk"))["after"] == 0.1


def test_the_command_tells_the_risk(keys):
    while work.work():
        pass
    told = output.lines(LAST)
    assert told
    shares = [line["risk_90"] for line in told]
    assert all(share is not None and 0 <= share <= 1 for share in shares)
    row = RiskDay.objects.filter(day=LAST).select_related("customer")[0]
    assert {line["external_id"]: line["risk_90"] for line in told}[row.customer.external_id] == (
        row.within_90 / 10_000
    )
    assert isinstance(row.expected_on, dt.date | None)
