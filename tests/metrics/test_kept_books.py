"""Books are kept while nothing they rest on changes; cut by owner, people's e-mails are part of that."""

import datetime as dt

import pytest
from django.core.cache import cache

from metrics.kept import books_of
from metrics.periods import Period
from metrics.slices import EVERYBODY
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 1, 3)
WRITTEN = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
PERIOD = Period(FIRST, LAST + dt.timedelta(days=1))


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def test_books_by_owner_are_kept_until_somebodys_email_changes(django_assert_num_queries):
    owner = factories.user(email="before@firm.test")
    customer = factories.customer(owner=owner)
    factories.subscription(customer, starts_on=FIRST, mrr_cents=10_000)
    run(FIRST, LAST)

    def told() -> dict[str | None, int]:
        return {
            part: book.closing for (_, part), book in books_of([PERIOD], "owner", EVERYBODY, LAST).items()
        }

    assert told() == {"before@firm.test": 10_000}
    with django_assert_num_queries(2):  # people and nights; the book itself is kept
        assert told() == {"before@firm.test": 10_000}
    owner.email = "after@firm.test"
    owner.save()
    assert told() == {"after@firm.test": 10_000}


def test_a_customer_that_starts_inside_a_period_counts_from_its_own_first_day():
    old, new = factories.customer(segment="mid"), factories.customer(segment="volume", started_on=LAST)
    factories.subscription(old, starts_on=FIRST - dt.timedelta(days=9), mrr_cents=5_000)
    factories.subscription(new, starts_on=LAST, mrr_cents=7_000)
    for customer, day in ((old, FIRST - dt.timedelta(days=9)), (new, LAST)):
        type(customer).objects.filter(pk=customer.pk).update(
            started_on=day, created_at=dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
        )
    run(FIRST, LAST)
    found = books_of([PERIOD], "segment", EVERYBODY, LAST)
    assert (found[PERIOD, "mid"].opening, found[PERIOD, "mid"].closing) == (5_000, 5_000)
    assert (found[PERIOD, "volume"].opening, found[PERIOD, "volume"].closing) == (0, 7_000)
    assert found[PERIOD, "volume"].new == 7_000
