"""Every list of the API as a file: all that matches, as the list writes it, by whom may export."""

import csv
import io
import json

import pytest
from django.test import Client

from accounts.models import AuditEntry
from customers.models import Customer
from tests import factories
from tests.described import description

pytestmark = pytest.mark.django_db
LIST = "/api/v1/customers/"


def text(response) -> str:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr("accounts.api_export.CHUNK", 3)
    for n in range(8):
        factories.customer(external_id=f"c{n}", name=f"N{n % 2}", segment="mid" if n < 7 else "volume")


def test_a_file_has_what_all_pages_have_in_their_order(many, login, analyst):
    client = login(analyst)
    pages = client.get(f"{LIST}?ordering=name&segment=mid").json()["results"]
    lines = text(client.get(f"{LIST}?ordering=name&segment=mid&format=jsonl")).splitlines()
    assert [json.loads(line) for line in lines] == pages and len(pages) == 7
    rows = list(csv.DictReader(io.StringIO(text(client.get(f"{LIST}?ordering=name&segment=mid&format=csv")))))
    assert [row["external_id"] for row in rows] == [one["external_id"] for one in pages]
    assert rows[0].keys() == pages[0].keys()
    assert AuditEntry.objects.filter(action="api.exported").count() == 2


def test_chosen_fields_are_the_columns_and_no_cell_runs_as_a_formula(login, analyst):
    factories.customer(external_id="c1", name="=1+1")
    body = text(login(analyst).get(f"{LIST}?format=csv&fields=name,external_id,tags"))
    assert body == "external_id,name,tags\r\nc1,'=1+1,[]\r\n"


def test_who_may_not_export_takes_nothing_out_and_an_unknown_form_is_refused(login, viewer, analyst):
    assert login(viewer).get(LIST).status_code == 200
    assert login(viewer).get(f"{LIST}?format=csv").status_code == 403
    assert Client().get(f"{LIST}?format=csv").status_code == 401
    assert login(analyst).get(f"{LIST}?format=xlsx").status_code == 400


def test_every_list_of_rows_can_be_taken_out(login, admin):
    client, lists = login(admin), []
    for path, item in description()["paths"].items():
        if any(one["name"] == "format" for one in item.get("get", {}).get("parameters", [])):
            lists.append(path)
            assert client.get(f"{path}?format=csv").status_code == 200, path
            assert client.get(f"{path}?format=jsonl").status_code == 200, path
    pages = [
        p
        for p, item in description()["paths"].items()
        if "cursor" in str(item.get("get", {}).get("parameters"))
    ]
    assert len(lists) > 20 and len(pages) - len(lists) <= 5, sorted(set(pages) - set(lists))


def test_the_number_of_queries_grows_by_chunks_only(many, login, analyst, django_assert_max_num_queries):
    client = login(analyst)
    with django_assert_max_num_queries(25):
        assert len(text(client.get(f"{LIST}?format=jsonl")).splitlines()) == Customer.objects.count()
