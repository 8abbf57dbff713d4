"""Pages of the API by key: nothing left out, nothing twice, at the same cost; orders and chosen fields."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.request import Request

from core.api import CursorPages, Order
from customers.models import Customer
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/api/v1/customers/"
DAYS = [None, None, dt.date(2026, 1, 1), dt.date(2026, 2, 1)]


class View:
    filter_backends = ()
    ordering = "-pk"


def page(ordering: str, url: str) -> tuple[list[int], CursorPages]:
    pages = CursorPages()
    pages.get_ordering = lambda *given: (ordering,)  # type: ignore[method-assign]
    rows = pages.paginate_queryset(Customer.objects.all(), Request(RequestFactory().get(url)), View())
    return [row.pk for row in rows], pages


def walk(ordering: str, size: int) -> tuple[list[list[int]], list[list[int]]]:
    """Go through all pages and back; return both ways."""
    there, back = [], []
    url: str | None = f"/x/?page_size={size}"
    while url:
        rows, pages = page(ordering, url)
        there.append(rows)
        last, url = pages, pages.get_next_link()
    url = last.get_previous_link()
    while url:
        rows, pages = page(ordering, url)
        back.append(rows)
        url = pages.get_previous_link()
    return there, back[::-1]


@pytest.mark.parametrize(
    "ordering", ["pk", "-pk", "name", "-name", "started_on", "-started_on", "-created_at"]
)
def test_all_pages_there_and_back_give_every_row_once_in_order(ordering):
    chance = random.Random(4)
    for _ in range(23):
        factories.customer(name=chance.choice("ABC"), started_on=chance.choice(DAYS))
    whole = [row.pk for row in Order(ordering, Customer).sort(Customer.objects.all(), back=False)]
    for size in (1, 4, 23, 50):
        there, back = walk(ordering, size)
        assert [pk for part in there for pk in part] == whole
        assert back == there[:-1]


def test_a_deep_page_asks_what_the_first_asks(login, analyst):
    for n in range(40):
        factories.customer(name=f"N{n % 2}")
    client = login(analyst)
    counts, url = [], f"{LIST}?ordering=name&page_size=5"
    while url:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            url = client.get(url).json()["next"]
        counts.append(len(asked))
        assert not any("OFFSET" in one["sql"] for one in asked)
    assert len(counts) == 8 and len(set(counts[1:])) == 1


def test_a_page_deep_in_a_large_table_is_found_by_the_index(login, analyst):
    rows = Order("-pk", Customer).sort(Customer.objects.filter(pk__lt=500), back=False)[:50]
    if connection.vendor == "postgresql":  # with so few rows it would read the table, index or not
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.explain()
    assert "SEARCH" in plan or "Index" in plan


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=x", "cursor"), ("cursor=WyJhIl0", "cursor"), ("page_size=0", "page_size"),
        ("page_size=ten", "page_size"), ("ordering=secret", "ordering"), ("ordering=name,id", "ordering"),
    ],
)  # fmt: skip
def test_what_is_no_place_size_or_order_is_refused_by_name(login, analyst, query, field):
    answer = login(analyst).get(f"{LIST}?{query}")
    assert answer.status_code == 400 and field in answer.json()["errors"]


def test_every_list_takes_an_order(login, admin):
    from tests.described import description

    missing = []
    for path, item in description()["paths"].items():
        names = {one["name"] for one in item.get("get", {}).get("parameters", [])}
        if "cursor" in names and "ordering" not in names:
            missing.append(path)
    assert missing == []


def test_chosen_fields_are_all_there_is_of_a_list_and_of_one(login, analyst):
    one = factories.customer(external_id="acme", name="Acme")
    client = login(analyst)
    page = client.get(f"{LIST}?fields=id,name")
    assert page["Content-Type"].startswith("application/vnd.zelo.part+json")
    assert page.json() == {"next": None, "previous": None, "results": [{"id": one.pk, "name": "Acme"}]}
    assert client.get(f"{LIST}{one.pk}/?fields=external_id").json() == {"external_id": "acme"}


def test_a_field_that_is_not_there_is_refused_with_those_that_are(login, analyst):
    answer = login(analyst).get(f"{LIST}?fields=name,password")
    assert answer.status_code == 400
    assert "password" in answer.json()["detail"] and "external_id" in answer.json()["detail"]
    assert login(analyst).get(f"{LIST}?fields=").status_code == 400


def test_basic_auth_opens_tracking_addresses_only(admin):
    import base64

    from accounts.services.tokens import token_create

    raw = token_create(
        actor=admin, name="k", scopes=["write"], expires_at=None, integration_role="manager"
    ).raw
    secret = base64.b64encode(f"{raw}:".encode()).decode()
    client = Client(headers={"authorization": f"Basic {secret}"})
    assert client.get(LIST).status_code == 401
    body = {"userId": "u", "groupId": "c"}
    assert client.post("/v1/group", body, content_type="application/json").status_code == 200
    assert Client(headers={"authorization": f"Bearer {raw}"}).get(LIST).status_code == 200
