"""The figures of METRICS.md, Revenue, by its examples, and the object that `kpis` prints."""

import csv
import datetime as dt
import io
import json
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Workspace
from core import time
from customers.models import CustomerHistory, Tag
from metrics.book import Book
from metrics.kpis import kpis
from metrics.models import Night
from metrics.periods import Period, cut
from metrics.questions import BadRequest
from metrics.registry import FIGURES
from tests import factories
from tests.nights import D, run

FEB, MARCH, APRIL = dt.date(2024, 2, 1), dt.date(2024, 3, 1), dt.date(2024, 4, 1)
JAN = dt.date(2024, 1, 1)


def march(day: int) -> dt.date:
    return dt.date(2024, 3, day)


def sub(customer, start: dt.date, end: dt.date | None, cents: int, **fields) -> None:
    factories.subscription(customer, starts_on=start, ends_on=end, mrr_cents=cents, **fields)


def customers(count: int, cents: int = 5000, start: dt.date = FEB, **fields):
    made = [factories.customer(**fields) for _ in range(count)]
    for customer in made:
        sub(customer, start, None, cents)
    return made


def values(**asked):
    return kpis(**{"first": MARCH, "end": APRIL, **asked})["rows"][0]["values"]


@pytest.mark.django_db
def test_ten_customers_at_50_are_500_a_month_6000_a_year_and_50_each():
    customers(10)
    run(MARCH, march(31))
    told = values()
    assert (told["mrr"], told["arr"], told["active_customers"], told["arpa"]) == (
        "500.00",
        "6000.00",
        10,
        "50.00",
    )


@pytest.mark.django_db
def test_customer_churn_does_not_count_who_came_back_or_joined_inside():
    made = customers(88)
    for n in range(12):
        customer = factories.customer()
        sub(customer, FEB if n else march(2), march(10), 5000)
        if n == 1:
            sub(customer, march(20), None, 5000)
    sub(factories.customer(), FEB, None, 5000)
    run(MARCH, march(31))
    row = kpis(first=MARCH, end=APRIL, keys=["customer_churn_rate", "customer_retention_rate"])["rows"][0]
    assert len(made) == 88
    assert row["values"] == {"customer_churn_rate": 0.1, "customer_retention_rate": 0.9}
    assert row["counts"]["customer_churn_rate"] == {"numerator": 10, "denominator": 100}


@pytest.mark.django_db
def test_gross_and_net_churn_go_by_opening_and_closing_of_each_customer():
    start, change = FEB, march(10)
    for after in (0, 0, 20, 10, 10, 10, 10, 10, 10, 10):
        customer = factories.customer()
        sub(customer, start, change, 1000, external_id=f"a{customer.pk}")
        sub(customer, change, None, after * 100, external_id=f"a{customer.pk}")
    dipped = factories.customer()
    sub(dipped, JAN, march(5), 0)
    run(MARCH, march(31))
    told = values()
    assert told["gross_mrr_churn_rate"] == 0.2
    assert told["net_mrr_churn_rate"] == 0.1
    assert (told["nrr"], told["grr"]) == (0.9, 0.8)


@pytest.mark.django_db
def test_who_falls_and_recovers_inside_the_period_lost_nothing():
    customer = factories.customer()
    sub(customer, FEB, march(10), 5000)
    sub(customer, march(10), march(20), 1000)
    sub(customer, march(20), None, 5000)
    run(MARCH, march(31))
    told = values()
    assert (told["grr"], told["nrr"], told["gross_mrr_churn_rate"]) == (1.0, 1.0, 0.0)
    assert (told["mrr_contraction"], told["mrr_expansion"]) == ("40.00", "40.00")


def test_the_quick_ratio_of_the_example():
    book = Book(new=50_000, expansion=30_000, contraction=10_000, churn=15_000)
    assert FIGURES["quick_ratio"].compute(book).value == Fraction(32, 10)


def test_new_customers_do_not_count_for_retention_and_who_is_back_does():
    book = Book(opening=10_000, closing=15_000, kept=9_000, floor=8_000, new=6_000)
    assert FIGURES["nrr"].compute(book).value == Fraction(9, 10)
    assert FIGURES["grr"].compute(book).value == Fraction(8, 10)


def test_what_cannot_be_divided_is_not_defined():
    for key in ("arpa", "customer_churn_rate", "net_customer_growth", "nrr", "grr", "quick_ratio"):
        assert FIGURES[key].compute(Book()).value is None, key


def test_every_figure_says_what_it_is():
    for key, figure in FIGURES.items():
        assert key == figure.key
        assert str(figure.name)
        assert str(figure.formula)


