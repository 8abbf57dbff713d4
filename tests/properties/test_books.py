"""Random books of subscriptions against the oracle: every movement, every slice, every period."""

import datetime as dt
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Workspace
from customers.models import Customer, CustomerHistory, Subscription
from metrics.book import books, books_by_product
from metrics.models import CustomerDay, Night, NightShard, UsageRolled
from metrics.periods import GRAINS, cut
from tests import factories
from tests.nights import run
from tests.properties.oracle import DAY, MOVEMENTS, Row, Story, book

pytestmark = pytest.mark.django_db

BEGIN = dt.date(2024, 2, 20)  # a leap day and two ends of months inside
SPAN = 45
SEGMENTS = ("volume", "mid", "high_value")


def day(n: int) -> dt.date:
    return BEGIN + n * DAY


days = st.integers(-10, SPAN).map(day)
lengths = st.integers(1, 25)
amounts = st.sampled_from([0, 1, 5000, 5000, 7501])
products = st.sampled_from(["Core", "Billing"])
spells = st.lists(st.tuples(lengths, amounts, products), min_size=1, max_size=3)
subscriptions = st.tuples(days, spells, st.booleans(), st.booleans())


def rows_of(told: list[tuple]) -> list[Row]:
    """Each subscription is a chain of rows, each starting on the day the one before ends; the last may be open.

    An empty span is put in front of some.
    """
    rows = []
    for n, (start, spells, is_open, with_empty) in enumerate(told):
        if with_empty:
            rows.append(Row(start - DAY, start - DAY, 9999, "Core", f"s{n}"))
        begin = start
        for place, (length, cents, product) in enumerate(spells):
            end = begin + length * DAY
            stays = is_open and place == len(spells) - 1
            rows.append(Row(begin, None if stays else end, cents, product, f"s{n}"))
            begin = end
    return rows


histories = st.dictionaries(days, st.sampled_from(SEGMENTS), max_size=3).map(lambda d: tuple(d.items()))
stories = st.builds(Story, st.lists(subscriptions, max_size=4).map(rows_of), histories)
worlds = st.lists(stories, min_size=1, max_size=5)


def record(world: list[Story], grace: int) -> list[Customer]:
    """Put the facts of a world into an otherwise empty database."""
    for table in (Night, NightShard, UsageRolled, CustomerDay, CustomerHistory, Subscription, Customer):
        table.objects.all().delete()
    Workspace.objects.update_or_create(pk=1, defaults={"grace_days": grace})
    customers = []
    for story in world:
        customer = factories.customer()
        customers.append(customer)
        for row in story.rows:
            factories.subscription(
                customer,
                external_id=f"{customer.pk}-{row.subscription}",
                starts_on=row.start,
                ends_on=row.end,
                mrr_cents=row.cents,
                product=row.product,
            )
        for since, value in story.segments:
            CustomerHistory.objects.create(customer=customer, field="segment", valid_from=since, value=value)
    return customers


def check_days(world: list[Story], customers: list[Customer], grace: int) -> None:
    written = {(row.customer_id, row.day): row for row in CustomerDay.objects.all()}
    for story, customer in zip(world, customers, strict=True):
        known = story.known_on()
        for today in (day(n) for n in range(SPAN)):
            row = written.pop((customer.pk, today), None)
            if known is None or today < known:
                assert row is None
                continue
            assert row is not None
            told = {name: getattr(row, f"mrr_{name}_cents") for name in MOVEMENTS}
            moved = story.movement(today, grace)
            assert told == {**dict.fromkeys(MOVEMENTS, 0), **dict([moved] if moved else [])}
            assert (row.opening_mrr_cents, row.mrr_cents) == (
                story.mrr(today - DAY, grace),
                story.mrr(today, grace),
            )
            crossed = story.cross_sell(today, grace)
            assert (row.mrr_cross_sell_cents, row.mrr_upsell_cents) == (crossed, told["expansion"] - crossed)
            assert row.segment == story.segment(today)
    assert not written


def check_books(world: list[Story], first: dt.date, end: dt.date, grain: str | None, grace: int) -> None:
    periods = cut(first, end, grain)
    whole, parts = books(periods), books(periods, by="segment")
    products = books_by_product(periods, grace_days=grace)
    for period in periods:
        told = asdict(whole[period, None])
        assert told == book(world, period.first, period.end, grace, None)
        gained = told["opening"] + told["new"] + told["reactivation"] + told["expansion"]
        assert gained - told["contraction"] - told["churn"] == told["closing"]
        of_parts = [asdict(parts[period, part]) for part in (*SEGMENTS, "none") if (period, part) in parts]
        for name, value in told.items():
            assert sum(part[name] for part in of_parts) == value, f"the parts of {name} add up"
        for part in (*SEGMENTS, "none"):
            expected = book(world, period.first, period.end, grace, part)
            assert (
                asdict(parts[period, part]) == expected
                if (period, part) in parts
                else not any(expected.values())
            )
        last = [row for story in world for row in story.rows_on(period.last, grace)]
        for product in ("Core", "Billing"):
            expected_cents = sum(row.cents for row in last if row.product == product)
            told_product = products.get((period, product))
            assert (told_product.closing if told_product else 0) == expected_cents


def check(world: list[Story], grace: int, edges: tuple[int, int], grain: str | None) -> None:
    customers = record(world, grace)
    run(day(0), day(SPAN - 1))
    check_days(world, customers, grace)
    a, b = sorted(edges)
    check_books(world, day(a), day(b + 1), grain, grace)


spans = st.tuples(st.integers(0, SPAN - 1), st.integers(0, SPAN - 1))
grains = st.sampled_from([None, *GRAINS])
no_checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(
    max_examples=15, deadline=None, suppress_health_check=no_checks, derandomize=True, phases=[Phase.generate]
)
@given(worlds, st.sampled_from([0, 0, 1, 3]), spans, grains)
def test_random_books_agree_with_the_oracle(world, grace, edges, grain):
    check(world, grace, edges, grain)


@pytest.mark.long
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=no_checks,
)
@given(worlds, st.integers(0, 5), spans, grains)
def test_many_random_books_agree_with_the_oracle(world, grace, edges, grain):
    check(world, grace, edges, grain)
