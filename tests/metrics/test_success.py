"""The success gap of many customers: SQL against the pure calculation, measured objectives, the figures."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import time
from customers.measures import FIGURES
from customers.models import Attained, Customer, Milestone, Objective
from customers.services.success import attained_record
from customers.success import Standing, Way, one_voice, portfolio, total
from metrics import success
from metrics.kpis import kpis
from metrics.models import CustomerDay, ObjectiveDay
from metrics.periods import Period
from metrics.slices import EVERYBODY
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
HALF = START + dt.timedelta(days=50)
DAY = Period(HALF, HALF + dt.timedelta(days=1))
KEYS = ["success_attainment", "value_gap", "perception_gap"]


def said(objective, value, on=HALF, contact=None):
    return Attained.objects.create(
        objective=objective,
        side="customer",
        value=value,
        stated_on=on,
        source="conversation",
        evidence="call",
        contact=contact,
    )


def assessed(objective, value, on=HALF):
    return Attained.objects.create(
        objective=objective, side="ours", value=value, stated_on=on, source="assessment"
    )


def paying(customer, cents=10_000):
    factories.subscription(customer, starts_on=START, mrr_cents=cents)
    return customer


def used(customer, day, **fields):
    at = dt.datetime.combine(day, dt.time(15), tzinfo=dt.UTC)
    factories.usage(customer, occurred_at=at, event="report", **fields)


def told(**asked):
    return kpis(first=HALF, end=DAY.end, keys=KEYS, **asked)["rows"][0]


def test_the_example_of_the_definitions():
    objective = factories.objective(paying(factories.customer()))
    said(objective, 8)
    assessed(objective, 6)
    run(HALF)
    values = told()["values"]
    assert values["success_attainment"] == pytest.approx(1 / 3)
    assert values["value_gap"] == pytest.approx(-16.6667, abs=1e-3)
    assert values["perception_gap"] == pytest.approx(33.3333, abs=1e-3)


def test_later_statements_and_those_of_other_days_do_not_count_yet():
    objective = factories.objective(paying(factories.customer()))
    said(objective, 8)
    said(objective, 4, on=HALF + dt.timedelta(days=1))
    run(HALF)
    assert told()["values"]["success_attainment"] == pytest.approx(1 / 3)


def test_a_customer_that_confirmed_less_than_half_is_left_out_and_said_to_be():
    customer = paying(factories.customer())
    said(factories.objective(customer, weight=1), 4)
    factories.objective(customer, weight=2)
    run(HALF)
    row = told()
    assert row["values"]["success_attainment"] is None
    assert "not confirmed half" in row["notes"]["success_attainment"]


def test_the_whole_is_weighted_by_mrr_and_by_head():
    for cents, value in ((30_000, 4), (10_000, 10)):
        said(factories.objective(paying(factories.customer(), cents)), value)
    run(HALF)
    values = kpis(
        first=HALF,
        end=DAY.end,
        keys=["success_attainment", "success_attainment_by_head", "value_gap_by_head"],
    )["rows"][0]["values"]
    assert values["success_attainment"] == pytest.approx(0.75)
    assert values["success_attainment_by_head"] == pytest.approx(0.5)
    assert values["value_gap_by_head"] == pytest.approx(0)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),  # weight
            st.integers(-20, 20),  # baseline
            st.integers(1, 20).flatmap(lambda n: st.sampled_from([n, -n])),  # way
            st.lists(st.integers(-40, 40), max_size=3),  # voices of the customer
            st.none() | st.integers(-40, 40),  # ours
            st.integers(0, 3),  # customer
            st.integers(1, 200),  # days
        ),
        min_size=1,
        max_size=10,
    )
)
def test_sql_tells_what_the_pure_calculation_tells(plans):
    Customer.objects.all().delete()
    owners = [factories.customer() for _ in range(4)]
    mrr = [0, 100, 250, 1000]
    CustomerDay.objects.bulk_create(
        CustomerDay(day=HALF, customer=owner, opening_mrr_cents=cents, mrr_cents=cents)
        for owner, cents in zip(owners, mrr, strict=True)
    )
    standings: dict[int, list[Standing]] = {}
    for weight, baseline, way, voices, ours, owner, days in plans:
        objective = factories.objective(
            owners[owner],
            baseline=baseline,
            target=baseline + way,
            weight=weight,
            due_on=START + dt.timedelta(days=days),
        )
        for value in voices:
            said(objective, value, contact=factories.contact(owners[owner]))
        if ours is not None:
            assessed(objective, ours)
        line = Way(Fraction(baseline), Fraction(baseline + way), START, objective.due_on)
        voice = one_voice(voices)
        standings.setdefault(owner, []).append(
            Standing(
                Fraction(weight),
                line.share_due(HALF),
                None if voice is None else line.attainment(voice),
                None if ours is None else line.attainment(ours),
            )
        )
    totals = {owner: total(some) for owner, some in standings.items()}
    read = success.read([DAY], None, EVERYBODY, HALF)[(DAY, None)]
    assert read.customers == sum(one.customer is not None for one in totals.values())
    for by_head, name in ((True, "attained"), (False, "attained_mrr")):
        expected = portfolio(
            [(Fraction(1 if by_head else mrr[k]), one.customer) for k, one in totals.items()]
        )
        below = read.customers if by_head else read.mrr
        got = getattr(read, name) / below if below else None
        assert got == (None if expected is None else pytest.approx(float(expected)))
    gap = portfolio([(Fraction(1), one.perception_gap) for one in totals.values()])
    got = read.perception_gap / read.ours * 100 if read.ours else None
    assert got == (None if gap is None else pytest.approx(float(gap)))


def test_events_figures_and_milestones_are_measured_every_night():
    customer = paying(factories.customer())
    event = factories.objective(customer, event="report", baseline=0, target=20)
    figure = factories.objective(customer, figure="active_people_30", baseline=0, target=5)
    step = factories.objective(customer, milestone="Go-live", baseline=0, target=1)
    by_hand = factories.objective(customer)
    for n in range(3):
        used(customer, HALF - dt.timedelta(days=n), person=f"p{n}", count=2)
    used(customer, HALF - dt.timedelta(days=30), count=100)
    run(HALF)
    values = dict(ObjectiveDay.objects.filter(day=HALF).values_list("objective", "value"))
    assert values == {event.pk: 6, figure.pk: 3, step.pk: 0}
    Milestone.objects.create(customer=customer, milestone="Go-live", reached_on=HALF)
    run(HALF)
    assert ObjectiveDay.objects.get(objective=step, day=HALF).value == 1
    assert not ObjectiveDay.objects.filter(objective=by_hand).exists()
    assert ObjectiveDay.objects.count() == 3


def test_a_measured_objective_is_ours_as_measured_and_the_customers_as_said():
    customer = paying(factories.customer())
    objective = factories.objective(customer, event="report", baseline=0, target=20)
    said(objective, 5)
    used(customer, HALF, count=15)
    run(HALF)
    assert told()["values"]["perception_gap"] == pytest.approx(50)


def test_every_figure_that_objectives_may_be_measured_by_is_a_column_of_the_daily_row():
    columns = {field.name for field in CustomerDay._meta.concrete_fields}
    assert set(FIGURES) <= columns


def test_an_archived_objective_counts_until_the_day_it_was_taken_out():
    objective = factories.objective(paying(factories.customer()))
    said(objective, 8)
    Objective.objects.filter(pk=objective.pk).update(archived_at=time.day_start(HALF))
    assert success.read([DAY], None, EVERYBODY, HALF) == {}
    before = Period(HALF - dt.timedelta(days=1), HALF)
    assert success.read([before], None, EVERYBODY, HALF)[(before, None)].unconfirmed == 1


def test_the_ranking_puts_the_most_mrr_behind_a_gap_first():
    small, large, ahead, silent = (paying(factories.customer(), cents) for cents in (100, 900, 5000, 9000))
    said(factories.objective(small), 10)
    said(factories.objective(large), 9)
    said(factories.objective(ahead), 4)
    factories.objective(silent)
    run(HALF)
    found = success.ranked(DAY, EVERYBODY, limit=10)
    assert [row["customer_id"] for row in found] == [large.pk, small.pk, ahead.pk, silent.pk]
    assert [row["customer_id"] for row in success.ranked(DAY, EVERYBODY, limit=1, offset=1)] == [small.pk]


def test_what_was_recorded_by_the_service_is_what_counts(admin):
    objective = factories.objective(paying(factories.customer()))
    attained_record(
        actor=admin,
        objective=objective,
        side="customer",
        value=Decimal(8),
        source="conversation",
        evidence="Review of February",
        stated_on=HALF,
    )
    run(HALF)
    assert told()["values"]["success_attainment"] == pytest.approx(1 / 3)
