"""The Metrics pages: they tell what `kpis` tells, to those who may see it, on a board of one's own."""

import csv
import datetime as dt
import html
import io

import pytest
from django.core.cache import cache

from accounts.models import AuditEntry, Workspace
from core import formats, time
from core.models import WorkState
from customers.models import Customer
from metrics.kpis import kpis
from metrics.models import BoardFigure, CustomerDay, Night, Target
from metrics.periods import add_months
from metrics.registry import FIGURES
from metrics.services.board import MOST, SUGGESTED, board_add, board_of
from tests import factories
from tests.queries import queries_of
from tests.workspace.metrics_data import DAY, finish_nights, first_of_month, pays

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def nights() -> dt.date:
    """Finish every night of the last 15 months up to yesterday; return the first."""
    begin = first_of_month(15)
    finish_nights(begin)
    return begin


@pytest.fixture
def company(nights, analyst):
    """Three customers: one grows, one leaves in the last whole month, one comes new in it."""
    month = first_of_month(1)
    start = {"started_on": nights}
    grows = factories.customer(name="Grows", segment="mid", owner=analyst, **start)
    leaves = factories.customer(name="Leaves", segment="volume", **start)
    joins = factories.customer(name="Joins", segment="mid", owner=analyst, started_on=month + 4 * DAY)
    pays(grows, (nights, 100_000), (month + 9 * DAY, 130_000))
    pays(leaves, (nights, 50_000), (month + 14 * DAY, 0))
    pays(joins, (month + 4 * DAY, 20_000))
    return {"grows": grows, "leaves": leaves, "joins": joins}


def cards(response) -> dict[str, str]:
    return {card.figure.key: card.value for card in response.context["page"].cards}


def told(key: str, months: int = 1, **asked):
    end = first_of_month()
    return kpis(first=add_months(end, -months), end=end, keys=[key], **asked)["rows"][0]


def test_the_board_tells_what_kpis_tells_of_the_last_whole_month(company, analyst, login):
    response = login(analyst).get("/metrics/")
    shown = cards(response)
    assert list(shown) == list(SUGGESTED)
    assert shown["mrr"] == "R$\xa01,500"
    assert told("mrr")["values"]["mrr"] == "1500.00"
    assert shown["customer_churn_rate"] == "50.0%"
    assert told("customer_churn_rate")["values"]["customer_churn_rate"] == 0.5
    assert shown["mrr_expansion"] == "R$\xa0300"
    assert shown["active_customers"] == "2"
    assert response.context["page"].span.period.end == first_of_month()


def test_retention_is_told_over_twelve_months_whatever_the_period(company, analyst, login):
    response = login(analyst).get("/metrics/")
    shown = cards(response)
    nrr, grr = told("nrr", 12)["values"]["nrr"], told("grr", 12)["values"]["grr"]
    assert shown["nrr"] == formats.percent(nrr, 1)
    assert shown["grr"] == formats.percent(grr, 1)
    card = next(card for card in response.context["page"].cards if card.figure.key == "nrr")
    assert card.window == "12 months"
    values = response.context["page"].retention.data["series"][0]["values"]
    assert values[-1] == pytest.approx(nrr, abs=1e-6)
    assert len(values) == 12


def test_a_change_is_good_or_bad_by_the_figures_direction(company, analyst, login):
    page = login(analyst).get("/metrics/").context["page"]
    change = {card.figure.key: str(card.change) for card in page.cards}
    assert "cs-delta-bad" in change["customer_churn_rate"]
    assert "50.0 pp" in change["customer_churn_rate"]
    assert "—" in change["mrr_expansion"]  # there was none before
    assert "0.0%" in change["mrr"]


def test_the_waterfall_walks_from_opening_to_closing(company, analyst, login):
    page = login(analyst).get("/metrics/").context["page"]
    steps = [(step["cents"], step["total"]) for step in page.waterfall.data["steps"]]
    assert steps == [
        (150_000, True),
        (20_000, False),
        (0, False),
        (30_000, False),
        (0, False),
        (-50_000, False),
        (150_000, True),
    ]
    assert sum(cents for cents, _ in steps[:-1]) == steps[-1][0]
    assert page.waterfall.table["rows"][1][1] == "+R$\xa0200"


