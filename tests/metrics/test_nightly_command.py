"""`manage.py nightly`: what it runs, what it says, how it ends."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from core import events, time
from core.models import WorkState
from customers.models import SegmentRule
from metrics import nights, stages
from metrics.models import CustomerDay, Night
from tests import factories
from tests.nights import D

pytestmark = pytest.mark.django_db


def test_without_a_date_it_runs_yesterday(capsys):
    yesterday = time.today() - D
    factories.customer(started_on=yesterday - 5 * D)
    call_command("nightly")
    assert list(Night.objects.values_list("day", "state")) == [(yesterday, WorkState.DONE)]
    assert CustomerDay.objects.get().day == yesterday
    assert capsys.readouterr().out == f"Done: {yesterday}.\n", "no progress bar where nobody looks"


def test_since_runs_every_day_of_the_span():
    factories.customer(started_on=dt.date(2024, 1, 1))
    call_command("nightly", "--since", "2024-02-27", "--date", "2024-03-02")
    assert Night.objects.filter(state=WorkState.DONE).count() == 5
    assert nights.last_finished_day() == dt.date(2024, 3, 2)


def test_late_facts_that_wait_are_refilled_on_the_way():
    customer = factories.customer(started_on=dt.date(2024, 1, 1))
    call_command("nightly", "--since", "2024-02-27", "--date", "2024-03-02")
    factories.subscription(customer, starts_on=dt.date(2024, 2, 28), mrr_cents=700)
    events.emit("fact.changed", customer_id=customer.pk, first="2024-02-28", last=None)
    call_command("nightly", "--date", "2024-03-02")
    mrr = CustomerDay.objects.order_by("day").values_list("mrr_cents", flat=True)
    assert list(mrr) == [0, 700, 700, 700, 700]


@pytest.mark.parametrize(
    "arguments", [["--date", "2999-01-01"], ["--since", "2024-03-05", "--date", "2024-03-02"]]
)
def test_days_that_cannot_be_run_are_refused_with_2(arguments):
    with pytest.raises(CommandError) as refused:
        call_command("nightly", *arguments)
    assert refused.value.returncode == 2
    assert not Night.objects.exists()


def test_today_is_not_over():
    with pytest.raises(CommandError, match="is not over yet"):
        call_command("nightly", "--date", time.today().isoformat())


def test_a_failed_step_is_named_and_ends_with_1(monkeypatch):
    factories.customer(started_on=dt.date(2024, 1, 1))

    def fail(days, scope):
        raise ValueError("no space left")

    monkeypatch.setattr(stages, "_stages", (stages.Stage("score", fail),))
    with pytest.raises(CommandError, match="“score” failed: ValueError: no space left") as failed:
        call_command("nightly", "--date", "2024-03-02")
    assert failed.value.returncode == 1
    assert nights.last_finished_day() is None


def test_rules_are_applied_for_the_newest_day_only():
    SegmentRule.objects.all().delete()
    SegmentRule.objects.create(position=1, segment="mid", conditions=[])
    customer = factories.customer(started_on=dt.date(2024, 1, 1))
    call_command("nightly", "--date", "2024-03-02")
    customer.refresh_from_db()
    assert customer.segment == ""
    call_command("nightly")
    customer.refresh_from_db()
    assert customer.segment == "mid"
    assert CustomerDay.objects.get(day=time.today() - D).segment == "mid"
