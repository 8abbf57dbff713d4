"""Random companies over eight months: every revenue figure as the pages tell it, against the oracle, to the cent."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User, Workspace
from core import time
from core.models import WorkState
from customers.models import AcquisitionCost, Contract, Customer, CustomerHistory, Payment, Subscription
from metrics.book import ALL_IDS
from metrics.cohorts import cohorts
from metrics.daily import measure
from metrics.kpis import kpis
from metrics.models import CustomerDay, Night
from metrics.periods import Period, add_months, cut
from metrics.registry import FIGURES, Unit
from tests import factories
from tests.properties.oracle import DAY, Row, Story
from tests.properties.oracle_figures import Company, Life, Renewed, Term, cohort, figures, renewals

pytestmark = pytest.mark.django_db

BEGIN, END = dt.date(2023, 8, 25), dt.date(2024, 4, 12)
LAST = END - DAY
NIGHTS = time.days(BEGIN - DAY, END)  # an empty span may stand before the first row
MONTHS = [add_months(dt.date(2023, 9, 1), n) for n in range(8)]
OWNERS = ("ana@zelo.test", "rui@zelo.test")
PARTS = {
    "segment": ("volume", "mid", "high_value"),
    "stage": ("onboarding", "ongoing", "support"),
    "owner": OWNERS,
}
RENEWALS = {"renewal_rate", "renewal_rate_value"}

# Days on which things go wrong: the ends of months, the leap day, the first night; and any other.
EDGES = [day for month in MONTHS for day in (month - DAY, month, month + DAY)] + [dt.date(2024, 2, 29)]
edges = st.sampled_from([day for day in EDGES if BEGIN < day <= LAST])
days = st.one_of(edges, st.integers(0, (END - BEGIN).days - 1).map(lambda n: BEGIN + n * DAY))

spell = st.tuples(
    st.sampled_from([0, 0, 0, 0, 1, 2, 9]),  # days of pause before it
    st.one_of(st.sampled_from([1, 28, 29, 30, 31]), st.integers(1, 120)),
    st.sampled_from([0, 1, 5000, 5000, 7501, 10_000]),
    st.sampled_from(["Core", "Billing"]),
)
subscriptions = st.tuples(days, st.lists(spell, min_size=1, max_size=4), st.booleans(), st.booleans())
contracts = st.tuples(
    days,  # due
    st.sampled_from([29, 90, 181, 365, 400]),  # term
    st.sampled_from([None, 0, 60_001, 1_200_000]),
    st.sampled_from([None, None, -70, 0]),  # signed, in days from the start
    st.sampled_from([None, None, 0, 1]),  # names which
)
payments = st.tuples(days, st.sampled_from([-5000, 1, 5000, 33_333]))


def histories(by: str) -> st.SearchStrategy[list[tuple[dt.date, str]]]:
    return st.dictionaries(days, st.sampled_from(["", *PARTS[by]]), max_size=2).map(
        lambda d: sorted(d.items())
    )


told_lives = st.tuples(
    st.lists(subscriptions, max_size=3),
    st.lists(contracts, max_size=3),
    st.lists(payments, max_size=4),
    st.fixed_dictionaries({by: histories(by) for by in PARTS}),
)
worlds = st.tuples(
    st.lists(told_lives, min_size=1, max_size=6),
    st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 99_999), max_size=8),
    st.sampled_from([Decimal(100), Decimal("80.00"), Decimal("33.33")]),
    st.sampled_from([0, 0, 0, 1, 5]),
)


def rows_of(told: list[tuple]) -> list[Row]:
    """Each subscription is a chain of rows, with or without a pause; some begin with an empty span, some stay open."""
    rows = []
    for n, (start, spells, is_open, with_empty) in enumerate(told):
        if with_empty:
            rows.append(Row(start - DAY, start - DAY, 9999, "Core", f"s{n}"))
        begin = start
        for place, (pause, length, cents, product) in enumerate(spells):
            begin += pause * DAY if place else 0 * DAY
            stays = is_open and place == len(spells) - 1
            rows.append(Row(begin, None if stays else begin + length * DAY, cents, product, f"s{n}"))
            begin += length * DAY
    return rows


def life_of(number: int, told: tuple, grace: int) -> Life:
    rows = rows_of(told[0])
    terms = []
    for n, (due, length, cents, signed, names) in enumerate(told[1]):
        start = due - length * DAY
        terms.append(
            Term(
                f"k{number}-{n}",
                start,
                due,
                cents,
                None if signed is None else start + signed * DAY,
                "" if names is None else f"k{number}-{names}",
            )
        )
    first = [BEGIN + DAY, *(row.start for row in rows), *(day for day, _ in told[2])]
    return Life(Story(rows), min(first) if number % 2 else BEGIN, grace, terms, told[2], told[3])


def empty_daily_rows() -> None:
    """Take all daily rows away; on PostgreSQL so that a long transaction does not drag the dead ones along."""
    if connection.vendor != "postgresql":
        CustomerDay.objects.all().delete()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {CustomerDay._meta.db_table} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def record(company: Company, margin: Decimal, grace: int) -> None:
    """Put a company into an otherwise empty database and compute its daily rows; the nights themselves stay done."""
    empty_daily_rows()
    for table in (AcquisitionCost, CustomerHistory, Subscription, Contract, Payment, Customer):
        table.objects.all().delete()
    Workspace.objects.update_or_create(pk=1, defaults={"grace_days": grace, "gross_margin": margin})
    owners = {
        email: User.objects.filter(email=email).first() or factories.user(email=email) for email in OWNERS
    }
    for month, cents in company.costs.items():
        AcquisitionCost.objects.create(month=month, category="sales", amount_cents=cents)
    for life in company.lives:
        customer = factories.customer(started_on=life.started)
        Subscription.objects.bulk_create(
            Subscription(
                customer=customer,
                external_id=f"{customer.pk}-{row.subscription}",
                starts_on=row.start,
                ends_on=row.end,
                mrr_cents=row.cents,
                product=row.product,
            )
            for row in life.story.rows
        )
        Contract.objects.bulk_create(
            Contract(
                customer=customer,
                external_id=term.name,
                starts_on=term.start,
                ends_on=term.end,
                value_cents=term.cents,
                signed_on=term.signed,
                renews_external_id=term.renews,
            )
            for term in life.terms
        )
        Payment.objects.bulk_create(
            Payment(customer=customer, external_id=f"{customer.pk}-p{n}", paid_on=day, amount_cents=cents)
            for n, (day, cents) in enumerate(life.payments)
        )
        CustomerHistory.objects.bulk_create(
            CustomerHistory(
                customer=customer,
                field=by,
                valid_from=since,
                value=value,
                owner=owners.get(value) if by == "owner" else None,
            )
            for by, told in life.histories.items()
            for since, value in told
        )
    measure(NIGHTS, ALL_IDS)


@pytest.fixture
def nights(db) -> None:
    """Every night of the months is done."""
    Night.objects.bulk_create(Night(day=day, state=WorkState.DONE, finished_at=time.now()) for day in NIGHTS)


def plain(key: str, value: Any) -> Any:
    """A value as the outside gets it: money rounded half to even to cents, a rate as it is."""
    if value is None:
        return None
    unit = FIGURES[key].unit
    if unit is Unit.MONEY:
        return f"{Decimal(round(value)) / 100:.2f}"
    return int(value) if unit is Unit.COUNT else float(value)


def check_renewals(row: dict[str, Any], expected: Renewed) -> None:
    """By count exactly; by value to the cent, as the terms' monthly values are fractions of one."""
    values, intervals = row["values"], row.get("intervals", {})
    counts = row["counts"].get("renewal_rate", {"numerator": 0, "denominator": 0})
    assert (counts["numerator"], counts["denominator"]) == (expected.renewed, expected.due)
    for key, kept, due, is_open in (
        ("renewal_rate", Fraction(expected.renewed), Fraction(expected.due), Fraction(expected.undecided)),
        ("renewal_rate_value", expected.value_kept, expected.value_due, expected.value_open),
    ):
        if not due:
            assert values[key] is None
            continue
        assert values[key] == pytest.approx(float(kept / due), abs=1e-9)
        assert (key in row.get("provisional", ())) == (is_open > 0)
        if is_open:
            assert intervals[key] == pytest.approx(
                [float(kept / due), float((kept + is_open) / due)], abs=1e-9
            )
    if expected.value_due:
        money = row["counts"]["renewal_rate_value"]
        assert abs(Decimal(money["numerator"]) * 100 - round(expected.value_kept)) <= 1
        assert abs(Decimal(money["denominator"]) * 100 - round(expected.value_due)) <= 1


