"""A late fact makes finished days stale; they are computed again and marked as restated."""

import datetime as dt

import pytest

from accounts.models import Workspace
from accounts.services.workspace import workspace_update
from config import pipeline
from core import events
from core.models import Event, WorkState
from metrics import refill
from metrics.models import CustomerDay, HealthDay, HealthInput, Night, StaleSpan, UsageRolled
from metrics.staleness import Late, mark_ends_stale, mark_stale, mark_usage_stale
from tests import factories
from tests.nights import D, run, snapshot

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2024, 3, 1), dt.date(2024, 4, 20)


def march(day: int) -> dt.date:
    return dt.date(2024, 3, day)


@pytest.fixture
def customer():
    customer = factories.customer(started_on=FIRST)
    factories.customer(started_on=FIRST)
    run(FIRST, LAST)
    return customer


def fresh() -> list[tuple]:
    """What an installation that had known everything from the start would have."""
    for table in (UsageRolled, CustomerDay, HealthDay, HealthInput):
        table.objects.all().delete()
    run(FIRST, LAST)
    return snapshot()


def restated() -> set[dt.date]:
    return set(Night.objects.filter(restated_at__isnull=False).values_list("day", flat=True))


def test_a_late_subscription_is_counted_and_its_days_are_restated(customer):
    factories.subscription(customer, starts_on=march(10), ends_on=march(20), mrr_cents=5000)
    mark_stale([Late(customer.pk, march(10))], reason="subscription")
    pipeline.finish(["stale days"])
    assert not StaleSpan.objects.exists()
    assert restated() == {march(day) for day in range(10, 21)}, "the days on which a row changed, no others"
    assert snapshot() == fresh()


def test_late_usage_reaches_60_days_ahead(customer):
    when = dt.datetime(2024, 3, 10, 12, tzinfo=dt.UTC)
    factories.usage(customer, occurred_at=when, day=march(10), person="ana")
    mark_usage_stale([Late(customer.pk, march(10), march(10))])
    pipeline.finish(["stale days"])
    assert restated() == {march(10) + n * D for n in range(30)}, "a score of later days is no figure"
    assert snapshot() == fresh()


def test_a_change_told_by_an_event_reaches_the_days(customer):
    factories.subscription(customer, starts_on=march(15), mrr_cents=5000)
    events.emit("fact.changed", customer_id=customer.pk, first="2024-03-15", last=None, what="subscription")
    pipeline.finish(["events", "stale days"])
    assert not Event.objects.exclude(state=WorkState.DONE).exists()
    assert snapshot() == fresh()


def test_a_start_moved_to_later_takes_rows_away(customer):
    customer.started_on = march(9)
    customer.save()
    mark_stale([Late(customer.pk, FIRST)], reason="customer")
    pipeline.finish(["stale days"])
    assert CustomerDay.objects.filter(customer=customer).earliest("day").day == march(9)
    assert restated() == {march(day) for day in range(1, 9)}


def test_other_grace_days_restate_history_from_each_customers_first_ended_subscription(customer, admin):
    factories.subscription(customer, starts_on=march(5), ends_on=march(10), mrr_cents=5000)
    factories.subscription(customer, starts_on=march(14), mrr_cents=7000)
    factories.subscription(starts_on=march(2), ends_on=march(25), mrr_cents=3000)
    run(FIRST, LAST)
    Night.objects.update(restated_at=None)
    workspace_update(actor=admin, grace_days=8)
    pipeline.finish(["events"])
    assert list(StaleSpan.objects.order_by("first").values_list("first", "last", "reason")) == [
        (march(10), None, "grace days"),
        (march(25), None, "grace days"),
    ]
    pipeline.finish(["stale days"])
    assert restated() == {*(march(day) for day in range(10, 15)), *(march(25) + n * D for n in range(9))}
    assert CustomerDay.objects.get(customer=customer, day=march(12)).mrr_cents == 5000
    assert snapshot() == fresh()


def test_other_settings_restate_nothing(customer, admin):
    factories.subscription(customer, starts_on=march(5), ends_on=march(10))
    workspace_update(actor=admin, name="Caixa Clara", grace_days=Workspace.get().grace_days)
    pipeline.finish(["events"])
    assert not StaleSpan.objects.exists()


def test_other_grace_days_are_marked_in_two_statements_for_any_number_of_customers(
    customer, django_assert_num_queries
):
    for count in (1, 20):
        for _ in range(count):
            factories.subscription(starts_on=march(5), ends_on=march(10))
        with django_assert_num_queries(2):
            mark_ends_stale(reason="grace days")


def test_facts_of_days_without_a_night_need_no_mark(customer):
    assert mark_stale([Late(customer.pk, LAST + D)], reason="subscription") == 0
    assert mark_stale([Late(customer.pk, LAST), Late(customer.pk, LAST + D)], reason="ticket") == 1


def test_marks_cost_the_same_number_of_queries_for_one_customer_and_for_many(
    customer, django_assert_num_queries
):
    others = [factories.customer() for _ in range(20)]
    with django_assert_num_queries(2):
        mark_stale([Late(customer.pk, FIRST)], reason="x")
    with django_assert_num_queries(2):
        mark_stale([Late(other.pk, FIRST) for other in others], reason="x")


def test_a_refill_that_fails_is_tried_again_later(customer, monkeypatch):
    mark_stale([Late(customer.pk, FIRST)], reason="subscription")

    def fail(days, scope):
        raise ValueError("no such table")

    with monkeypatch.context() as patch:
        patch.setattr(refill, "compute", fail)
        assert refill.refill() == 1
    span = StaleSpan.objects.get()
    assert (span.state, span.error) == (WorkState.WAITING, "no such table")
    assert not refill.due(), "not at once"
    StaleSpan.objects.update(due_at=span.created_at)
    pipeline.finish(["stale days"])
    assert not StaleSpan.objects.exists()


def test_an_event_nobody_hears_is_done_and_one_that_fails_is_tried_again(customer):
    events.emit("nobody.listens")
    broken = events.emit("fact.changed", customer_id=customer.pk, first="not a day")
    good = events.emit("fact.changed", customer_id=customer.pk, first="2024-03-15", last=None)
    pipeline.finish(["events"])
    states = dict(Event.objects.values_list("pk", "state"))
    assert states.pop(broken.pk) == WorkState.WAITING
    assert states.pop(good.pk) == WorkState.DONE
    assert set(states.values()) == {WorkState.DONE}