@pytest.mark.django_db
def test_growth_compares_with_the_opening():
    customers(4)
    customers(1, start=march(9))
    run(MARCH, march(31))
    assert values(keys=["net_customer_growth"]) == {"net_customer_growth": 0.25}


@pytest.mark.django_db
def test_a_customer_belongs_to_the_slice_of_its_first_day_and_parts_add_up():
    mover, joiner, plain = factories.customer(), factories.customer(), factories.customer()
    sub(mover, FEB, None, 5000)
    sub(joiner, march(9), None, 2000)
    sub(plain, FEB, None, 700)
    for customer, day, value in (
        (mover, FEB, "volume"),
        (mover, march(2), "mid"),
        (joiner, march(9), "volume"),
        (joiner, march(12), "high_value"),
    ):
        CustomerHistory.objects.create(customer=customer, field="segment", valid_from=day, value=value)
    run(MARCH, march(31))
    rows = kpis(first=MARCH, end=APRIL, by="segment", keys=["mrr", "mrr_new"])["rows"]
    assert [row["slice"] for row in rows] == [
        None,
        {"segment": "volume"},
        {"segment": "mid"},
        {"segment": "high_value"},
        {"segment": "none"},
    ]
    assert [row["values"]["mrr"] for row in rows] == ["77.00", "70.00", "0.00", "0.00", "7.00"]
    assert [row["values"]["mrr_new"] for row in rows] == ["20.00", "20.00", "0.00", "0.00", "0.00"]
    only = kpis(first=MARCH, end=APRIL, segment="volume", keys=["mrr"])["rows"]
    assert [(row["slice"], row["values"]["mrr"]) for row in only] == [({"segment": "volume"}, "70.00")]


@pytest.mark.django_db
def test_owners_are_named_by_mail_and_tags_overlap():
    ana = factories.user(email="ana@zelo.test")
    first, second = customers(1, owner=ana)[0], customers(1)[0]
    vip, pilot = Tag.objects.create(name="vip"), Tag.objects.create(name="pi%lot")
    first.tags.add(vip, pilot)
    second.tags.add(vip)
    CustomerHistory.objects.create(customer=second, field="tag", valid_from=FEB, value="x|pi%lot")
    run(MARCH, march(31))
    owners = kpis(first=MARCH, end=APRIL, by="owner", keys=["mrr"])["rows"][1:]
    assert [(row["slice"], row["values"]["mrr"]) for row in owners] == [
        ({"owner": "ana@zelo.test"}, "50.00"),
        ({"owner": "none"}, "50.00"),
    ]
    tags = kpis(first=MARCH, end=APRIL, by="tag", keys=["mrr"])["rows"][1:]
    assert {row["slice"]["tag"]: row["values"]["mrr"] for row in tags} == {
        "pi%lot": "100.00",
        "vip": "50.00",
        "none": "0.00",
    }


@pytest.mark.django_db
def test_revenue_is_cut_by_product_with_the_days_of_grace():
    Workspace.objects.update_or_create(pk=1, defaults={"grace_days": 5})
    customer = factories.customer()
    sub(customer, FEB, march(30), 5000, product="Core")
    sub(factories.customer(), FEB, None, 1000, product="Billing")
    run(MARCH, march(31))
    rows = kpis(first=MARCH, end=APRIL, by="product", keys=["mrr", "arr"])["rows"]
    assert [(row["slice"], row["values"]["mrr"]) for row in rows] == [
        (None, "60.00"),
        ({"product": "Billing"}, "10.00"),
        ({"product": "Core"}, "50.00"),
    ]


@pytest.mark.django_db
def test_the_previous_period_stands_beside():
    customers(2)
    customers(1, start=march(3))
    run(JAN, march(31))
    row = kpis(first=MARCH, end=APRIL, keys=["active_customers", "mrr_new"])["rows"][0]
    assert row["values"] == {"active_customers": 3, "mrr_new": "50.00"}
    assert row["previous"] == {"active_customers": 2, "mrr_new": "100.00"}


def test_periods_are_cut_at_the_edges_of_the_span():
    day = dt.date
    assert cut(day(2024, 1, 15), day(2024, 3, 10), "month") == [
        Period(day(2024, 1, 15), day(2024, 2, 1)),
        Period(day(2024, 2, 1), day(2024, 3, 1)),
        Period(day(2024, 3, 1), day(2024, 3, 10)),
    ]
    assert [p.first.isoweekday() for p in cut(day(2024, 1, 3), day(2024, 1, 20), "week")] == [3, 1, 1]
    assert [p.first for p in cut(day(2023, 11, 5), day(2024, 5, 1), "quarter")][1:] == [JAN, APRIL]
    assert [p.first for p in cut(day(2022, 11, 5), day(2024, 5, 1), "year")][1:] == [day(2023, 1, 1), JAN]
    assert len(cut(day(2024, 2, 27), day(2024, 3, 2), "day")) == 4


