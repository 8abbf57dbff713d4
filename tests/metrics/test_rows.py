"""The rows behind every figure add up to the figure: over the demo's kind of facts, as a whole and part by part."""

import datetime as dt
from fractions import Fraction

import pytest

from customers.models import AcquisitionCost, Customer, Milestone, Tag
from customers.services.working import working_hours_update
from customers.working import Working
from metrics.counting import COUNTINGS, MADE_OF
from metrics.families import FAMILIES
from metrics.kpis import CUTS
from metrics.models import ActivationCriteria, ActivationItem, FirstValueSign
from metrics.periods import Period
from metrics.registry import FIGURES, Unit
from metrics.rows import rows_of
from metrics.slices import NONE, Only
from tests import factories
from tests.nights import run

pytestmark = pytest.mark.django_db

MARCH = Period(dt.date(2024, 3, 1), dt.date(2024, 4, 1))
PARTS = {
    "segment": ("mid", "volume", NONE),
    "stage": ("ongoing", "onboarding"),
    "owner": ("owner", NONE),
    "tag": ("VIP", NONE),
    "product": ("Core", "Plus"),
    "member": ("ana@firma.com", NONE),
    "driver": ("new_product", "plan", "seats", "price"),
}
NIGHT = dt.date(2024, 4, 20)  # the grace of renewals due in the middle of March is over


def at(day: str, hour: int = 12) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2024-{day}T{hour:02d}:00:00+00:00")


@pytest.fixture
def book(admin):
    """Six customers of which each does something else in March, with tickets, answers, contracts and payments."""
    working_hours_update(actor=admin, new=Working(is_set=True))
    made: dict[str, Customer] = {}
    spans: dict[str, list[tuple[str, str | None, int]]] = {
        "stays": [("2023-06-01", None, 10_000)],
        "grows": [("2023-06-01", "2024-03-10", 20_000), ("2024-03-10", None, 26_000)],
        "shrinks": [("2023-06-01", "2024-03-12", 30_000), ("2024-03-12", None, 25_000)],
        "leaves": [("2023-06-01", "2024-03-20", 7_000)],
        "joins": [("2024-03-05", None, 9_000)],
        "returns": [("2023-01-01", "2023-09-01", 4_000), ("2024-03-25", None, 5_000)],
    }
    owner = factories.user()
    vip = Tag.objects.create(name="VIP")
    for n, (name, rows) in enumerate(spans.items()):
        customer = factories.customer(
            name=name,
            segment=["mid", "volume", ""][n % 3],
            stage=["ongoing", "onboarding"][n % 2],
            owner=owner if n % 2 else None,
            started_on=dt.date.fromisoformat(rows[0][0]),
        )
        for start, end, cents in rows:
            factories.subscription(
                customer,
                external_id=f"{name}-{start}",
                starts_on=dt.date.fromisoformat(start),
                ends_on=dt.date.fromisoformat(end) if end else None,
                mrr_cents=cents,
                product=["Core", "Plus"][n % 2],
            )
        made[name] = customer
        if n % 2:
            customer.tags.add(vip)
        factories.payment(customer, paid_on=dt.date(2024, 2, 10), amount_cents=1_000 * (n - 1))
        for score in range(n):
            factories.response(customer, score=10 - 2 * score, answered_at=at("03-08"))
        factories.response(customer, survey="csat", score=1 + n % 5, answered_at=at("03-09"))
        factories.response(customer, survey="ces", score=1 + n, answered_at=at("03-10"))
        factories.response(customer, score=0, answered_at=at("03-11"), held=True)
        factories.ticket(
            customer,
            opened_at=at("03-04"),
            first_response_at=at("03-04", 13 + n) if n else None,
            solved_at=at("03-06") if n else None,
            team_replies=1 + n % 2,
            reopens=n % 3,
            assignee_email="Ana@firma.com" if n % 2 else "",
        )
        factories.contract(
            customer,
            starts_on=dt.date(2023, 3, 15),
            ends_on=dt.date(2024, 3, 15),
            value_cents=120_000 + n * 7,
        )
        if n % 2:
            factories.contract(
                customer, starts_on=dt.date(2024, 3, 15), ends_on=dt.date(2025, 3, 15), value_cents=110_000
            )
        if n == 4:
            Milestone.objects.create(customer=customer, milestone="first", reached_on=dt.date(2024, 3, 9))
    factories.subscription(made["stays"], starts_on=dt.date(2024, 3, 22), mrr_cents=1_500, product="Billing")
    FirstValueSign.objects.create(kind="milestone", name="first")
    criteria = ActivationCriteria.objects.create(segment="", version=1, published_by=owner)
    ActivationItem.objects.create(
        criteria=criteria, position=1, kind="milestone", name="first", times=1, within_days=30
    )
    AcquisitionCost.objects.create(month=MARCH.first, category="sales", amount_cents=5_000)
    run(dt.date(2024, 2, 28), NIGHT)
    return made


