"""Cohorts by the month of the first payment: the example of METRICS.md, `kpis --cohorts` and who may see what."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from customers.models import Customer, CustomerHistory, Subscription
from metrics.cohorts import cohorts
from metrics.models import CustomerDay, Night
from metrics.periods import add_months
from tests import factories
from tests.nights import D, run

pytestmark = pytest.mark.django_db

JAN, FEB, JUNE = dt.date(2024, 1, 1), dt.date(2024, 2, 1), dt.date(2024, 6, 1)


def sub(start: dt.date, end: dt.date | None = None, cents: int = 10_000, customer=None, **fields):
    customer = customer or factories.customer(**fields)
    factories.subscription(customer, starts_on=start, ends_on=end, mrr_cents=cents)
    return customer


def the_example() -> None:
    """5 start in January; of two that leave, one in March and one in April, the first is back in May."""
    for _ in range(3):
        sub(dt.date(2024, 1, 15))
    back = sub(dt.date(2024, 1, 20), dt.date(2024, 3, 10))
    sub(dt.date(2024, 5, 5), customer=back)
    sub(JAN, dt.date(2024, 4, 2))


def told(first: dt.date = JAN, end: dt.date = JUNE, **asked):
    return {cohort["month"]: cohort for cohort in cohorts(first=first, end=end, **asked)["cohorts"]}


def test_5_5_4_3_4_of_five_are_100_100_80_60_80_per_cent():
    the_example()
    run(JAN, JUNE - D)
    january = told()["2024-01"]
    assert january["started"] == 5
    assert january["customers"] == [5, 5, 4, 3, 4]
    assert january["customer_shares"] == [1.0, 1.0, 0.8, 0.6, 0.8]
    assert january["mrr"] == ["500.00", "500.00", "400.00", "300.00", "400.00"]
    assert january["mrr_shares"] == [1.0, 1.0, 0.8, 0.6, 0.8]


def test_revenue_may_grow_beyond_the_start_and_month_0_is_all_who_started():
    sub(dt.date(2024, 1, 3), dt.date(2024, 1, 20))
    grown = sub(dt.date(2024, 1, 9), FEB)
    sub(FEB, cents=25_000, customer=grown)
    sub(dt.date(2024, 1, 2), cents=0)  # never paid: of no cohort
    run(JAN, dt.date(2024, 2, 29))
    january = told(end=dt.date(2024, 3, 1))["2024-01"]
    assert january["customers"] == [2, 1]
    assert january["customer_shares"] == [1.0, 0.5]
    assert january["mrr_shares"] == [1.0, 2.5]


def test_a_customer_belongs_to_the_month_of_its_first_payment_only():
    returned = sub(JAN, dt.date(2024, 1, 10))
    sub(dt.date(2024, 2, 10), customer=returned)
    run(JAN, dt.date(2024, 2, 29))
    table = told(end=dt.date(2024, 3, 1))
    assert table["2024-01"]["customers"] == [1, 1]
    assert table["2024-01"]["mrr_shares"] == [None, None], "it paid nothing at the end of its first month"
    assert table["2024-02"] == {
        "month": "2024-02",
        "started": 0,
        "customers": [0],
        "customer_shares": [None],
        "mrr": ["0.00"],
        "mrr_shares": [None],
    }


def test_a_month_end_without_a_finished_night_is_not_known():
    the_example()
    run(JAN, JUNE - D)
    Night.objects.filter(day=dt.date(2024, 3, 31)).delete()
    assert told()["2024-01"]["customers"] == [5, 5, None, 3, 4]
    Night.objects.filter(day=dt.date(2024, 1, 31)).delete()
    january = told()["2024-01"]
    assert january["customer_shares"] == [None, 1.0, None, 0.6, 0.8]
    assert january["mrr_shares"] == [None] * 5, "what was paid at the start is not known"


def test_cohorts_of_a_segment_and_of_what_somebody_may_see():
    mid, other = sub(JAN, segment="mid"), sub(JAN)
    CustomerHistory.objects.create(customer=other, field="segment", valid_from=JAN, value="volume")
    ana = factories.user()
    Customer.objects.filter(pk=mid.pk).update(onboarding_owner=ana)
    run(JAN, dt.date(2024, 1, 31))
    assert told(end=FEB)["2024-01"]["started"] == 2
    assert told(end=FEB, segment="volume")["2024-01"]["started"] == 1
    assert told(end=FEB, visible=Customer.objects.all())["2024-01"]["started"] == 2
    assert told(end=FEB, visible=Customer.objects.owned_by(ana))["2024-01"]["started"] == 1
    assert told(end=FEB, visible=Customer.objects.owned_by(ana), segment="volume")["2024-01"]["started"] == 0


def test_a_span_without_a_whole_month_has_no_cohort():
    assert cohorts(first=JAN, end=dt.date(2024, 1, 20))["cohorts"] == []


def test_the_command_prints_cohorts_as_json_csv_and_table(capsys):
    the_example()
    run(JAN, JUNE - D)
    asked = ("--from", "2024-01-01", "--to", "2024-06-01", "--cohorts")
    call_command("kpis", *asked, "--format", "json")
    assert json.loads(capsys.readouterr().out) == cohorts(first=JAN, end=JUNE)
    call_command("kpis", *asked, "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) == 5 + 4 + 3 + 2 + 1
    assert lines[3] == {
        "cohort": "2024-01",
        "month": "3",
        "customers": "3",
        "customer_share": "0.6",
        "mrr": "300.00",
        "mrr_share": "0.6",
    }
    call_command("kpis", *asked)
    table = capsys.readouterr().out.splitlines()
    assert table[1].split() == [
        "2024-01",
        "5",
        "100.0",
        "%",
        "100.0",
        "%",
        "80.0",
        "%",
        "60.0",
        "%",
        "80.0",
        "%",
    ]
    assert "—" in table[2]


stays = st.lists(
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 60), st.sampled_from([0, 5000, 9000])), max_size=3),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stays)
def test_month_0_is_everybody_who_started_and_every_payer_is_in_one_cohort(world):
    for model in (Night, CustomerDay, Subscription, Customer):
        model.objects.all().delete()
    for spells in world:
        customer = factories.customer()
        for start, length, cents in spells:
            sub(JAN + start * D, JAN + (start + length) * D, cents, customer)
    run(JAN, add_months(JAN, 3) - D)
    table = told(end=add_months(JAN, 3)).values()
    payers = {
        s.customer_id for s in Subscription.objects.filter(mrr_cents__gt=0, starts_on__lt=add_months(JAN, 3))
    }
    assert sum(cohort["started"] for cohort in table) == len(payers)
    for cohort in table:
        assert cohort["customers"][0] == cohort["started"]
        assert cohort["customer_shares"][0] == (1.0 if cohort["started"] else None)
        assert all(0 <= count <= cohort["started"] for count in cohort["customers"])
