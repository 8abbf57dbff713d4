"""What is a sudden change: the rule by itself, and on the nights of a company."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Workspace
from config import pipeline
from core.models import Event
from metrics import figure_days
from metrics.models import BoardFigure, FigureDay, Night, SliceDay, SuddenChange
from metrics.registry import FIGURES
from metrics.services.board import SUGGESTED, board_add
from metrics.sudden import BEYOND, LEAST_HISTORY, Worth, WorthOf, deviation, sudden
from metrics.worth import worth
from tests import factories
from tests.nights import D, run

ENOUGH = Worth(WorthOf.CUSTOMERS, 5.0)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
HISTORY = st.lists(NUMBERS, min_size=LEAST_HISTORY, max_size=120)


def test_the_deviation_is_the_median_of_the_distances_from_the_median():
    assert deviation([1, 2, 3, 4, 100]) == (3, 1.4826 * 1)


@given(HISTORY, NUMBERS)
def test_a_change_is_sudden_only_beyond_three_deviations(history, change):
    centre, usual = deviation(history)
    found = sudden(change, history, margin=None, worth=ENOUGH)
    assert (found is not None) == (usual > 0 and abs(change - centre) / usual > BEYOND)


@given(HISTORY, NUMBERS, st.floats(0, 1e6))
def test_a_change_within_its_margin_of_error_is_never_sudden(history, change, margin):
    if abs(change) <= margin:
        assert sudden(change, history, margin=margin, worth=ENOUGH) is None


@given(st.lists(NUMBERS, max_size=LEAST_HISTORY - 1), NUMBERS)
def test_without_sixty_changes_of_its_own_nothing_is_sudden(history, change):
    assert sudden(change, history, margin=None, worth=ENOUGH) is None


@given(NUMBERS, NUMBERS)
def test_what_never_moved_has_nothing_to_be_sudden_against(usual, change):
    assert sudden(change, [usual] * 90, margin=None, worth=ENOUGH) is None


@given(HISTORY, NUMBERS, st.floats(0.1, 1000).map(lambda x: round(x, 3)))
def test_the_unit_does_not_matter(history, change, factor):
    one = sudden(change, history, margin=None, worth=ENOUGH)
    other = sudden(change * factor, [each * factor for each in history], margin=None, worth=ENOUGH)
    if one is not None and one.beyond > BEYOND * 1.0001:
        assert other is not None
        assert other.beyond == pytest.approx(one.beyond)


@given(HISTORY, NUMBERS, st.lists(st.floats(1e7, 1e9), min_size=1, max_size=20))
def test_a_few_wild_days_do_not_hide_a_change(history, change, wild):
    """The median does not follow outliers: fewer than half of them move it to a value that was there."""
    centre, _ = deviation([*history, *wild])
    assert min(history) <= centre <= max([*history])


@pytest.mark.parametrize(("amount", "enough"), [(0.0099, False), (0.01, True)])
def test_a_hundredth_of_the_mrr_is_enough(amount, enough):
    assert Worth(WorthOf.MRR, amount).enough is enough


@pytest.mark.parametrize(
    ("key", "change", "basis", "expected"),
    [
        ("mrr", -20_000.0, None, Worth(WorthOf.MRR, 0.02)),
        ("arr", -240_000.0, None, Worth(WorthOf.MRR, 0.02)),
        ("arpa", 100.0, 200.0, Worth(WorthOf.MRR, 0.02)),
        ("active_customers", -6.0, None, Worth(WorthOf.CUSTOMERS, 6.0)),
        ("customer_churn_rate", 0.05, 100.0, Worth(WorthOf.CUSTOMERS, 5.0)),
        ("nrr", -0.05, 800_000.0, Worth(WorthOf.MRR, 0.04)),
        ("nps", -20.0, 40.0, Worth(WorthOf.CUSTOMERS, 40.0)),
        ("first_response_time", 3.0, 12.0, Worth(WorthOf.CUSTOMERS, 12.0)),
        ("nrr", -0.05, None, None),
    ],
)
def test_what_a_change_is_worth(key, change, basis, expected):
    found = worth(FIGURES[key], change, basis, 1_000_000.0)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.of == expected.of
        assert found.amount == pytest.approx(expected.amount)


def test_without_any_mrr_money_is_worth_nothing_that_can_be_said():
    assert worth(FIGURES["mrr"], 5.0, None, 0.0) is None


FIRST = dt.date(2024, 1, 1)
JUMP = dt.date(2024, 3, 30)


@pytest.fixture
def company(db, analyst):
    """MRR that breathes a little every few days, until a large customer goes on 30 March."""
    large = factories.customer(started_on=FIRST)
    factories.subscription(large, starts_on=FIRST, ends_on=JUMP, mrr_cents=60_000)
    rest = factories.customer(started_on=FIRST)
    for n in range(0, 100, 4):
        factories.subscription(
            rest,
            starts_on=FIRST + n * D,
            ends_on=FIRST + (n + 4) * D,
            mrr_cents=100_000 + n * n * 37 % 900,
        )
    run(FIRST, JUMP - D)
    pipeline.finish(["telling"])
    return analyst


def marked() -> dict[str, dt.date]:
    return dict(SuddenChange.objects.values_list("key", "day"))


def test_the_figures_of_every_board_are_written_down_each_night(company):
    assert set(FigureDay.objects.values_list("key", flat=True)) == set(SUGGESTED)
    assert FigureDay.objects.filter(key="mrr").count() == 70
    row = FigureDay.objects.get(key="mrr", day=JUMP - D)
    assert row.value == SliceDay.objects.get(day=JUMP - D, cut="").closing
    assert row.before == SliceDay.objects.get(day=JUMP - 8 * D, cut="").closing
    assert marked() == {}
    assert not figure_days.due()


def test_a_figure_that_comes_onto_a_board_gets_its_days(company):
    board_add(actor=company, key="ticket_backlog")
    assert figure_days.due()
    pipeline.finish(["telling"])
    assert FigureDay.objects.filter(key="ticket_backlog").count() == 70


def test_a_sudden_change_is_marked_once_and_told(company):
    run(JUMP)
    pipeline.finish(["telling"])
    found = marked()
    assert "mrr" in found
    assert len(found) <= 3
    change = SuddenChange.objects.get(key="mrr")
    assert (change.day, change.worth_of) == (JUMP, "mrr")
    assert change.worth > 0.3
    told = Event.objects.filter(kind="figure.sudden_change")
    assert {event.payload["key"] for event in told} == set(found)
    assert told.get(payload__key="mrr").payload["better"] is False
    run(JUMP + D)
    pipeline.finish(["telling"])
    assert SuddenChange.objects.filter(key="mrr").count() == 1, (
        "the same change is not told every day of the week"
    )


def test_it_is_marked_on_the_board_and_on_the_figures_page(company, login):
    run(JUMP)
    pipeline.finish(["telling"])
    client = login(company)
    assert "sudden change, 30 Mar" in client.get("/metrics/").content.decode()
    page = client.get("/metrics/mrr/").content.decode()
    assert "Sudden change, 30 Mar 2024." in page
    assert "of the MRR" in page
    assert "Sudden change" not in client.get("/metrics/mrr_new/").content.decode()
    Workspace.objects.update(restrict_visibility=True)
    assert "udden change" not in client.get("/metrics/").content.decode(), "it is told of all customers"


def test_a_figure_on_nobodys_board_is_not_looked_at(company):
    BoardFigure.objects.all().delete()
    for user in type(company).objects.all():
        BoardFigure.objects.create(user=user, key="active_customers", position=0)
    run(JUMP)
    pipeline.finish(["telling"])
    assert set(marked()) <= {"active_customers"}


def test_a_change_that_only_became_known_late_is_none(company):
    """The week before is told anew with what is known now, so a late fact lifts both."""
    late = factories.customer(started_on=FIRST)
    factories.subscription(late, starts_on=FIRST, mrr_cents=500_000)
    run(FIRST, JUMP - 2 * D)
    factories.subscription(
        factories.customer(started_on=JUMP), starts_on=JUMP, mrr_cents=60_000
    )  # for the one that goes
    run(JUMP - D, JUMP)
    pipeline.finish(["stale days", "telling"])
    assert "mrr" not in marked()


def test_the_night_is_told_in_the_same_number_of_statements_for_more_customers(
    company, django_assert_max_num_queries
):
    for _ in range(20):
        factories.customer(started_on=FIRST)
    run(JUMP)
    pipeline.WORK["telling"].do()
    last = Night.objects.order_by("-finished_at").first()
    assert last is not None
    Night.objects.update(checked_at=last.finished_at)
    with django_assert_max_num_queries(45):
        figure_days.tell_figures()


@pytest.mark.parametrize("deviation_", [0, 1])
def test_the_database_refuses_a_change_without_a_deviation_and_a_second_one(company, deviation_):
    values = {"key": "mrr", "value": 1, "before": 2, "centre": 0, "worth": 1, "worth_of": "mrr", "day": JUMP}
    SuddenChange.objects.create(**values, deviation=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuddenChange.objects.create(**(values | {"day": JUMP + (1 - deviation_) * D}), deviation=deviation_)