def test_a_segment_narrows_every_figure(company, analyst, login):
    shown = cards(login(analyst).get("/metrics/?segment=mid"))
    assert shown["mrr"] == "R$\xa01,500"
    assert shown["customer_churn_rate"] == "0.0%"
    assert told("active_customers", segment="mid")["values"]["active_customers"] == 2
    assert shown["active_customers"] == "2"


def test_a_quarter_a_year_and_days_of_ones_own_can_be_chosen(company, analyst, login):
    client = login(analyst)
    quarter = client.get(f"/metrics/?grain=quarter&at={first_of_month(4)}").context["page"].span.period
    assert (quarter.first.day, quarter.first.month % 3, quarter.days > 88) == (1, 1, True)
    year = client.get("/metrics/?grain=year").context["page"].span.period
    assert (year.first.month, year.days > 364) == (1, True)
    month = first_of_month(1)
    own = client.get(f"/metrics/?first={month}&last={month + 13 * DAY}")
    assert own.context["page"].span.period.days == 14
    assert cards(own)["mrr"] == "R$\xa02,000"


def test_days_that_cannot_be_told_are_refused_with_the_reason_and_kept(company, analyst, login):
    client, today, month = login(analyst), time.today(), first_of_month(1)
    for first, last, says in (
        (today, today, "The last finished night is"),
        (month, month - DAY, "The last day is before the first."),
        ("1999-01-01", month, "The history begins on"),
        (month, "", "This field is required."),
        ("soon", month, "Enter a valid date."),
    ):
        response = client.get(f"/metrics/?first={first}&last={last}")
        assert response.status_code == 422
        page = response.content.decode()
        assert says in page
        assert f'value="{first}"' in page


def test_an_address_that_makes_no_sense_shows_a_period_there_is(company, analyst, login):
    client = login(analyst)
    for asked in ("grain=century", "at=nonsense", "at=9999-12-31", "at=0001-01-01", "segment=x", "by=x&n=x"):
        assert client.get(f"/metrics/?{asked}").status_code == 200
        assert client.get(f"/metrics/arpa/?{asked}").status_code == 200


def test_missing_nights_are_said_plainly(company, analyst, login):
    Night.objects.filter(day=first_of_month(1) + 3 * DAY).update(state=WorkState.RUNNING)
    response = login(analyst).get("/metrics/")
    assert "1 night of this period is not finished" in response.content.decode()
    assert set(cards(response).values()) == {"—"}
    assert response.context["page"].waterfall is None


def test_a_restated_night_is_told_at_once(company, analyst, login):
    client, last = login(analyst), first_of_month() - DAY
    assert cards(client.get("/metrics/"))["mrr"] == "R$\xa01,500"
    CustomerDay.objects.filter(customer=company["grows"], day=last).update(
        mrr_cents=140_000, mrr_expansion_cents=10_000, mrr_upsell_cents=10_000
    )
    Night.objects.filter(day=last).update(restated_at=time.now())
    shown = cards(client.get("/metrics/"))
    assert (shown["mrr"], shown["mrr_expansion"]) == ("R$\xa01,600", "R$\xa0400")


def test_before_the_first_night_the_page_says_so(analyst, login):
    client = login(analyst)
    assert "No night is finished yet" in client.get("/metrics/").content.decode()
    assert "No night is finished yet" in client.get("/metrics/mrr/").content.decode()


def test_a_figures_page_has_its_definition_with_the_numbers_put_in(company, analyst, login):
    page = login(analyst).get("/metrics/customer_churn_rate/").content.decode()
    assert str(FIGURES["customer_churn_rate"].formula) in page
    assert "1 lost ÷ 2 active at opening = 50.0%" in page


