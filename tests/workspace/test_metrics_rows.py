"""The rows behind a figure on a page and as CSV, and the parts of the board that can fail alone."""

import csv
import io

import pytest
from django.core.cache import cache

from accounts.models import Workspace
from core import time
from metrics import voice
from metrics.families import FAMILIES, Family
from metrics.registry import FIGURES
from tests import factories
from tests.queries import queries_of
from tests.workspace.metrics_data import DAY, finish_nights, first_of_month, pays

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def company(analyst):
    begin = first_of_month(14)
    finish_nights(begin)
    month = first_of_month(1)
    stays = factories.customer(name="Stays", segment="mid", stage="ongoing", owner=analyst, started_on=begin)
    leaves = factories.customer(name="=Leaves", segment="volume", stage="onboarding", started_on=begin)
    pays(stays, (begin, 100_000))
    pays(leaves, (begin, 50_000), (month + 14 * DAY, 0))
    return stays, leaves


def test_a_figures_rows_name_the_customers_and_add_up(company, analyst, login):
    client = login(analyst)
    page = client.get("/metrics/customer_churn_rate/rows/").context["page"]
    assert [(line.name, line.above, line.below) for line in page.lines] == [
        ("=Leaves", "1", "1"),
        ("Stays", "0", "1"),
    ]
    assert page.sums == ("1", "2")
    lost = client.get("/metrics/customer_churn_rate/rows/?side=numerator").context["page"]
    assert [line.name for line in lost.lines] == ["=Leaves"]
    part = client.get("/metrics/customer_churn_rate/rows/?by=segment&part=mid").context["page"]
    assert [line.name for line in part.lines] == ["Stays"]


def test_every_number_of_a_figure_leads_to_its_rows(company, analyst, login):
    client = login(analyst)
    figure = client.get("/metrics/customer_churn_rate/?by=stage").context["page"]
    assert "/metrics/customer_churn_rate/rows/" in figure.rows_url
    parts = {part.key: part.rows_url for part in figure.parts}
    assert client.get(parts["onboarding"]).context["page"].rows.count == 1


def test_a_figure_made_of_others_leads_to_them(company, analyst, login):
    page = login(analyst).get("/metrics/ltv_cac/rows/")
    assert page.status_code == 200
    assert "/metrics/cac/rows/" in page.content.decode()
    assert login(analyst).get("/metrics/ltv_cac/rows/export.csv").status_code == 302


def test_every_figure_has_a_page_of_rows(company, analyst, login):
    client = login(analyst)
    for key in FIGURES:
        assert client.get(f"/metrics/{key}/rows/?stage=ongoing&page=3").status_code == 200, key
    assert client.get("/metrics/happiness/rows/").status_code == 404


def test_the_rows_come_as_a_harmless_csv(company, analyst, viewer, login):
    response = login(analyst).get("/metrics/mrr/rows/export.csv?at=" + first_of_month(2).isoformat())
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(row["customer"], row["numerator"]) for row in rows] == [
        ("Stays", "1000.00"),
        ("'=Leaves", "500.00"),
    ]
    assert login(viewer).get("/metrics/mrr/rows/export.csv").status_code == 403


def test_where_seeing_is_restricted_rows_are_of_own_customers(company, analyst, login):
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    client = login(analyst)
    assert [line.name for line in client.get("/metrics/customer_churn_rate/rows/").context["page"].lines] == [
        "Stays"
    ]
    assert "Leaves" not in client.get("/metrics/customer_churn_rate/rows/export.csv").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(company, analyst, login):
    client = login(analyst)
    client.get("/metrics/mrr/rows/")
    few = queries_of(client, "/metrics/mrr/rows/")
    for _ in range(30):
        pays(factories.customer(started_on=first_of_month(3)), (first_of_month(3), 1_000))
    assert queries_of(client, "/metrics/mrr/rows/") == few