def check_row(
    company: Company, period: Period, row: dict[str, Any], by: str | None, part: str | None
) -> None:
    expected = figures(company, period.first, period.end, by, part)
    told = {key: value for key, value in row["values"].items() if key not in RENEWALS}
    assert told == {key: plain(key, expected[key]) for key in told}, (period, by, part)
    check_renewals(row, renewals(company, period.first, period.end, by, part))


def check_cohorts(company: Company) -> None:
    months = [month for month in MONTHS if add_months(month, 1) <= END]
    ends = [add_months(month, 1) - DAY for month in months]
    told = cohorts(first=months[0], end=END)["cohorts"]
    assert [one["month"] for one in told] == [f"{month:%Y-%m}" for month in months]
    for n, one in enumerate(told):
        active, paid = cohort(company, months[n], ends[n:])
        assert (one["started"], one["customers"]) == (active[0], active)
        assert one["mrr"] == [f"{Decimal(cents) / 100:.2f}" for cents in paid]
        assert one["customer_shares"] == [
            float(Fraction(count, active[0])) if active[0] else None for count in active
        ]
        assert one["mrr_shares"] == [float(Fraction(cents, paid[0])) if paid[0] else None for cents in paid]


def check(world: tuple, span: tuple[dt.date, dt.date], grain: str | None) -> None:
    told, costs, margin, grace = world
    lives = [life_of(n, one, grace) for n, one in enumerate(told)]
    company = Company(lives, Fraction(margin) / 100, costs, LAST)
    record(company, margin, grace)
    first, end = min(span), max(span) + DAY
    keys = [*figures(company, first, end), *RENEWALS]
    for by in (None, *PARTS):
        asked = [key for key in keys if by is None or by in FIGURES[key].cuts]
        rows = kpis(first=first, end=end, grain=grain, keys=asked, by=by)["rows"]
        assert set(rows[0]["values"]) == set(asked)
        for period in cut(first, end, grain):
            of_period = [row for row in rows if row["from"] == period.first.isoformat()]
            for row in of_period:
                check_row(
                    company, period, row, by if row["slice"] else None, row["slice"] and row["slice"][by]
                )
            if by:
                add_up(of_period)
    check_cohorts(company)