def test_the_period_before_whole_months_is_as_many_months_else_as_many_days():
    assert Period(MARCH, APRIL).previous() == Period(FEB, MARCH)
    assert Period(JAN, APRIL).previous() == Period(dt.date(2023, 10, 1), JAN)
    assert Period(march(2), march(9)).previous() == Period(dt.date(2024, 2, 24), march(2))


@pytest.mark.django_db
def test_a_period_with_missing_nights_is_empty_and_says_so(capsys):
    customers(1)
    run(FEB, march(31))
    Night.objects.filter(day=march(7)).delete()
    call_command("kpis", "--from", "2024-02-01", "--to", "2024-04-01", "--grain", "month", "--format", "json")
    out, err = capsys.readouterr()
    february, of_march = json.loads(out)["rows"]
    assert february["values"]["mrr"] == "50.00"
    assert "missing_nights" not in february
    assert of_march["missing_nights"] == 1
    assert set(of_march["values"].values()) == {None}
    assert of_march["previous"]["mrr"] == "50.00"
    assert "2024-03-01 to 2024-04-01: no finished night for 1 of the days" in err


@pytest.mark.django_db
def test_days_before_the_first_fact_are_not_missing():
    customers(1, start=march(3))
    run(march(3), march(31))
    rows = kpis(first=FEB, end=APRIL, grain="month", keys=["mrr", "mrr_new"])["rows"]
    assert [row["values"] for row in rows] == [
        {"mrr": "0.00", "mrr_new": "0.00"},
        {"mrr": "50.00", "mrr_new": "50.00"},
    ]


@pytest.mark.django_db
def test_the_days_to_come_are_missing():
    customers(1)
    today = time.today()
    assert kpis(first=today, end=today + D, keys=["mrr"])["rows"][0]["values"] == {"mrr": None}


@pytest.mark.django_db
def test_the_object_is_laid_out_as_the_contract_says(capsys):
    customers(1)
    run(FEB, march(31))
    call_command(
        "kpis",
        "--from",
        "2024-03-01",
        "--to",
        "2024-04-01",
        "--key",
        "mrr",
        "--key",
        "nrr",
        "--format",
        "json",
    )
    assert json.loads(capsys.readouterr().out) == {
        "from": "2024-03-01",
        "to": "2024-04-01",
        "grain": None,
        "currency": "BRL",
        "rows": [
            {
                "from": "2024-03-01",
                "to": "2024-04-01",
                "slice": None,
                "values": {"mrr": "50.00", "nrr": 1.0},
                "counts": {"nrr": {"numerator": "50.00", "denominator": "50.00"}},
                "previous": {"mrr": "50.00", "nrr": None},
            }
        ],
    }


@pytest.mark.django_db
def test_csv_has_a_line_per_row_and_the_table_a_line_per_figure(capsys):
    customers(1)
    run(FEB, march(31))
    asked = ("--from", "2024-02-01", "--to", "2024-04-01", "--grain", "month", "--by", "stage")
    call_command("kpis", *asked, "--format", "csv", "--key", "mrr", "--key", "grr")
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert lines[0] == {"from": "2024-02-01", "to": "2024-03-01", "slice": "", "mrr": "50.00", "grr": ""}
    assert lines[5] == {"from": "2024-03-01", "to": "2024-04-01", "slice": "", "mrr": "50.00", "grr": "1.0"}
    assert [line["slice"] for line in lines[:5]] == [
        "",
        "stage=onboarding",
        "stage=ongoing",
        "stage=support",
        "stage=none",
    ]
    call_command("kpis", *asked, "--format", "table", "--key", "mrr", "--key", "grr")
    table = capsys.readouterr().out
    assert "grr" in table
    assert "100.0 %" in table
    assert "—" in table


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--key", "mmr"], "There is no figure mmr"),
        (["--to", "2024-03-01"], "The span is empty"),
        (["--segment", "tiny"], "There is no segment tiny"),
        (["--by", "product", "--key", "nrr"], "can be cut by product"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_2(wrong, said):
    with pytest.raises(CommandError, match=said) as refused:
        call_command("kpis", "--from", "2024-03-01", "--to", "2024-04-01", *wrong)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("asked", [{"grain": "hour"}, {"by": "colour"}])
def test_the_service_refuses_what_the_command_line_would(asked):
    with pytest.raises(BadRequest):
        kpis(first=MARCH, end=APRIL, **asked)
