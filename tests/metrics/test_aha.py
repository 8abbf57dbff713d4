"""What customers that reached their goals did first: known outcomes, both sides, nothing claimed of few."""

import datetime as dt

import pytest

from customers.models import Attained, Milestone
from metrics.aha import AFTER, LEAST, Compared, Side, afterwards, first_steps
from metrics.models import CustomerDay, UsageDay
from metrics.slices import EVERYBODY, Only
from metrics.statistics import newcombe
from tests import factories

pytestmark = pytest.mark.django_db
START = dt.date(2026, 1, 1)
NIGHT = START + dt.timedelta(days=200)


def planned(value, *, used=None, milestone=None, due=100, **fields):
    """A customer whose objective (10 → 4 h) was due, and what it said was reached; None: nothing."""
    customer = factories.customer(**fields)
    objective = factories.objective(
        customer, name="Hours", starts_on=START, due_on=START + dt.timedelta(days=due)
    )
    if value is not None:
        Attained.objects.create(
            objective=objective,
            side="customer",
            value=value,
            stated_on=START + dt.timedelta(days=80),
            source="link",
        )
    if used is not None:
        UsageDay.objects.create(
            customer=customer, day=START + dt.timedelta(days=used), feature="export", events=1
        )
    if milestone is not None:
        reached_on = START + dt.timedelta(days=milestone)
        Milestone.objects.create(customer=customer, milestone="Live", reached_on=reached_on)
    return customer


def test_newcombes_interval_as_published():
    interval = newcombe(56, 70, 48, 80)
    assert interval is not None
    low, high = interval  # Newcombe 1998, method 10: 0.0524 … 0.3339
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert newcombe(0, 0, 1, 2) is None


def test_only_known_outcomes_count_and_each_side_apart():
    planned(4, used=3, milestone=10)
    planned(3, used=9)
    planned(8, used=120)
    planned(8)
    planned(None, used=1)  # never confirmed
    planned(4, used=1, due=300)  # not due yet
    told = first_steps(NIGHT, EVERYBODY)
    assert (told.reached, told.others, told.unknown, told.enough) == (2, 2, 1, False)
    steps = {(one.kind, one.name): one for one in told.steps}
    export = steps["event", "export"]
    assert (export.reached.hits, export.reached.cases, export.reached.median) == (2, 2, 3)
    assert (export.others.hits, export.others.share, export.others.median) == (0, 0.0, None)
    assert export.difference == 1.0 and not export.is_evidence
    assert steps["milestone", "Live"].reached.days == {10: 1}
    assert steps["objective", "Hours"].reached.days == {80: 2}


def test_enough_customers_and_a_clear_difference_are_evidence_a_small_one_is_not():
    many = LEAST + 5
    clear = Compared("event", "export", Side(many, {1: many - 2}), Side(many, {4: 5}))
    small = Compared("event", "export", Side(many, {1: 12}), Side(many, {1: 10}))
    few = Compared("event", "export", Side(LEAST - 1, {1: LEAST - 1}), Side(many, {}))
    assert clear.is_evidence and not small.is_evidence and not few.is_evidence
    assert Side(3, {2: 1, 5: 1, 9: 1}).median == 5 and Side(4, {2: 2, 9: 2}).median == 2


def test_a_slice_counts_its_own():
    planned(4, segment="mid")
    planned(4, segment="volume")
    assert first_steps(NIGHT, Only(segment="mid")).reached == 1


def day(customer, on, mrr, people):
    CustomerDay.objects.create(
        customer=customer, day=on, mrr_cents=mrr, opening_mrr_cents=mrr, active_people_30=people
    )


def test_what_came_after_is_told_of_those_that_paid_then():
    then = NIGHT - dt.timedelta(days=AFTER)
    for value, after, people in ((9, 20_000, 5), (8, 10_000, 2), (10, 0, 0)):
        customer = planned(None)
        Attained.objects.create(
            objective=customer.objectives.get(), side="customer", value=value, stated_on=then, source="link"
        )
        day(customer, then, 10_000, 4)
        day(customer, NIGHT, after, people)
    gone = planned(None)
    day(gone, then, 0, 0)
    told = {one.name: one for one in afterwards(NIGHT, EVERYBODY)}
    # After 20 of 100 days 8.8 h are due: who says 8 h is ahead, who says 9 or 10 h behind.
    ahead = {name: (one.reached.hits, one.reached.cases) for name, one in told.items()}
    behind = {name: (one.others.hits, one.others.cases) for name, one in told.items()}
    assert ahead == {"stays": (1, 1), "more": (0, 1), "active": (0, 1)}
    assert behind == {"stays": (1, 2), "more": (1, 2), "active": (1, 2)}