def add_up(rows: list[dict[str, Any]]) -> None:
    """The parts of a slice add up to the whole, which comes first; "none" is one of them."""
    whole, parts = rows[0], rows[1:]
    assert any("none" in row["slice"].values() for row in parts)
    for key, value in whole["values"].items():
        if key.startswith("mrr") or key in ("arr", "active_customers"):
            told = [row["values"][key] for row in parts]
            assert sum(Decimal(one) for one in told) == Decimal(value), key
        for side in ("numerator", "denominator"):
            if key in whole["counts"] and key != "renewal_rate_value" and not key.startswith("net_customer"):
                counted = [row["counts"][key][side] for row in parts if key in row["counts"]]
                assert sum(Decimal(one or 0) for one in counted) == Decimal(
                    whole["counts"][key][side] or 0
                ), key


spans = st.one_of(
    st.tuples(days, days),
    st.tuples(st.integers(0, 6), st.integers(1, 7)).map(  # whole months
        lambda n: (MONTHS[min(n[0], n[1] - 1)], MONTHS[n[1]] - DAY)
    ),
)
grains = st.sampled_from([None, None, "month", "quarter"])
no_checks = list(HealthCheck)


@settings(
    max_examples=12, deadline=None, suppress_health_check=no_checks, derandomize=True, phases=[Phase.generate]
)
@given(worlds, spans, grains)
def test_every_revenue_figure_agrees_with_the_oracle(nights, world, span, grain):
    check(world, span, grain)


@pytest.mark.long
@pytest.mark.parametrize("quarter", range(4))
@settings(max_examples=250, deadline=None, suppress_health_check=no_checks)
@given(world=worlds, span=spans, grain=grains)
def test_every_revenue_figure_of_a_thousand_companies_agrees_with_the_oracle(
    nights, quarter, world, span, grain
):
    check(world, span, grain)
