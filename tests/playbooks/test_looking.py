"""Playbooks start by themselves: by alerts, stages, segments and renewals, each cause once, by their re-entry rule."""

import datetime as dt

import pytest

from core import time
from core.events import emit
from core.models import Event
from customers.models import Customer
from customers.services.history import history_record
from customers.services.stages import stage_change
from playbooks.models import Alert, AlertRule, Playbook, Run
from playbooks.plays.looking import KIND, look
from playbooks.services.playbooks import playbook_switch
from playbooks.services.runs import held_back
from tests import factories
from tests.playbooks.plays import go_on, published, step

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 3, 9, 13, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock(monkeypatch):
    def turn(days: float = 0) -> None:
        monkeypatch.setattr(time, "now", lambda: MONDAY + dt.timedelta(days=days))

    turn()
    return turn


@pytest.fixture
def customer(analyst, clock):
    return factories.customer(owner=analyst, segment="mid", stage="onboarding")


def open_alert(customer, kind="no_touch", subject=None):
    rule, day = AlertRule.objects.filter(kind=kind)[0], time.today()
    alert = Alert.objects.create(
        rule=rule,
        customer=customer,
        scope="customer",
        subject_id=subject or customer.pk,
        since=day,
        seen_on=day,
    )
    tell(alert)
    return alert


def tell(alert):
    event = emit("alert.opened", customer_id=alert.customer_id, alert=alert.pk, rule=alert.rule_id)
    Event.objects.filter(pk=event.pk).update(due_at=time.now())  # rows are made by the machine's clock


def again(rows=Playbook.objects.all):
    rows().update(looked_at=None)
    go_on()


def test_an_alert_starts_what_it_should_once(manager, customer):
    book = published(manager, on=True, starts="alert", start_values=["no_touch"], segments=["mid"])
    published(manager, on=True, starts="alert", start_values=["band"])
    published(manager, starts="alert", start_values=["no_touch"])  # not switched on
    published(manager, on=True, starts="alert", start_values=["no_touch"], segments=["volume"])
    alert = open_alert(customer)
    go_on()
    tell(alert)
    go_on()
    run = Run.objects.get()
    assert (run.playbook, run.alert, run.how, run.standing) == (book, alert, "alert", "finished")


@pytest.mark.parametrize(
    ("again_days", "after", "runs"), [(None, 400, 1), (0, 0, 2), (30, 29, 1), (30, 30, 2)]
)
def test_it_starts_again_as_the_rule_says(manager, customer, clock, again_days, after, runs):
    published(manager, on=True, starts="alert", start_values=["no_touch"], again_days=again_days)
    first = open_alert(customer)
    go_on()
    clock(after)
    Alert.objects.filter(pk=first.pk).update(ended_at=time.now(), ended_on=time.today())
    open_alert(customer)
    go_on()
    assert Run.objects.count() == runs


def test_it_never_runs_twice_at_a_time_for_a_customer(manager, customer):
    published(manager, step(after=9), on=True, starts="alert", start_values=["no_touch"], again_days=0)
    for subject in (1, 2):
        open_alert(customer, subject=subject)
        go_on()
    assert Run.objects.count() == 1


def test_entering_a_stage_starts_it_from_then_on_and_once(manager, customer, clock):
    published(manager, on=True, starts="stage", start_values=["ongoing"])
    go_on()
    assert not Run.objects.exists()
    stage_change(actor=manager, customer=customer, stage="ongoing", on=time.today())
    again()
    again()
    assert [run.how for run in Run.objects.all()] == ["stage"]


def test_what_a_file_says_of_long_ago_starts_nothing(manager, customer, clock):
    published(manager, on=True, starts="segment", start_values=["high_value"])
    for back, value in ((40, "volume"), (30, "high_value")):
        history_record(
            customer=customer,
            field="segment",
            value=value,
            valid_from=time.today() - dt.timedelta(days=back),
            decided_by="file",
            actor=None,
        )
    again()
    assert not Run.objects.exists()


@pytest.mark.parametrize(("days", "runs"), [(91, 0), (90, 1), (88, 1), (80, 0)])
def test_a_renewal_starts_it_so_many_days_before(manager, customer, clock, days, runs):
    book = published(manager, on=True, starts="renewal", days_before=90)
    Playbook.objects.filter(pk=book.pk).update(active_since=time.now() - dt.timedelta(days=60))
    factories.contract(customer, ends_on=time.today() + dt.timedelta(days=days))
    again()
    again()
    assert Run.objects.count() == runs


def test_a_renewed_or_cancelled_contract_starts_nothing(manager, customer, clock):
    published(manager, on=True, starts="renewal", days_before=90)
    due = time.today() + dt.timedelta(days=90)
    old = factories.contract(customer, ends_on=due)
    factories.contract(
        customer, renews_external_id=old.external_id, starts_on=due, ends_on=due + dt.timedelta(days=365)
    )
    factories.contract(factories.customer(), ends_on=due, cancelled_on=time.today())
    again()
    assert not Run.objects.exists()


def test_a_share_is_held_back_always_the_same_customers(manager, clock):
    book = published(manager, on=True, starts="alert", start_values=["no_touch"], holdout=40)
    for _n in range(60):
        open_alert(factories.customer())
    go_on()
    held = set(Run.objects.filter(standing="control").values_list("customer", flat=True))
    assert 12 <= len(held) <= 36 and Run.objects.count() == 60
    assert not Run.objects.filter(standing="control", steps__isnull=False).exists()
    playbook_switch(actor=manager, playbook=book, on=False)
    assert held == {
        key for key in Customer.objects.values_list("pk", flat=True) if held_back(book.pk, key, 40)
    }


def test_looking_is_done_by_one_worker_every_half_hour(manager, clock):
    published(manager, on=True, starts="renewal", days_before=90)
    assert (look(), look()) == (1, 0) and KIND
    clock(0.03)
    assert look() == 1
