"""Targets on the pages: set with the baseline of the day, judged by the line, ended, resumed, brought by file."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Workspace
from config import pipeline
from core import time
from metrics.aim import Status
from metrics.models import Target
from metrics.nights import last_finished_day
from metrics.services.targets import target_create
from metrics.standings import standings
from tests import factories
from tests.queries import queries_of
from tests.workspace.metrics_data import DAY, finish_nights, first_of_month, pays

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def company(analyst):
    """Two customers over seven months: one of mid pays 1 000, one of volume 500 and leaves in the last whole month."""
    begin = first_of_month(7)
    finish_nights(begin)
    pays(factories.customer(segment="mid", owner=analyst, started_on=begin), (begin, 100_000))
    gone = first_of_month(1) + 9 * DAY
    pays(factories.customer(segment="volume", started_on=begin), (begin, 50_000), (gone, 0))
    return begin


def next_year() -> dt.date:
    return time.today() + dt.timedelta(days=300)


def new(client, key="mrr", **sent):
    return client.post(f"/metrics/{key}/targets/new/", {"due_on": next_year().isoformat(), **sent})


def test_a_target_keeps_where_the_figure_stands_today(company, manager, login):
    assert new(login(manager), value="3,000", slice="segment=mid").status_code == 302
    target = Target.objects.get()
    assert (target.value, target.baseline, target.starts_on) == (
        Decimal(3000),
        Decimal(1000),
        last_finished_day(),
    )
    assert AuditEntry.objects.get(action="target.created").actor == manager


def test_values_are_typed_in_the_figures_unit(company, manager, login):
    client = login(manager)
    new(client, "customer_churn_rate", value="2.5", baseline="5")
    target = Target.objects.get()
    assert (target.value, target.baseline) == (Decimal("0.025"), Decimal("0.05"))
    page = client.get(f"/metrics/targets/{target.pk}/edit/").content.decode()
    assert 'value="2.5"' in page
    assert 'value="5"' in page


def test_a_target_without_a_date_or_for_a_day_before_its_line_says_what_is_wrong(company, manager, login):
    client = login(manager)
    refused = client.post("/metrics/mrr/targets/new/", {"value": "3000"})
    assert refused.status_code == 422
    assert "This field is required." in refused.content.decode()
    assert 'value="3000"' in refused.content.decode()
    Target.objects.create(
        key="mrr", due_on=next_year(), value=1, baseline=1, starts_on=time.today() - 10 * DAY
    )
    twice = new(client, value="5")
    assert "has a target for this day already" in twice.content.decode()
    target = Target.objects.get()
    early = {"value": "5", "due_on": (time.today() - 20 * DAY).isoformat(), "baseline": "1"}
    wrong = client.post(f"/metrics/targets/{target.pk}/edit/", early)
    assert "due before its line starts" in wrong.content.decode()


def test_the_figures_page_and_the_board_show_how_it_stands(company, manager, login):
    start = first_of_month(6) - DAY
    Target.objects.create(key="mrr", due_on=next_year(), value=4000, baseline=1500, starts_on=start)
    client = login(manager)
    card = next(card for card in client.get("/metrics/").context["page"].cards if card.figure.key == "mrr")
    assert "Behind the line" in str(card.mark)
    assert "cs-spark-target" in str(card.spark)
    page = client.get("/metrics/mrr/").context["page"]
    assert "Behind the line" in str(page.aims.row.mark)
    assert page.aims.asks_for_plan
    assert page.trend.data["targets"][0]["values"][-1] > 150_000


def test_a_flow_is_not_judged_over_another_length(company, manager, login):
    Target.objects.create(
        key="customer_churn_rate", due_on=next_year(), value="0.01", baseline="0.5", starts_on=company
    )
    client = login(manager)
    month = client.get("/metrics/customer_churn_rate/").context["page"]
    quarter = client.get("/metrics/customer_churn_rate/?grain=quarter").context["page"]
    assert month.card.mark
    assert quarter.card.mark == ""


def test_all_targets_stand_on_one_page_in_a_constant_number_of_queries(company, manager, login):
    client = login(manager)
    night = last_finished_day()
    assert night is not None

    def add(count: int, first: int) -> None:
        for n in range(first, first + count):
            Target.objects.create(
                key="mrr", due_on=next_year() + n * DAY, value=2000, baseline=1500, starts_on=night - 40 * DAY
            )

    add(3, 0)
    client.get("/metrics/targets/")
    few = queries_of(client, "/metrics/targets/")
    add(27, 3)
    assert queries_of(client, "/metrics/targets/") == few
    Target.objects.create(key="mrr", slice="segment=mid", due_on=night - 5 * DAY, value=900)
    Target.objects.create(key="mrr", slice="segment=volume", due_on=night - 5 * DAY, value=900)
    rows = client.get("/metrics/targets/").context["page"].rows
    assert ["Reached" in str(row.mark) for row in rows[:2]].count(True) == 1
    assert ["Missed" in str(row.mark) for row in rows[:2]].count(True) == 1


def test_a_target_is_ended_and_taken_up_again(company, manager, login):
    target = target_create(actor=manager, key="mrr", due_on=next_year(), value=Decimal(3000))
    client = login(manager)
    client.post(f"/metrics/targets/{target.pk}/over/", {"do": "end"})
    target.refresh_from_db()
    assert target.ended_on == time.today()
    assert not client.get("/metrics/targets/").context["page"].rows
    assert client.get("/metrics/targets/").context["page"].ended[0].target == target
    client.post(f"/metrics/targets/{target.pk}/over/", {"do": "resume"})
    target.refresh_from_db()
    assert target.ended_on is None
    assert [
        entry.action for entry in AuditEntry.objects.filter(action__startswith="target.").order_by("pk")
    ] == [
        "target.created",
        "target.ended",
        "target.resumed",
    ]


def test_an_ended_target_is_in_force_until_its_day(company, manager, login):
    month = first_of_month(1)
    Target.objects.create(key="mrr", due_on=next_year(), value=3000, ended_on=month)
    client = login(manager)
    assert client.get("/metrics/mrr/").context["page"].aims.row is None
    before = client.get(f"/metrics/mrr/?at={first_of_month(2)}").context["page"]
    assert before.aims.row is not None


def test_targets_from_a_file_take_their_baseline_afterwards_once(company):
    target = Target.objects.create(key="mrr", due_on=next_year(), value=3000)
    Target.objects.create(key="retired", due_on=next_year(), value=3000)
    over = Target.objects.create(key="mrr", due_on=company, value=3000)
    assert pipeline.WORK["baselines"].due()
    pipeline.finish(["baselines"])
    target.refresh_from_db()
    assert (target.baseline, target.starts_on) == (Decimal(1000), last_finished_day())
    over.refresh_from_db()
    assert over.starts_on is None
    assert not pipeline.WORK["baselines"].due()
    assert pipeline.WORK["baselines"].do() == 0


def test_a_target_is_judged_by_its_due_day_once_that_is_over(company):
    night = last_finished_day()
    assert night is not None
    target = Target.objects.create(
        key="mrr", due_on=first_of_month(1) + 5 * DAY, value=1400, baseline=1000, starts_on=company
    )
    found = standings([target], night)[target.pk]
    assert (found.value, found.expected, found.status) == (150_000, Fraction(140_000), Status.REACHED)


def test_who_sees_own_customers_only_is_not_told_how_all_stand(company, analyst, login):
    Target.objects.create(key="mrr", due_on=next_year(), value=3000)
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    client = login(analyst)
    row = client.get("/metrics/targets/").context["page"].rows[0]
    assert (row.mark, row.current) == ("", "—")
    assert client.get("/metrics/mrr/").context["page"].aims.row is None
    api = APIClient()
    api.force_authenticate(analyst)
    told = api.get("/api/v1/targets/").json()["results"][0]
    assert (told["status"], told["current"], told["expected"]) == (None, None, None)


def test_the_api_tells_status_and_takes_a_baseline(company, manager):
    api = APIClient()
    api.force_authenticate(manager)
    sent = {"key": "mrr", "due_on": next_year().isoformat(), "value": "3000"}
    made = api.post("/api/v1/targets/", sent, format="json").json()
    night = last_finished_day()
    assert night is not None
    assert (made["baseline"], made["starts_on"]) == ("1000.000000", night.isoformat())
    assert made["status"] in ("on_track", "at_risk")
    own = {"baseline": "900", "starts_on": company.isoformat()}
    changed = api.patch(f"/api/v1/targets/{made['id']}/", own, format="json").json()
    assert (changed["baseline"], changed["current"]) == ("900.000000", "1000.000000")
    later = {"ended_on": next_year().isoformat()}
    assert api.patch(f"/api/v1/targets/{made['id']}/", later, format="json").status_code == 400
    listed = api.get("/api/v1/targets/?ended=false").json()["results"]
    assert [row["id"] for row in listed] == [made["id"]]


@pytest.mark.parametrize(
    "wrong",
    [{"baseline": 1}, {"starts_on": dt.date(2026, 12, 31)}, {"starts_on": dt.date(2027, 1, 1)}],
)
def test_the_database_refuses_a_line_that_makes_no_sense(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(key="mrr", due_on=dt.date(2026, 12, 31), value=1, **wrong)
