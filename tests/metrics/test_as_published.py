"""A restated figure says so, what was first published stays readable, and whole months are on record."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from config import pipeline
from customers.models import Customer
from metrics import closing, months
from metrics.kpis import kpis
from metrics.models import MonthRecord, MonthValue, Night
from metrics.questions import BadRequest
from metrics.registry import FIGURES
from metrics.staleness import Late, mark_stale
from metrics.windows import tell
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH, APRIL, LAST = (
    dt.date(2024, 2, 1),
    dt.date(2024, 3, 1),
    dt.date(2024, 4, 1),
    dt.date(2024, 4, 10),
)
AT = dt.datetime(2024, 4, 11, 5, tzinfo=dt.UTC)


@pytest.fixture
def customer(monkeypatch, analyst):
    """Two customers told up to 10 April, in the morning after."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
    customer = factories.customer(started_on=FEBRUARY, segment="mid", segment_by="hand", owner=analyst)
    factories.subscription(customer, starts_on=FEBRUARY, mrr_cents=10_000)
    other = factories.customer(started_on=FEBRUARY, segment="volume", segment_by="hand")
    factories.subscription(other, starts_on=FEBRUARY, ends_on=dt.date(2024, 3, 15), mrr_cents=5_000)
    for score in (9, 10, 3):
        factories.response(customer, survey="nps", score=score, answered_at=AT - dt.timedelta(days=25))
    run(FEBRUARY, LAST)
    pipeline.finish(["telling"])
    return customer


@pytest.fixture
def late(customer, monkeypatch):
    """A day later it is found that the customer pays more since 10 March, and that an answer was left out."""
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(days=1))
    factories.subscription(customer, starts_on=dt.date(2024, 3, 10), mrr_cents=2_000)
    factories.response(customer, survey="nps", score=0, answered_at=AT - dt.timedelta(days=20))
    mark_stale([Late(customer.pk, dt.date(2024, 3, 10))], reason="subscription")
    pipeline.finish(["stale days", "telling"])
    return customer


def told(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, "grain": "month", **asked})["rows"]


def test_a_restated_period_says_so_and_gives_both_values(late):
    row, first = (
        told(keys=["mrr", "mrr_expansion", "nrr"])[0],
        told(keys=["mrr", "mrr_expansion"], published=True)[0],
    )
    assert row["restated"] == first["restated"] == (AT + dt.timedelta(days=1)).isoformat()
    assert (row["values"]["mrr"], row["values"]["mrr_expansion"]) == ("120.00", "20.00")
    assert (first["values"]["mrr"], first["values"]["mrr_expansion"]) == ("100.00", "0.00")


def test_a_period_of_which_no_row_changed_is_not_restated(late):
    row = told(first=FEBRUARY, end=MARCH, keys=["mrr"])[0]
    assert "restated" not in row
    assert row["values"] == told(first=FEBRUARY, end=MARCH, keys=["mrr"], published=True)[0]["values"]


def test_published_values_come_by_slice_and_for_the_same_customers(late, analyst):
    rows = told(keys=["mrr", "ticket_backlog"], by="segment", published=True)
    assert {(row["slice"] or {}).get("segment"): row["values"]["mrr"] for row in rows} == {
        None: "100.00",
        "volume": "0.00",
        "mid": "100.00",
        "high_value": "0.00",
        "none": "0.00",
    }
    mine = Customer.objects.filter(owner=analyst)
    assert told(keys=["mrr"], visible=mine, published=True)[0]["values"]["mrr"] == "100.00"


def test_as_of_a_night_tells_what_it_showed(late, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(days=2))
    run(LAST + dt.timedelta(days=1))
    before = {"as_of": LAST, "published": True, "keys": ["mrr"]}
    assert told(**before)[0]["values"]["mrr"] == "100.00"
    after = before | {"as_of": LAST + dt.timedelta(days=1)}
    assert told(**after)[0]["values"]["mrr"] == "120.00", "that night knew of it already"
    assert told(as_of=LAST, keys=["mrr"])[0]["values"]["mrr"] == "120.00", "as restated"


def test_a_night_that_is_not_done_is_refused(customer):
    with pytest.raises(BadRequest, match="no finished night of 2024-04-20"):
        told(as_of=dt.date(2024, 4, 20))
    with pytest.raises(CommandError, match="no finished night"):
        call_command("kpis", "--from=2024-03-01", "--to=2024-04-01", "--as-of=2024-04-20")


def test_the_command_and_the_api_tell_the_same(late, capsys, login, viewer):
    call_command("kpis", "--from=2024-03-01", "--to=2024-04-01", "--key=mrr", "--published", "--format=json")
    printed = json.loads(capsys.readouterr().out)
    asked = {"from": "2024-03-01", "to": "2024-04-01", "key": "mrr", "published": "true"}
    assert login(viewer).get("/api/v1/kpis/", asked).json() == printed
    assert printed["published"] is True
    assert printed["rows"][0]["values"] == {"mrr": "100.00"}
    bad = login(viewer).get("/api/v1/kpis/", asked | {"as_of": "yesterday"})
    assert bad.status_code == 400


def test_a_month_is_put_on_record_when_it_is_over(customer):
    record = MonthRecord.objects.get(month=MARCH)
    assert (record.kind, record.recorded_by) == ("published", None)
    wanted = sum(1 + 4 * (key in _cut("segment")) + 4 * (key in _cut("stage")) for key in FIGURES)
    assert record.values.exclude(cut="owner").count() == wanted
    assert record.values.get(key="mrr", cut="").value == "10000"
    assert record.values.get(key="mrr", cut="segment", part="mid").value == "10000"


def _cut(by: str) -> set[str]:
    return {key for key, figure in FIGURES.items() if by in figure.cuts}


def test_a_record_reads_back_exactly_what_was_told(customer):
    record = MonthRecord.objects.get(month=MARCH)
    period = months.period_of(MARCH)
    now = tell(list(FIGURES.values()), [period])
    back = months.results(record)
    for key, figure in FIGURES.items():
        want, got = now.result(figure, period), back[(key, None, None)]
        assert (got.value, got.numerator, got.denominator) == (
            want.value,
            want.numerator,
            want.denominator,
        ), key


def test_what_facts_without_versions_say_is_told_from_the_record_or_marked_as_of_now(late):
    row = told(keys=["first_response_time", "nps", "renewal_rate"], published=True)[0]
    assert row["values"]["nps"] == 0.0, "two of four"
    assert row["notes"]["nps"].startswith("told as known now")


def test_an_old_history_that_was_moved_in_is_not_put_on_record(customer):
    MonthRecord.objects.all().delete()
    Night.objects.filter(day=dt.date(2024, 3, 31)).update(finished_at=AT + dt.timedelta(days=90))
    assert months.publish_due() == MonthRecord.objects.count()
    assert not MonthRecord.objects.filter(month=MARCH).exists()


def test_publishing_twice_makes_one_record(customer):
    months.publish(MARCH)
    assert MonthRecord.objects.filter(month=MARCH).count() == 1
    assert not closing.due()


def test_the_database_refuses_to_change_a_recorded_value(customer):
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        MonthValue.objects.filter(key="mrr").update(value="1")


@pytest.mark.parametrize(
    "fields",
    [
        {"month": dt.date(2024, 3, 2), "kind": "frozen"},
        {"month": MARCH, "kind": "published", "edition": 2},
        {"month": MARCH, "kind": "published"},
    ],
    ids=["not a first day", "published again", "twice"],
)
def test_the_database_refuses_a_wrong_record(customer, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthRecord.objects.create(**fields)
