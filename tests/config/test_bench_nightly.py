"""The benchmark of nights measures real nights: its company is worked off, and its floor copies what was written."""

import datetime as dt

import pytest

from config import pipeline
from config.bench import floor
from metrics import nights
from metrics.bench import data, facts
from metrics.models import CustomerDay, Night, UsageDay
from metrics.night_tables import INPUTS, RESULTS
from metrics.sql import rows
from workspace.bench_data import fill

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_night_of_the_benchmarks_company_and_its_floor():
    night, customers = nights.last_closed_day(), 60
    data.customers(customers, night)
    facts.money_and_care(customers, night, 5)
    facts.usage(customers, night, 5)
    nights.open_nights([night])
    pipeline.finish(["nights"])
    data.nights_before(night, 5)

    written = CustomerDay.objects.filter(day=night)
    assert written.count() == customers
    assert written.filter(active_people_30__gt=0).exists()
    assert (
        written.filter(mrr_expansion_cents__gt=0).exists() and written.filter(mrr_churn_cents__gt=0).exists()
    )
    assert CustomerDay.objects.count() == 5 * customers
    assert Night.objects.filter(state="done").count() == 5

    least = floor.measure(night)
    assert least["rows"] >= customers + UsageDay.objects.filter(day=night).count()
    assert least["seconds"] >= 0
    rows = floor.written(night)
    assert sum(rows.values()) == least["rows"]
    assert rows["metrics_customerday"] == customers


def test_the_portfolio_of_the_benchmark_of_pages():
    assert fill(customers=40, days=3) >= 0
    assert CustomerDay.objects.count() == 120
    assert Night.objects.filter(state="done").count() == 3
    last = nights.last_closed_day()
    first = CustomerDay.objects.get(day=last - dt.timedelta(days=2), customer__external_id="c4")
    now = CustomerDay.objects.get(day=last, customer__external_id="c4")
    assert first.mrr_cents == now.mrr_cents
    changed = CustomerDay.objects.get(day=last - dt.timedelta(days=2), customer__external_id="c3")
    assert changed.mrr_cents > CustomerDay.objects.get(day=last, customer__external_id="c3").mrr_cents


def test_the_tables_of_a_night_are_there():
    for table in [*RESULTS, *INPUTS]:
        sums = "".join(f", SUM({name}) AS {name}" for name in table.sums)
        assert len(rows(f"SELECT COUNT(*) AS n{sums} FROM {table.name}")) == 1