def test_stage_and_owner_narrow_the_board_and_the_figure(company, analyst, login):
    client = login(analyst)

    def mrr(query: str) -> str:
        page = client.get(f"/metrics/?at={first_of_month(2)}&{query}").context["page"]
        value: str = next(card.value for card in page.cards if card.figure.key == "mrr")
        return value

    assert mrr("stage=onboarding") == "R$\xa0500"
    assert mrr(f"owner={analyst.pk}") == "R$\xa01,000"
    assert mrr("owner=0") == "R$\xa0500"
    assert mrr("stage=ongoing&owner=0") == "R$\xa00"
    assert mrr("stage=nonsense&owner=x") == "R$\xa01,500"
    assert client.get(f"/metrics/cac/?owner={analyst.pk}").context["page"].span.owner is None


def test_a_day_and_a_week_can_be_looked_at_and_the_year_before_is_beside(company, analyst, login):
    client = login(analyst)
    day = client.get("/metrics/mrr/?grain=day").context["page"]
    assert day.span.period.days == 1
    assert (day.span.period.first - day.year_before.first).days == 364
    week = client.get("/metrics/mrr/?grain=week").context["page"]
    assert (week.span.period.first.weekday(), week.span.period.days) == (0, 7)
    month = client.get("/metrics/mrr/").context["page"]
    assert month.last_year[1] == "R$\xa01,500"
    assert "33.3%" in str(month.last_year[2])


def test_cohorts_stand_as_a_table_by_customers_and_by_revenue(company, analyst, login):
    for back, steps in ((5, [(0, 10_000)]), (5, [(0, 30_000), (40, 0)]), (3, [(0, 20_000), (35, 10_000)])):
        start = first_of_month(back)
        customer = factories.customer(started_on=start)
        factories.subscription(customer, starts_on=start, mrr_cents=steps[0][1])
        pays(customer, *((start + day * DAY, cents) for day, cents in steps))
    client = login(analyst)
    by_customers = client.get("/metrics/").context["page"].cohorts.value
    rows = {row.started: [cell.text for cell in row.cells] for row in by_customers.rows if row.cells}
    assert rows["2"][:3] == ["100", "50", "50"]
    assert rows["1"][:2] == ["100", "100"]
    assert "month 1" in by_customers.says
    by_revenue = client.get("/metrics/?cohorts=revenue").context["page"].cohorts.value
    rows = {row.started: [cell.text for cell in row.cells] for row in by_revenue.rows if row.cells}
    assert rows["2"][:2] == ["100", "25"]
    assert rows["1"][:2] == ["100", "50"]


def test_satisfaction_shows_the_answers_their_margin_and_whether_it_moved(company, analyst, login):
    for score in [10] * 6 + [8] * 3 + [2]:
        factories.response(company[0], score=score, answered_at=time.day_start(first_of_month(1) + 3 * DAY))
    card = login(analyst).get("/metrics/").context["page"].satisfaction.value
    assert (card.value, card.answers, card.note) == ("50", 10, "few answers")
    assert card.chart.data["values"] == [0, 0, 1, 0, 0, 0, 0, 0, 3, 0, 6]
    assert [(share.answers, share.percent) for share in card.shares] == [
        (1, "10.0%"),
        (3, "30.0%"),
        (6, "60.0%"),
    ]
    assert "more answers would bring the margin" in card.says
    csat = login(analyst).get("/metrics/?survey=csat").context["page"].satisfaction.value
    assert (csat.survey, csat.answers) == ("csat", 0)


def test_a_part_that_breaks_leaves_the_rest_of_the_board_alone(company, analyst, login, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("no")

    monkeypatch.setitem(FAMILIES, "voice", Family("voice", broken, voice.Voice))
    monkeypatch.setattr("workspace.metrics.cohort_card.cohorts_of", broken)
    client = login(analyst)
    client.post("/metrics/board/", {"do": "add", "key": "nps"})
    response = client.get("/metrics/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Try again" in page
    assert "This figure could not be read" in page
    assert "R$\xa01,000" in page
    assert response.context["page"].support.value is not None
