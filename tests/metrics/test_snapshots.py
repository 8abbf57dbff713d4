"""What is told of every day and slice, and that what was first published stays readable."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config import pipeline
from core import time
from metrics import closing, publishing, triggers
from metrics.book import Book, books
from metrics.checks import history_triggers_present
from metrics.models import CustomerDay, Night, PastDay, SliceDay, UsageRolled
from metrics.periods import Period
from metrics.snapshots import SUMS, tell_days
from metrics.staleness import Late, mark_stale
from tests import factories
from tests.metrics import world
from tests.nights import D, run

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2024, 3, 1), dt.date(2024, 4, 10)


def march(day: int) -> dt.date:
    return dt.date(2024, 3, day)


def tell() -> None:
    while tell_days():
        pass


def sums(day: dt.date, cut: str = "", **of) -> dict[str, dict[str, int]]:
    rows = SliceDay.objects.filter(day=day, cut=cut, **(of or {"is_current": True}))
    return {row.part: {name: getattr(row, name) for name in SUMS} for row in rows}


@pytest.fixture
def customer(analyst):
    customer = factories.customer(started_on=FIRST, segment="mid", segment_by="hand", owner=analyst)
    factories.subscription(customer, starts_on=march(3), mrr_cents=10_000)
    other = factories.customer(started_on=FIRST, segment="", segment_by="hand")
    factories.subscription(other, starts_on=march(1), ends_on=march(20), mrr_cents=3_000)
    run(FIRST, LAST)
    return customer


def late_subscription(customer, cents: int = 5_000) -> None:
    day = march(10)
    factories.subscription(customer, starts_on=day, mrr_cents=cents)
    mark_stale([Late(customer.pk, day)], reason="subscription")
    pipeline.finish(["stale days"])


def test_a_finished_day_is_told_of_every_slice(customer, analyst):
    tell()
    whole = sums(march(10))[""]
    assert (whole["opening"], whole["closing"], whole["customers"]) == (13_000, 13_000, 2)
    assert {part: row["closing"] for part, row in sums(march(10), "segment").items()} == {
        "mid": 10_000,
        "none": 3_000,
    }
    assert {part: row["closing"] for part, row in sums(march(10), "owner").items()} == {
        str(analyst.pk): 10_000,
        "none": 3_000,
    }
    lost = sums(march(20))[""]
    assert (lost["churn"], lost["lost"], lost["active_at_closing"]) == (3_000, 1, 1)
    assert not closing.due() or not tell_days()


def test_the_sums_of_a_day_are_its_book(db):
    world.build()
    run(world.FIRST, world.LAST)
    tell()
    periods = [Period(day, day + D) for day in time.days(world.FIRST, world.LAST + D)]
    for cut in (None, "segment", "stage"):
        found = books(periods, by=cut)
        for (period, part), book in found.items():
            row = sums(period.first, cut or "").get(part or "")
            if row is None:
                assert book == Book()
            else:
                assert {name: row[name] for name in Book.__dataclass_fields__} == vars(book)


def test_parts_add_up_to_the_whole(db):
    world.build()
    run(world.FIRST, world.LAST)
    tell()
    for day in time.days(world.FIRST, world.LAST + D):
        whole = sums(day).get("", {})
        for cut in ("segment", "stage", "owner"):
            parts = sums(day, cut).values()
            assert {name: sum(part[name] for part in parts) for name in whole} == whole


def test_a_restated_day_gets_a_second_set_and_the_first_stays(customer):
    tell()
    late_subscription(customer)
    assert Night.objects.filter(told_at=None).count() == (LAST - march(10)).days + 1
    tell()
    assert sums(march(12))[""]["closing"] == 18_000
    assert sums(march(12), is_first=True)[""]["closing"] == 13_000
    assert sums(march(9)) == sums(march(9), is_first=True), "not restated, so there is one set"
    late_subscription(customer, cents=1_000)
    tell()
    assert sums(march(12))[""]["closing"] == 19_000
    assert sums(march(12), is_first=True)[""]["closing"] == 13_000


def test_a_slice_that_a_restatement_empties_has_no_current_row(customer):
    tell()
    CustomerDay.objects.filter(segment="mid").update(segment="high_value")
    Night.objects.update(told_at=None)
    tell()
    assert set(sums(march(12), "segment")) == {"high_value", "none"}
    assert set(sums(march(12), "segment", is_first=True)) == {"mid", "none"}


def test_telling_takes_a_few_statements_for_any_number_of_customers(customer, django_assert_max_num_queries):
    for _ in range(30):
        factories.customer(started_on=FIRST)
    UsageRolled.objects.all().delete()
    run(LAST)
    Night.objects.exclude(day=LAST).update(told_at=time.now())
    with django_assert_max_num_queries(12):
        tell_days()


def test_what_was_published_is_kept_when_a_late_fact_changes_it(customer):
    late_subscription(customer)
    past = PastDay.objects.get(customer=customer, day=march(10))
    now = CustomerDay.objects.get(customer=customer, day=march(10))
    assert (past.mrr_cents, now.mrr_cents) == (10_000, 15_000)
    assert past.superseded_at == now.computed_at
    assert PastDay.objects.filter(customer=customer).count() == (LAST - march(10)).days + 1
    assert not PastDay.objects.exclude(customer=customer).exists(), "only rows that changed"


def test_a_row_that_no_finished_night_showed_is_not_kept(customer):
    late_subscription(customer)
    late_subscription(customer, cents=700)  # no night was finished since
    assert PastDay.objects.filter(customer=customer, day=march(10)).count() == 1
    run(LAST + D)
    late_subscription(customer, cents=900)
    assert PastDay.objects.filter(customer=customer, day=march(10)).count() == 2


def test_a_row_taken_away_is_kept_as_it_was_published(customer):
    customer.started_on = march(9)
    customer.save()
    mark_stale([Late(customer.pk, FIRST)], reason="customer")
    pipeline.finish(["stale days"])
    assert not CustomerDay.objects.filter(customer=customer, day=FIRST).exists()
    assert PastDay.objects.get(customer=customer, day=FIRST).opening_mrr_cents == 0


def test_books_as_published_are_those_of_the_night_and_as_restated_those_of_now(customer):
    periods = [
        Period(march(1), dt.date(2024, 4, 1)),
        Period(march(5), march(15)),
        Period(march(9), march(12)),
    ]
    for by in (None, "segment", "stage", "owner"):
        before = books(periods, by=by)
        late_subscription(customer)
        assert books(periods, by=by) != before
        assert books(periods, by=by, known=publishing.first_told(periods)) == before
        customer.subscriptions.filter(mrr_cents=5_000).delete()
        mark_stale([Late(customer.pk, march(10))], reason="subscription")
        pipeline.finish(["stale days"])
        assert books(periods, by=by) == before


def test_what_came_later_is_not_in_the_books_as_published(customer):
    period = Period(march(1), dt.date(2024, 4, 1))
    before = books([period])
    late = factories.customer(started_on=march(2))
    factories.subscription(late, starts_on=march(2), mrr_cents=9_900)
    mark_stale([Late(late.pk, march(2))], reason="customer")
    pipeline.finish(["stale days"])
    assert books([period])[(period, None)].closing == before[(period, None)].closing + 9_900
    assert books([period], known=publishing.first_told([period])) == before


def test_a_period_is_restated_when_a_row_of_it_changed_after_it_was_told(customer):
    march_, april = Period(march(1), dt.date(2024, 4, 1)), Period(dt.date(2024, 3, 1), march(9))
    late_subscription(customer)
    restated = publishing.restated([march_, april])
    assert restated[march_] == Night.objects.get(day=march(31)).restated_at
    assert restated[april] is None


def test_marks_and_rows_of_a_restatement_go_together(customer, monkeypatch):
    tell()
    before = Night.objects.get(day=LAST)

    def fail(*_args, **_named):
        raise RuntimeError("killed")

    factories.subscription(customer, starts_on=LAST, mrr_cents=5_000)
    mark_stale([Late(customer.pk, LAST)], reason="subscription")
    monkeypatch.setattr(publishing, "rows_changed", fail)
    pipeline.finish(["stale days"])
    assert Night.objects.get(day=LAST).told_at == before.told_at
    assert CustomerDay.objects.get(customer=customer, day=LAST).mrr_cents == 10_000, "neither is there"


def test_the_triggers_are_there_and_are_missed():
    assert triggers.missing() == []
    triggers.drop()
    assert set(triggers.missing()) == {triggers.KEEP, triggers.FIXED, triggers.CARD, triggers.RISK}
    assert [warning.id for warning in history_triggers_present(["default"])] == ["metrics.W001"] * 4
    triggers.create()


@pytest.mark.parametrize(
    "fields",
    [{"is_first": False, "is_current": False}, {"is_first": True}, {"is_first": False}],
    ids=["neither first nor current", "a second first", "a second current"],
)
def test_the_database_refuses_a_wrong_set(customer, fields):
    tell()
    with pytest.raises(IntegrityError), transaction.atomic():
        SliceDay.objects.create(day=march(10), **fields)


def test_the_database_refuses_a_version_that_ends_before_it_begins(customer):
    row = CustomerDay.objects.filter(customer=customer).first()
    assert row is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        PastDay.objects.create(
            day=row.day, customer=customer, computed_at=row.computed_at, superseded_at=row.computed_at - D
        )