def sums(key: str, by: str | None = None, part: str | None = None, **only):
    found = rows_of(FIGURES[key], MARCH, only=Only(**only), as_of=NIGHT, by=by, part=part)
    assert sum(row.numerator for row in found.rows) == found.numerator
    assert len(found.rows) == found.count
    return found


def told(key: str, by: str | None = None, part: str | None = None, **only):
    """Return a figure's result of March itself, without its usual window."""
    figure = FIGURES[key]
    family = FAMILIES[figure.family]
    read = family.read([MARCH], by, Only(**only), NIGHT)
    return figure.compute(read.get((MARCH, part)) or family.empty())


def agrees(key: str, result, found) -> None:
    counting = COUNTINGS[key]
    if result.denominator is not None and counting.denominator:
        assert round(Fraction(found.denominator)) == result.denominator, key
    if result.numerator is not None and counting.numerator:
        assert abs(Fraction(found.numerator) - Fraction(result.numerator)) < 1, key
    if result.denominator is None and FIGURES[key].unit in (Unit.MONEY, Unit.COUNT):
        assert found.numerator == result.value, key


def test_every_figure_is_counted_from_rows_or_made_of_others():
    assert set(COUNTINGS).isdisjoint(MADE_OF)
    assert {key for parts in MADE_OF.values() for key in parts} <= set(FIGURES)
    assert set(COUNTINGS) | set(MADE_OF) <= set(FIGURES)


def test_the_rows_of_a_figure_add_up_to_it(book):
    for key in COUNTINGS:
        found = sums(key)
        agrees(key, told(key), found)
        assert found.count, f"there is nothing to prove of {key}"


def test_the_rows_of_a_part_add_up_to_the_part(book):
    for by in CUTS:
        for key in (key for key in COUNTINGS if by in FIGURES[key].cuts):
            for name in PARTS[by]:
                part = book["grows"].owner.email if name == "owner" else name
                agrees(key, told(key, by, part), sums(key, by, part))


def test_rows_keep_to_a_slice_as_the_figure_does(book):
    owner = book["grows"].owner_id
    for only in ({"segment": "mid"}, {"stage": "ongoing"}, {"owner": owner}, {"owner": 0}, {"segment": NONE}):
        for key in ("mrr", "nrr", "renewal_rate", "nps", "fcr"):
            agrees(key, told(key, **only), sums(key, **only))


def test_the_rows_say_who_is_counted_and_who_is_not(book):
    churn = FIGURES["customer_churn_rate"]
    lost = rows_of(churn, MARCH, only=Only(), as_of=NIGHT, side="numerator")
    assert [row.customer_id for row in lost.rows] == [book["leaves"].pk]
    rest = rows_of(churn, MARCH, only=Only(), as_of=NIGHT, side="rest")
    assert {row.customer_id for row in rest.rows} == {book[name].pk for name in ("stays", "grows", "shrinks")}


def test_rows_come_page_by_page_and_a_page_too_far_is_the_first(book):
    mrr = FIGURES["mrr"]
    pages = [
        rows_of(mrr, MARCH, only=Only(), as_of=NIGHT, limit=2, offset=offset).rows for offset in (0, 2, 4)
    ]
    together = [row.customer_id for page in pages for row in page]
    whole = rows_of(mrr, MARCH, only=Only(), as_of=NIGHT)
    assert together == [row.customer_id for row in whole.rows]
    assert whole.count == 5
    assert rows_of(mrr, MARCH, only=Only(), as_of=NIGHT, limit=2, offset=50).rows == pages[0]


def test_a_ticket_an_answer_and_a_renewal_say_what_they_are(book):
    renewals = rows_of(FIGURES["renewal_rate"], MARCH, only=Only(), as_of=NIGHT)
    assert {row.what for row in renewals.rows} <= {"renewed", "lost", "undecided"}
    answers = rows_of(FIGURES["csat"], MARCH, only=Only(), as_of=NIGHT)
    assert {row.what for row in answers.rows} == {"1", "2", "3", "4", "5"}
    tickets = rows_of(FIGURES["resolution_time"], MARCH, only=Only(), as_of=NIGHT)
    assert all(row.at and row.what for row in tickets.rows)
