"""Closed months: frozen by whom, with what note; what comes later stands beside and changes nothing."""

import csv
import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Workspace
from config import pipeline
from metrics.models import MonthRecord, Night
from metrics.services.months import month_freeze
from metrics.staleness import Late, mark_stale
from tests import factories
from tests.nights import run
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

MARCH = dt.date(2024, 3, 1)
AT = dt.datetime(2024, 4, 11, 5, tzinfo=dt.UTC)
PAGE = "/metrics/months/2024-03/"


@pytest.fixture
def customer(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)
    customer = factories.customer(started_on=MARCH, segment="mid", segment_by="hand")
    factories.subscription(customer, starts_on=MARCH, mrr_cents=100_000)
    run(MARCH, dt.date(2024, 4, 9))
    pipeline.finish(["telling"])
    return customer


def restate(customer, monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(days=1))
    factories.subscription(customer, starts_on=dt.date(2024, 3, 10), mrr_cents=20_000)
    mark_stale([Late(customer.pk, dt.date(2024, 3, 10))], reason="subscription")
    pipeline.finish(["stale days", "telling"])


def shown(response) -> dict[str, tuple[str, str, bool]]:
    return {row.figure.key: (row.kept, row.now, row.differs) for row in response.context["page"].rows}


def test_a_manager_freezes_a_month_and_it_stays(customer, manager, login, monkeypatch):
    client = login(manager)
    response = client.post(f"{PAGE}freeze/", {"note": "Bonuses"}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    record = MonthRecord.objects.get(kind="frozen")
    assert (record.month, record.recorded_by, record.note, record.edition) == (MARCH, manager, "Bonuses", 1)
    entry = AuditEntry.objects.get(action="month.frozen")
    assert (entry.actor, entry.object_id) == (manager, str(record.pk))
    restate(customer, monkeypatch)
    page = client.get(PAGE)
    assert shown(page)["mrr"] == ("R$\xa01,000", "R$\xa01,200", True)
    assert shown(page)["customer_churn_rate"][2] is False
    assert set(shown(client.get(f"{PAGE}?changed=1"))) >= {"mrr", "arr", "mrr_expansion", "arpa"}
    assert "customer_churn_rate" not in shown(client.get(f"{PAGE}?changed=1"))
    listed = client.get("/metrics/months/").context["lines"]
    assert [(line.month, line.changed) for line in listed] == [(MARCH, True)]
    assert "changed since" in client.get("/metrics/months/").content.decode()


def test_a_month_frozen_again_keeps_the_earlier_edition(customer, manager, login, monkeypatch):
    month_freeze(actor=manager, month=MARCH)
    restate(customer, monkeypatch)
    month_freeze(actor=manager, month=MARCH, note="corrected")
    page = login(manager).get(PAGE)
    assert [(one.kind, one.edition) for one in page.context["page"].records] == [
        ("frozen", 2),
        ("frozen", 1),
        ("published", 1),
    ]
    assert shown(page)["mrr"][0] == "R$\xa01,200"
    first = MonthRecord.objects.get(kind="frozen", edition=1)
    assert shown(login(manager).get(f"{PAGE}?record={first.pk}"))["mrr"][0] == "R$\xa01,000"


def test_the_figures_are_shown_part_by_part(customer, manager, login):
    month_freeze(actor=manager, month=MARCH)
    page = login(manager).get(f"{PAGE}?by=segment").context["page"]
    assert ("Mid", "R$\xa01,000") in {(row.part, row.kept) for row in page.rows if row.figure.key == "mrr"}


@pytest.mark.parametrize(
    ("month", "says"),
    [
        (dt.date(2024, 4, 1), "not over"),
        (dt.date(2024, 3, 2), "first day"),
        (dt.date(2020, 1, 1), "no night"),
    ],
)
def test_what_cannot_be_frozen_is_refused(customer, manager, month, says):
    with pytest.raises(ValidationError, match=says):
        month_freeze(actor=manager, month=month)


def test_a_month_with_a_night_that_is_not_finished_is_refused(customer, manager, login):
    Night.objects.filter(day=dt.date(2024, 3, 5)).update(state="running")
    response = login(manager).post(f"{PAGE}freeze/", follow=True)
    assert "1 nights of this month are not finished" in response.content.decode()
    assert not MonthRecord.objects.filter(kind="frozen").exists()


def test_who_sees_some_customers_only_sees_no_recorded_month(customer, manager, analyst, login):
    month_freeze(actor=manager, month=MARCH)
    Workspace.objects.update(restrict_visibility=True)
    for url in ("/metrics/months/", PAGE, f"{PAGE}export.csv"):
        assert login(analyst).get(url).status_code == 404
    api = APIClient()
    api.force_authenticate(analyst)
    assert api.get("/api/v1/months/").json()["results"] == []
    assert login(manager).get(PAGE).status_code == 200


def test_the_csv_holds_every_figure_on_record(customer, manager, login):
    record = month_freeze(actor=manager, month=MARCH)
    text = login(manager).get(f"{PAGE}export.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == record.values.count()
    mrr = {row["slice"]: row["value"] for row in rows if row["figure"] == "mrr"}
    assert mrr[""] == mrr["segment=mid"] == mrr["owner=none"] == "1000.00"
    assert mrr["segment=volume"] == "0.00"


def test_the_api_freezes_and_reads(customer, manager, viewer):
    api = APIClient()
    api.force_authenticate(manager)
    made = api.post("/api/v1/months/", {"month": "2024-03-01", "note": "Bonuses"}, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["edition"] == 1
    api.force_authenticate(viewer)
    read = api.get(f"/api/v1/months/{made.json()['id']}/").json()
    assert {"key": "mrr", "slice": None, "value": "1000.00"} in read["values"]
    assert {"key": "mrr", "slice": {"segment": "mid"}, "value": "1000.00"} in read["values"]
    assert len(api.get("/api/v1/months/?kind=frozen").json()["results"]) == 1
    assert api.post("/api/v1/months/", {"month": "2024-03-01"}, format="json").status_code == 403
    api.force_authenticate(manager)
    refused = api.post("/api/v1/months/", {"month": "2024-04-01"}, format="json")
    assert refused.status_code == 400
    assert "not over" in refused.content.decode()


def test_the_pages_cost_the_same_for_few_and_for_many(customer, manager, login):
    client = login(manager)
    month_freeze(actor=manager, month=MARCH)
    client.get("/metrics/months/")  # the first request of a process also fills what is kept
    before = [queries_of(client, url) for url in ("/metrics/months/", PAGE)]
    for n in range(10):
        other = factories.customer(started_on=MARCH)
        factories.subscription(other, starts_on=MARCH, mrr_cents=1_000 * n)
        month_freeze(actor=manager, month=MARCH)
    assert [queries_of(client, url) for url in ("/metrics/months/", PAGE)] == before
