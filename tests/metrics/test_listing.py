"""The rows that lists read: those of the newest finished night, marked as such until they change."""

import datetime as dt

import pytest
from django.db import connection

from config import pipeline
from core import time
from customers.models import Customer
from metrics import listing, publishing
from metrics.models import CurrentRow, CustomerDay, Night
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2024, 3, 1), dt.date(2024, 4, 5)


@pytest.fixture
def grows():
    """A customer that pays more from 20 March on, and one that begins in April."""
    made = factories.customer(started_on=FIRST)
    factories.subscription(made, starts_on=FIRST, ends_on=dt.date(2024, 3, 20), mrr_cents=10_000, seats=3)
    factories.subscription(made, starts_on=dt.date(2024, 3, 20), mrr_cents=15_000, seats=5)
    young = factories.customer(started_on=dt.date(2024, 4, 1))
    factories.subscription(young, starts_on=dt.date(2024, 4, 1), mrr_cents=2_000)
    Customer.objects.update(created_at=time.day_start(FIRST))
    Customer.objects.filter(pk=young.pk).update(created_at=time.day_start(dt.date(2024, 4, 1)))
    run(FIRST, LAST)
    return made


def test_the_rows_are_those_of_the_newest_night_with_changes_over_30_days(grows):
    assert listing.due()
    assert listing.list_newest() == 2
    assert not listing.due()
    row, young = CurrentRow.objects.order_by("pk")
    assert (row.mrr_cents, row.mrr_change_cents, row.seats) == (15_000, 5_000, 5)
    assert (young.mrr_cents, young.mrr_change_cents, young.active_before) == (2_000, None, None)
    for name in ("seats", "open_tickets", "last_touch_on", "renewal_on", "paid_cents", "nps_score"):
        assert getattr(row, name) == getattr(CustomerDay.objects.get(day=LAST, customer=grows), name)
    assert Night.objects.get(day=LAST).listed_at
    assert listing.list_newest() == 0


def test_a_row_that_stays_the_same_is_left_alone(grows):
    listing.list_newest()
    run(LAST + dt.timedelta(days=1), LAST + dt.timedelta(days=1))
    assert listing.due()
    assert listing.list_newest() == 0
    assert not listing.due()


@pytest.mark.parametrize("day", [LAST, LAST - dt.timedelta(days=30)])
def test_whoever_changes_the_night_or_the_day_compared_with_takes_the_mark_away(grows, day):
    listing.list_newest()
    publishing.rows_changed([day - dt.timedelta(days=1)], at=time.now())
    assert not listing.due()
    publishing.rows_changed([day], at=time.now())
    assert listing.due()


def test_what_changed_while_it_was_written_stays_due(grows, monkeypatch):
    write = listing._write

    def change_after(*args):
        made = write(*args)
        publishing.rows_changed([LAST], at=time.now())
        return made

    monkeypatch.setattr(listing, "_write", change_after)
    assert listing.list_newest() == 2
    assert listing.due()


def test_a_customer_that_the_night_does_not_know_leaves_the_list(grows):
    listing.list_newest()
    CustomerDay.objects.filter(day=LAST, customer=grows).delete()
    publishing.rows_changed([LAST], at=time.now())
    assert listing.list_newest() == 1
    assert not CurrentRow.objects.filter(customer=grows).exists()


def test_the_night_lists_its_rows_by_itself(grows):
    pipeline.finish(["telling"])
    assert not listing.due()
    assert CurrentRow.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="says how PostgreSQL reads")
def test_an_order_is_read_from_its_index(grows):
    rows = CurrentRow.objects.filter(mrr_cents__isnull=False).order_by("-mrr_cents", "-customer")[:2]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "Index Scan Backward using metrics_current_mrr" in rows.explain()