def test_a_figure_is_cut_into_parts_that_equal_kpis(company, analyst, login):
    client = login(analyst)
    by_segment = client.get("/metrics/mrr/?by=segment").context["page"]
    rows = kpis(first=first_of_month(1), end=first_of_month(), keys=["mrr"], by="segment")["rows"][1:]
    expected = {row["slice"]["segment"]: row["values"]["mrr"] for row in rows}
    shown = {part.key: part.value for part in by_segment.parts}
    assert shown == {"volume": "R$\xa00", "mid": "R$\xa01,500"}
    assert {key: expected[key] for key in shown} == {"volume": "0.00", "mid": "1500.00"}
    by_owner = client.get("/metrics/customer_churn_rate/?by=owner").context["page"]
    assert [(part.name, part.numerator, part.denominator) for part in by_owner.parts] == [
        (analyst.name, "0", "1"),
        ("None", "1", "1"),
    ]
    assert f"owner={analyst.pk}" in by_owner.parts[0].url


def test_every_figure_has_a_page_and_a_file(company, analyst, login):
    client = login(analyst)
    for key, figure in FIGURES.items():
        response = client.get(f"/metrics/{key}/?n=24&segment=mid")
        assert response.status_code == 200, key
        assert str(figure.formula) in html.unescape(response.content.decode()), key
        assert client.get(f"/metrics/{key}/export.csv").status_code == 200, key


def test_a_board_of_other_families_shows_them_too(company, analyst, login):
    for place, key in enumerate(("nps", "csat", "fcr", "ticket_backlog", "renewal_rate", "cac", "ltv_cac")):
        BoardFigure.objects.create(user=analyst, key=key, position=place)
    factories.response(company["grows"], score=9, answered_at=time.day_start(first_of_month(1)))
    shown = cards(login(analyst).get("/metrics/"))
    assert (shown["nps"], shown["ticket_backlog"], shown["cac"]) == ("100", "0", "—")
    assert cards(login(analyst).get("/metrics/?segment=mid"))["cac"] == "—"


def test_an_unknown_figure_is_not_found(company, analyst, login):
    client = login(analyst)
    assert client.get("/metrics/happiness/").status_code == 404
    assert client.get("/metrics/happiness/export.csv").status_code == 404


def test_the_rows_come_as_csv_unrounded(company, analyst, login):
    response = login(analyst).get("/metrics/customer_churn_rate/export.csv?by=segment")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == 12 + 2
    last = rows[11]
    assert (last["from"], last["to"]) == (first_of_month(1).isoformat(), first_of_month().isoformat())
    assert (last["value"], last["numerator"], last["denominator"]) == ("0.5", "1", "2")
    assert {row["slice"]: row["value"] for row in rows[12:]} == {
        "segment=volume": "1.0",
        "segment=mid": "0.0",
    }


def test_a_viewer_reads_but_takes_nothing_out(company, viewer, login):
    client = login(viewer)
    assert "export.csv" not in client.get("/metrics/mrr/").content.decode()
    assert client.get("/metrics/mrr/export.csv").status_code == 403


def test_where_seeing_is_restricted_an_analysts_figures_are_of_their_own_customers(
    company, analyst, manager, login
):
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    client = login(analyst)
    page = client.get("/metrics/")
    assert "of your own customers" in page.content.decode()
    assert cards(page)["customer_churn_rate"] == "0.0%"
    own = kpis(
        first=first_of_month(1),
        end=first_of_month(),
        keys=["active_customers"],
        visible=Customer.objects.visible_to(analyst),
    )
    assert cards(page)["active_customers"] == str(own["rows"][0]["values"]["active_customers"])
    figure = client.get("/metrics/customer_churn_rate/?by=segment")
    assert [part.key for part in figure.context["page"].parts] == ["mid"]
    assert "0.5" not in client.get("/metrics/customer_churn_rate/export.csv").content.decode()
    assert cards(login(manager).get("/metrics/"))["customer_churn_rate"] == "50.0%"


def test_a_target_stands_on_the_card_of_what_it_was_set_for(company, analyst, login):
    Target.objects.create(key="mrr", due_on=first_of_month(), value="2000")
    Target.objects.create(key="nrr", slice="segment=mid", due_on=first_of_month(), value="1.1")
    client = login(analyst)
    whole = {card.figure.key: card.target for card in client.get("/metrics/").context["page"].cards}
    assert (whole["mrr"], whole["nrr"]) == ("≥ R$\xa02,000", "")
    mid = {card.figure.key: card.target for card in client.get("/metrics/?segment=mid").context["page"].cards}
    assert (mid["mrr"], mid["nrr"]) == ("", "≥ 110.0%")


