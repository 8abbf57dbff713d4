"""MRR per customer and day and its five movements, by the examples of METRICS.md."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Workspace
from metrics.models import CustomerDay
from tests import factories
from tests.nights import moves, run

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2024, 3, 1), dt.date(2024, 3, 31)


def march(day: int) -> dt.date:
    return dt.date(2024, 3, day)


def sub(customer, start: dt.date, end: dt.date | None, cents: int, **fields):
    return factories.subscription(customer, starts_on=start, ends_on=end, mrr_cents=cents, **fields)


def grace(days: int) -> None:
    workspace = Workspace.get()
    workspace.grace_days = days
    workspace.save()


def mrr(customer, day: dt.date) -> int:
    return CustomerDay.objects.get(customer=customer, day=day).mrr_cents


def test_first_amount_ever_is_new():
    customer = factories.customer()
    sub(customer, march(5), None, 5000)
    run(FIRST, LAST)
    assert moves(customer) == [(march(5), "new", 5000)]
    assert not CustomerDay.objects.filter(customer=customer, day=march(4)).exists()
    assert mrr(customer, LAST) == 5000


def test_a_second_subscription_is_expansion_and_ending_one_of_two_is_contraction():
    customer = factories.customer()
    sub(customer, march(1), None, 5000)
    sub(customer, march(10), march(20), 3000)
    run(FIRST, LAST)
    assert moves(customer) == [
        (march(1), "new", 5000),
        (march(10), "expansion", 3000),
        (march(20), "contraction", 3000),
    ]


def test_a_renewal_as_a_new_row_on_the_day_the_old_one_ends_moves_nothing():
    customer = factories.customer()
    sub(customer, march(1), march(15), 5000, external_id="a")
    sub(customer, march(15), None, 5000, external_id="a")
    run(FIRST, LAST)
    assert moves(customer) == [(march(1), "new", 5000)]


def test_a_renewal_at_another_amount_moves_the_difference():
    customer = factories.customer()
    sub(customer, march(1), march(15), 5000, external_id="a")
    sub(customer, march(15), None, 7500, external_id="a")
    run(FIRST, LAST)
    assert moves(customer)[1:] == [(march(15), "expansion", 2500)]


def test_a_gap_of_one_day_is_churn_then_reactivation():
    customer = factories.customer()
    sub(customer, march(1), march(10), 5000)
    sub(customer, march(11), None, 6000)
    run(FIRST, LAST)
    assert moves(customer)[1:] == [(march(10), "churn", 5000), (march(11), "reactivation", 6000)]


def test_a_gap_within_the_grace_is_carried():
    grace(1)
    customer = factories.customer()
    sub(customer, march(1), march(10), 5000)
    sub(customer, march(11), None, 6000)
    run(FIRST, LAST)
    assert mrr(customer, march(10)) == 5000
    assert moves(customer)[1:] == [(march(11), "expansion", 1000)]


def test_a_gap_longer_than_the_grace_churns_on_the_day_after_it():
    grace(3)
    customer = factories.customer()
    sub(customer, march(1), march(10), 5000)
    sub(customer, march(20), None, 5000)
    run(FIRST, LAST)
    assert mrr(customer, march(12)) == 5000
    assert moves(customer)[1:] == [(march(13), "churn", 5000), (march(20), "reactivation", 5000)]


def test_a_row_at_zero_ends_the_carrying():
    grace(5)
    customer = factories.customer()
    sub(customer, march(1), march(10), 5000)
    sub(customer, march(12), None, 0)
    run(FIRST, LAST)
    assert mrr(customer, march(11)) == 5000
    assert moves(customer)[1:] == [(march(12), "churn", 5000)]


def test_grace_is_for_the_customers_last_row_not_for_one_of_two():
    grace(5)
    customer = factories.customer()
    sub(customer, march(1), None, 5000)
    sub(customer, march(1), march(10), 3000)
    run(FIRST, LAST)
    assert moves(customer)[1:] == [(march(10), "contraction", 3000)]


def test_rows_at_zero_and_empty_spans_are_no_customer_that_pays():
    free = factories.customer()
    sub(free, march(1), march(10), 0)
    sub(free, march(10), None, 4000)
    empty = factories.customer()
    sub(empty, march(3), march(3), 9000)
    sub(empty, march(8), None, 1000)
    run(FIRST, LAST)
    assert moves(free) == [(march(10), "new", 4000)]
    assert moves(empty) == [(march(8), "new", 1000)]


def test_whoever_paid_before_the_first_night_comes_back_as_reactivation():
    customer = factories.customer()
    sub(customer, dt.date(2019, 1, 1), dt.date(2019, 2, 1), 5000)
    sub(customer, march(5), None, 5000)
    run(FIRST, LAST)
    assert moves(customer) == [(march(5), "reactivation", 5000)]


def split(customer) -> list[tuple[int, int]]:
    """The expansions in order, as (upsell, cross-sell)."""
    days = CustomerDay.objects.filter(customer=customer, mrr_expansion_cents__gt=0).order_by("day")
    return list(days.values_list("mrr_upsell_cents", "mrr_cross_sell_cents"))


def test_more_seats_or_a_better_plan_is_upsell_and_another_product_is_cross_sell():
    customer = factories.customer()
    sub(customer, march(1), march(5), 5000, external_id="a", product="Core", plan="Basic", seats=5)
    sub(customer, march(5), march(9), 7000, external_id="a", product="Core", plan="Basic", seats=7)
    sub(customer, march(9), None, 9000, external_id="a", product="Core", plan="Pro", seats=7)
    sub(customer, march(12), None, 3000, external_id="b", product="Billing")
    run(FIRST, LAST)
    assert split(customer) == [(2000, 0), (2000, 0), (0, 3000)]


def test_another_product_under_the_same_subscription_is_upsell():
    customer = factories.customer()
    sub(customer, march(1), march(5), 5000, external_id="a", product="Core")
    sub(customer, march(5), None, 8000, external_id="a", product="Suite")
    run(FIRST, LAST)
    assert split(customer) == [(3000, 0)]


def test_where_a_fall_offsets_a_rise_the_net_is_split_by_the_rises():
    customer = factories.customer()
    sub(customer, march(1), march(5), 5000, external_id="a", product="Core")
    sub(customer, march(5), None, 6000, external_id="a", product="Core")
    sub(customer, march(1), march(5), 2500, external_id="b", product="Reports")
    sub(customer, march(5), None, 3000, external_id="c", product="Billing")
    run(FIRST, LAST)
    assert split(customer) == [(375, 1125)], "1 000 and 3 000 risen, 2 500 fallen: 1 500 as one to three"


def test_half_a_cent_of_cross_sell_goes_to_the_even_cent():
    customer = factories.customer()
    sub(customer, march(1), march(5), 10, external_id="a", product="Core")
    sub(customer, march(5), None, 12, external_id="a", product="Core")
    sub(customer, march(1), march(5), 1, external_id="b", product="Reports")
    sub(customer, march(5), None, 2, external_id="c", product="Billing")
    run(FIRST, LAST)
    assert split(customer) == [(1, 2)], "half of 3 is 1.5, which rounds to 2"


def test_seats_are_those_in_force_and_unknown_where_no_row_says():
    customer, silent = factories.customer(), factories.customer()
    sub(customer, march(1), None, 5000, seats=10)
    sub(customer, march(5), None, 5000, seats=2)
    sub(silent, march(1), None, 5000)
    run(FIRST, LAST)
    seats = dict(CustomerDay.objects.filter(day=LAST).values_list("customer_id", "seats"))
    assert seats == {customer.pk: 12, silent.pk: None}


def test_a_row_whose_movements_do_not_add_up_is_refused_by_the_database():
    customer = factories.customer()
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerDay.objects.create(
            customer=customer, day=FIRST, opening_mrr_cents=1, mrr_cents=3, mrr_new_cents=1
        )
