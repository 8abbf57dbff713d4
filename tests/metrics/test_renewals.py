"""Renewal rates by the rules and examples of METRICS.md: who renews whom, the grace, and the range until then."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from customers.models import Contract, Customer, CustomerHistory, Subscription
from metrics.figures.renewals import renewal_rate, renewal_rate_value
from metrics.models import CustomerDay
from metrics.periods import Period
from metrics.renewals import SCALE, Renewals, read
from metrics.slices import Only
from tests import factories
from tests.nights import D

pytestmark = pytest.mark.django_db

BEGIN, DUE = dt.date(2025, 3, 10), dt.date(2026, 3, 10)
GRACE_ENDS = DUE + 30 * D
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 4, 1))


def due(customer=None, value: int | None = 1_200_000, **fields):
    customer = customer or factories.customer()
    fields = {"starts_on": BEGIN, "ends_on": DUE, **fields}
    return factories.contract(customer, value_cents=value, **fields)


def renewing(old, start: dt.date = DUE, months: int = 12, value: int | None = 1_200_000, **fields):
    fields.setdefault("renews_external_id", old.external_id)
    end = start.replace(year=start.year + months // 12)
    return factories.contract(old.customer, starts_on=start, ends_on=end, value_cents=value, **fields)


def pays(customer, day: dt.date, cents: int) -> None:
    """The row of a finished night."""
    CustomerDay.objects.create(customer=customer, day=day, opening_mrr_cents=cents, mrr_cents=cents)


def told(as_of: dt.date = GRACE_ENDS, **asked):
    return read([MARCH], None, Only(asked.get("segment")), as_of).get((MARCH, None), Renewals())


def rates(as_of: dt.date = GRACE_ENDS):
    of = told(as_of)
    return renewal_rate(of).value, renewal_rate_value(of).value


def test_45_renewed_of_50_due_are_90_per_cent_and_up_to_96_while_3_are_undecided():
    for n in range(50):
        old = due()
        if n < 45:
            renewing(old)
        elif n < 47:
            Contract.objects.filter(pk=old.pk).update(ends_on=MARCH.first)
    before = renewal_rate(told(MARCH.first + 30 * D))
    assert (before.value, before.numerator, before.denominator) == (Fraction(9, 10), 45, 50)
    assert before.interval == (Fraction(90, 100), Fraction(96, 100))
    assert before.provisional
    after = renewal_rate(told(GRACE_ENDS))
    assert (after.value, after.interval, after.provisional) == (Fraction(9, 10), None, False)


def test_by_value_a_renewal_counts_with_no_more_than_it_was_worth():
    renewing(due(value=1_200_000), value=1_080_000)
    renewing(due(value=1_200_000), value=1_800_000)
    found = renewal_rate_value(told())
    assert found.value == Fraction(95, 100)
    assert (found.numerator, found.denominator) == (190_000, 200_000)


def test_the_monthly_value_is_that_of_the_term_by_its_months():
    renewing(due(value=1_200_000), months=24, value=1_800_000)
    assert rates() == (1, Fraction(3, 4))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (dt.date(2025, 1, 31), dt.date(2026, 3, 31), 420),
        (dt.date(2026, 1, 15), dt.date(2026, 3, 1), 46),
        (dt.date(2026, 3, 30), dt.date(2026, 3, 31), 1),
        (dt.date(2024, 3, 1), dt.date(2026, 3, 1), 720),
    ],
)
def test_months_have_thirty_days(start, end, days):
    due(value=7_777_777, starts_on=start, ends_on=end)
    assert told(GRACE_ENDS + D).value_due == pytest.approx(7_777_777 * 30 * SCALE / days, abs=2, rel=0)


def test_who_does_not_name_a_contract_renews_within_30_days_on_either_side_and_by_ending_later():
    for start, ends, renewed in (
        (DUE - 30 * D, DUE + D, True),
        (DUE + 30 * D, DUE + 60 * D, True),
        (DUE - 31 * D, DUE + 60 * D, False),
        (DUE + 31 * D, DUE + 60 * D, False),
        (DUE - 5 * D, DUE, True),  # due the same day: one renewal with it, which nothing renews
    ):
        old = due()
        factories.contract(old.customer, starts_on=start, ends_on=ends)
        assert (told(GRACE_ENDS + 2 * D).renewed == 1) is (renewed and ends > DUE), start
        Contract.objects.all().delete()


def test_a_contract_that_names_another_one_does_not_renew_this_one():
    old = due()
    renewing(old, renews_external_id="of another time")
    assert told().renewed == 0


def test_a_named_contract_is_renewed_however_late():
    old = due()
    late = renewing(old, start=DUE + 200 * D)
    assert told().renewed == 0
    assert told(late.starts_on).renewed == 1


def test_without_a_later_contract_it_is_renewed_by_paying_on_the_last_day_of_the_grace():
    old = due(value=1_200_000)
    pays(old.customer, GRACE_ENDS, 90_000)
    open_ = told(GRACE_ENDS - D)
    assert (open_.renewed, open_.undecided) == (0, 1)
    assert renewal_rate_value(open_).interval == (0, 1)
    assert rates() == (1, Fraction(9, 10))
    factories.contract(old.customer, starts_on=DUE + 31 * D, ends_on=DUE + 400 * D, signed_on=DUE)
    assert rates() == (0, 0)


def test_who_no_longer_pays_is_lost():
    pays(due().customer, GRACE_ENDS, 0)
    assert rates() == (0, 0)


def test_a_renewal_without_a_value_is_worth_what_is_paid_on_the_last_day_of_the_grace():
    old = due(value=1_200_000)
    renewing(old, value=None)
    pays(old.customer, GRACE_ENDS, 80_000)
    early = told(DUE)
    assert (renewal_rate(early).value, renewal_rate(early).provisional) == (1, False)
    assert renewal_rate_value(early).interval == (0, 1)
    assert rates() == (1, Fraction(8, 10))


def test_a_contract_is_known_from_its_signature_else_from_its_start():
    signed = due()
    renewing(signed, signed_on=DUE - 60 * D)
    unsigned = due()
    renewing(unsigned, start=DUE + 10 * D)
    assert told(DUE - D).renewed == 1
    assert told(DUE + 9 * D).renewed == 1
    assert told(DUE + 10 * D).renewed == 2


def test_contracts_of_a_customer_due_the_same_day_are_one_renewal():
    first = due(value=1_200_000)
    due(first.customer, value=600_000)
    renewing(first, value=900_000)
    of = told()
    assert (of.due, of.renewed) == (1, 1)
    assert renewal_rate_value(of).value == Fraction(1, 2)


def test_the_due_day_is_the_exclusive_end_and_an_empty_term_is_no_contract():
    due(ends_on=MARCH.first)
    due(ends_on=MARCH.end)
    due(starts_on=DUE, ends_on=DUE)
    assert told().due == 1


def test_contracts_without_a_value_count_for_the_number_only():
    renewing(due(value=None))
    of = told()
    assert renewal_rate(of).value == 1
    assert renewal_rate_value(of).value is None


def test_a_contract_worth_billions_does_not_overflow():
    renewing(due(value=900_000_000_000), value=900_000_000_000)
    assert rates() == (1, 1)


def test_renewals_are_cut_by_the_slice_of_the_first_day_and_add_up():
    for value, renewed in (("mid", True), ("volume", False), ("", False)):
        old = due(factories.customer(segment=value))
        CustomerDay.objects.create(customer=old.customer, day=MARCH.first, segment=value)
        CustomerHistory.objects.create(customer=old.customer, field="segment", valid_from=DUE, value="mid")
        if renewed:
            renewing(old)
    parts = read([MARCH], "segment", Only(), GRACE_ENDS)
    assert {part: (of.due, of.renewed) for (_, part), of in parts.items()} == {
        "mid": (1, 1),
        "volume": (1, 0),
        "none": (1, 0),
    }
    assert told(segment="mid").due == 1


def test_nothing_due_is_no_rate():
    assert rates() == (None, None)


contracts = st.lists(
    st.tuples(
        st.integers(0, 2),  # customer
        st.integers(-400, 30),  # start, in days from the due day
        st.sampled_from([30, 90, 365, 400]),  # term
        st.sampled_from([None, 0, 60_000, 1_200_000]),
        st.sampled_from([None, -70, 0]),  # signed, in days from the start
        st.sampled_from([None, 0, 1, 2]),  # names which
    ),
    min_size=1,
    max_size=7,
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(contracts, st.lists(st.sampled_from([0, 70_000]), min_size=3, max_size=3), st.integers(1, 60))
def test_the_range_holds_what_the_rate_comes_to(told_contracts, paid, looked_after):
    for table in (Contract, CustomerDay, Subscription, Customer):
        table.objects.all().delete()
    customers = [factories.customer() for _ in range(3)]
    end = MARCH.end + 31 * D
    looked_on = MARCH.first + looked_after * D
    for n, (who, start, term, value, signed, names) in enumerate(told_contracts):
        starts_on = DUE + start * D
        signed_on = None if signed is None else starts_on + signed * D
        known = (
            signed_on or starts_on
        ) <= looked_on  # what is named after its grace is news, not part of the range
        factories.contract(
            customers[who],
            external_id=f"n{n}",
            starts_on=starts_on,
            ends_on=starts_on + term * D,
            value_cents=value,
            signed_on=signed_on,
            renews_external_id=f"n{names}" if known and names is not None else "",
        )
    CustomerDay.objects.bulk_create(
        CustomerDay(customer=customer, day=MARCH.first + n * D, opening_mrr_cents=cents, mrr_cents=cents)
        for customer, cents in zip(customers, paid, strict=True)
        for n in range((end - MARCH.first).days + 1)
    )
    before, after = told(looked_on), told(end)
    assume(before.due == after.due > 0)  # none of those due was signed later
    low, high = renewal_rate(before).interval or (renewal_rate(before).value,) * 2
    final = renewal_rate(after).value
    assert low is not None
    assert high is not None
    assert final is not None
    assert low <= final <= high
