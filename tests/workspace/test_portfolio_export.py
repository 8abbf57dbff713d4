"""The portfolio as a file: exactly what is filtered, in its order, fit to be imported again."""

import csv
import io

import pytest
from django.core.cache import cache

from accounts.models import AuditEntry
from customers.models import AttributeDefinition
from tests.workspace.portfolio_data import customer, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def exported(client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/portfolio/export.csv?{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_file_holds_what_the_page_lists_over_all_its_pages(manager, login):
    for n in range(40):
        customer(name=f"C{n:02}", segment="mid" if n % 2 else "volume", mrr=n * 100)
    rows = exported(login(manager), "segment=mid&sort=-mrr&rows=15")
    assert [row["name"] for row in rows] == [f"C{n:02}" for n in range(39, 0, -2)]


def test_headers_are_those_of_the_import_and_values_are_plain(manager, login):
    AttributeDefinition.objects.create(key="fiscal", label="Tax regime", kind="text")
    customer(
        name="Padaria, a boa",
        external_id="c-1",
        owner=manager,
        segment="mid",
        tags=("vip", "ref"),
        started_on=days_ago(3),
        mrr=123_456,
        renewal=days_ago(-10),
        attributes={"fiscal": "MEI"},
    )
    row = exported(login(manager), "cols=segment,owner,mrr,renewal,started,attr:fiscal")[0]
    assert row["external_id"] == "c-1"
    assert row["name"] == "Padaria, a boa"
    assert row["tags"] == "ref|vip"
    assert row["owner_email"] == manager.email
    assert row["segment"] == "mid"
    assert row["mrr"] == "1234.56"
    assert row["renewal_on"] == days_ago(-10).isoformat()
    assert row["started_on"] == days_ago(3).isoformat()
    assert row["attr:fiscal"] == "MEI"
    assert "stage" not in row


def test_unknown_is_empty_and_a_formula_does_not_run(manager, login):
    customer(name="=HYPERLINK(1)", external_id="-5")
    row = exported(login(manager), "cols=nps,mrr_change")[0]
    assert row["name"] == "'=HYPERLINK(1)"
    assert row["external_id"] == "-5"
    assert row["nps_latest"] == ""
    assert row["mrr_change_30"] == ""


def test_an_analyst_exports_only_what_they_see(analyst, login):
    from accounts.models import Workspace

    customer(name="Mine", owner=analyst)
    customer(name="Theirs")
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    assert [row["name"] for row in exported(login(analyst))] == ["Mine"]


def test_a_viewer_may_not_export(viewer, login):
    assert login(viewer).get("/portfolio/export.csv").status_code == 403


def test_who_took_what_out_is_on_record(manager, login):
    exported(login(manager), "segment=mid")
    entry = AuditEntry.objects.get(action="portfolio.exported")
    assert entry.actor_id == manager.pk
    assert "segment=mid" in (entry.values.get(field="query").after or "")
