"""The Metrics pages as of any past day, as published and as restated."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from config import pipeline
from core import time
from metrics.book import Book, books
from metrics.day_books import day_books
from metrics.periods import Period
from metrics.slices import EVERYBODY, Only
from metrics.staleness import Late, mark_stale
from tests import factories
from tests.metrics import world
from tests.nights import D, run
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2024, 2, 1), dt.date(2024, 4, 9)
AT = dt.datetime(2024, 4, 10, 12, tzinfo=dt.UTC)
MARCH = "at=2024-03-01"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def company(monkeypatch, analyst):
    """A customer at R$ 1,000; on the next day it is found that it pays R$ 1,200 since 10 March; a night later."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
    customer = factories.customer(started_on=FIRST, segment="mid", segment_by="hand")
    factories.subscription(customer, starts_on=FIRST, mrr_cents=100_000)
    run(FIRST, LAST)
    pipeline.finish(["telling"])
    monkeypatch.setattr(timezone, "now", lambda: AT + D)
    factories.subscription(customer, starts_on=dt.date(2024, 3, 10), mrr_cents=20_000)
    mark_stale([Late(customer.pk, dt.date(2024, 3, 10))], reason="subscription")
    pipeline.finish(["stale days"])
    run(LAST + D)
    pipeline.finish(["telling"])
    return analyst


def mrr(response) -> str:
    page = response.context["page"]
    value: str = (
        page.card.value if hasattr(page, "card") else {one.figure.key: one.value for one in page.cards}["mrr"]
    )
    return value


@pytest.mark.parametrize("url", ["/metrics/", "/metrics/mrr/"])
@pytest.mark.parametrize(
    ("asked", "value", "says"),
    [
        (MARCH, "R$\xa01,200", ""),
        (f"{MARCH}&known=published", "R$\xa01,000", "As first published"),
        (f"{MARCH}&as_of=2024-04-09", "R$\xa01,200", "restated by what is known now"),
        (f"{MARCH}&as_of=2024-04-09&known=published", "R$\xa01,000", "As the night of 9 Apr 2024 showed it"),
        (f"{MARCH}&as_of=2024-04-10&known=published", "R$\xa01,000", "As first published"),
        ("at=2024-02-01&as_of=2024-03-05&known=published", "R$\xa01,000", "As the night of 5 Mar 2024"),
    ],
)
def test_a_period_is_told_as_of_any_day_and_knowledge(company, login, url, asked, value, says):
    response = login(company).get(f"{url}?{asked}")
    assert mrr(response) == value
    assert says in response.content.decode()


def test_as_of_a_past_day_later_periods_cannot_be_asked_for(company, login):
    page = login(company).get("/metrics/?as_of=2024-03-05").context["page"]
    assert page.span.period == Period(dt.date(2024, 2, 1), dt.date(2024, 3, 1))
    assert page.span.later is None
    assert page.span.earlier is None, "the history begins in February"


@pytest.mark.parametrize(
    "asked", ["as_of=2030-01-01", "as_of=2019-01-01", "as_of=yesterday", "known=whatever"]
)
def test_what_makes_no_sense_is_told_as_of_today(company, login, asked):
    response = login(company).get(f"/metrics/?{asked}")
    assert response.status_code == 200
    assert response.context["page"].as_of == ""


def test_links_keep_the_day_and_the_knowledge(company, login):
    page = login(company).get("/metrics/?as_of=2024-04-05&known=published")
    text = page.content.decode()
    assert "/metrics/mrr/?grain=month&amp;at=2024-03-01&amp;as_of=2024-04-05&amp;known=published" in text
    assert page.context["page"].today == "grain=month&at=2024-03-01"


def test_the_figures_page_says_what_was_published_and_what_is_known_now(company, login):
    text = login(company).get(f"/metrics/mrr/?{MARCH}").content.decode()
    assert "Restated on 11 Apr 2024" in text
    assert "First published: R$\xa01,000. By what is known now: R$\xa01,200." in text
    assert "Restated on" not in login(company).get("/metrics/mrr/?at=2024-02-01").content.decode()
    assert (
        "as first published" in login(company).get(f"/metrics/customer_churn_rate/?{MARCH}").content.decode()
    )


def test_parts_and_the_csv_are_told_as_published_too(company, manager, login):
    page = login(manager).get(f"/metrics/mrr/?{MARCH}&known=published&by=segment").context["page"]
    assert {part.key: part.value for part in page.parts}["mid"] == "R$\xa01,000"
    text = login(manager).get(f"/metrics/mrr/export.csv?{MARCH}&known=published").content.decode()
    assert "mrr,2024-03-01,2024-04-01,,1000.00" in text


def test_rows_of_now_are_not_offered_for_what_was_published(company, login):
    client = login(company)
    assert client.get(f"/metrics/nrr/?{MARCH}").context["page"].rows_url
    assert client.get(f"/metrics/nrr/?{MARCH}&known=published").context["page"].rows_url == ""


def test_a_figure_without_versions_is_told_from_the_month_on_record_or_said_to_be_of_now(company, login):
    for day in (AT - 20 * D, dt.datetime(2024, 2, 15, tzinfo=dt.UTC)):
        factories.response(survey="nps", score=9, answered_at=day)
    march = login(company).get(f"/metrics/nps/?{MARCH}&known=published")
    assert march.context["page"].card.value == "—", "no answer was known when March was published"
    assert login(company).get(f"/metrics/nps/?{MARCH}").context["page"].card.value == "100"
    february = login(company).get("/metrics/nps/?at=2024-02-01&known=published")
    assert february.context["page"].card.value == "100"
    assert "told as known now" in february.content.decode()


def test_the_page_costs_the_same_for_few_and_for_many_customers(company, login):
    client = login(company)
    url = f"/metrics/?{MARCH}&known=published"
    client.get(url)
    before = queries_of(client, url)
    for _ in range(20):
        factories.subscription(factories.customer(started_on=FIRST), starts_on=FIRST, mrr_cents=1_000)
    run(FIRST, LAST + D)
    client.get(url)
    assert queries_of(client, url) == before


def test_days_are_told_from_their_snapshots_as_from_the_rows(db, django_assert_num_queries):
    world.build()
    run(world.FIRST, world.LAST)
    pipeline.WORK["telling"].do()
    while pipeline.WORK["telling"].do():
        pass
    days = [Period(day, day + D) for day in time.days(world.FIRST, world.LAST + D)]
    for by, only in [(None, EVERYBODY), ("segment", EVERYBODY), ("stage", EVERYBODY), (None, Only("mid"))]:
        with django_assert_num_queries(2):
            told = day_books(days, by, only)
        assert set(told) == set(days)
        found = {key: book for of_day in told.values() for key, book in of_day.items()}
        read = {key: book for key, book in books(days, by=by, only=only).items() if book != Book()}
        assert {key: book for key, book in found.items() if book != Book()} == read
    assert day_books([Period(world.FIRST, world.FIRST + 2 * D)], None, EVERYBODY) == {}
    assert day_books(days, "owner", EVERYBODY) == {}