def test_a_ninth_figure_asks_which_one_goes_and_takes_its_place(company, analyst, login):
    client = login(analyst)
    client.post("/metrics/board/", {"do": "add", "key": "arpa"})
    assert board_of(analyst) == [*SUGGESTED, "arpa"]
    asks = client.post("/metrics/board/", {"do": "add", "key": "quick_ratio"})
    assert asks.status_code == 422
    assert "Which one goes?" in asks.content.decode()
    assert len(board_of(analyst)) == MOST
    client.post("/metrics/board/", {"do": "add", "key": "quick_ratio", "instead_of": "grr"})
    board = board_of(analyst)
    assert len(board) == MOST
    assert board[2] == "quick_ratio"
    assert "grr" not in board


def test_a_board_is_moved_taken_off_and_reset_and_the_trail_knows(company, analyst, login):
    client = login(analyst)
    client.post("/metrics/board/", {"do": "down", "key": "mrr"})
    assert board_of(analyst)[:2] == ["nrr", "mrr"]
    client.post("/metrics/board/", {"do": "up", "key": "mrr"})
    client.post("/metrics/board/", {"do": "remove", "key": "mrr"})
    assert board_of(analyst)[0] == "nrr"
    client.post("/metrics/board/", {"do": "reset"})
    assert board_of(analyst) == list(SUGGESTED)
    assert AuditEntry.objects.filter(action="board.changed", actor=analyst).count() == 4


def test_the_last_figure_stays_and_ones_board_is_ones_own(company, analyst, manager, login):
    BoardFigure.objects.create(user=analyst, key="mrr", position=0)
    refused = login(analyst).post("/metrics/board/", {"do": "remove", "key": "mrr"})
    assert refused.status_code == 422
    assert "at least one figure" in refused.content.decode()
    assert board_of(analyst) == ["mrr"]
    assert board_of(manager) == list(SUGGESTED)


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "add", "key": "happiness"},
        {"do": "remove", "key": "arpa"},
        {"do": "add", "key": "arpa", "instead_of": "happiness"},
    ],
)
def test_a_change_of_what_is_not_there_is_refused_and_changes_nothing(company, analyst, login, sent):
    response = login(analyst).post("/metrics/board/", sent)
    assert response.status_code == 422
    assert board_of(analyst) == list(SUGGESTED)


def test_a_figure_that_no_longer_exists_is_left_out_of_the_board(company, analyst, login):
    board_add(actor=analyst, key="arpa")
    BoardFigure.objects.filter(key="mrr").update(key="retired")
    assert "mrr" not in board_of(analyst)
    assert login(analyst).get("/metrics/").status_code == 200


@pytest.mark.parametrize("url", ["/metrics/", "/metrics/customer_churn_rate/?by=owner&n=24"])
def test_the_number_of_queries_does_not_grow_with_the_customers(nights, analyst, login, url):
    def add(count: int) -> None:
        for _ in range(count):
            pays(factories.customer(owner=factories.user(), started_on=nights), (first_of_month(2), 10_000))

    client = login(analyst)
    add(3)
    client.get(url)
    cache.clear()
    few = queries_of(client, url)
    add(12)
    cache.clear()
    many = queries_of(client, url)
    assert many == few
    assert queries_of(client, url) <= many  # books that were kept are not read again
    assert few <= 52  # with nothing kept, and the frame around every page


def test_the_pages_speak_portuguese(company, analyst, login):
    analyst.language = "pt-br"
    analyst.save()
    client = login(analyst)
    response = client.get("/metrics/")
    assert response.headers["Content-Language"] == "pt-br"
    shown = cards(response)
    assert shown["mrr"] == "R$\xa01.500"
    assert shown["customer_churn_rate"] == "50,0%"
    assert client.get("/metrics/mrr/").status_code == 200
    assert client.get("/metrics/board/").status_code == 200
