"""The portfolio and saved views over HTTP."""

import pytest
from django.core.cache import cache

from customers.models import SavedView
from tests.queries import assert_constant_queries
from tests.workspace.portfolio_data import customer, days_ago, figures

pytestmark = pytest.mark.django_db
URL = "/api/v1/portfolio/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def listed(client, **query) -> list[str]:
    response = client.get(URL, query)
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def test_same_filters_and_orders_as_the_page(manager, login):
    for name, segment, mrr in (("A", "mid", 100), ("B", "mid", 300), ("C", "volume", 200)):
        customer(name=name, segment=segment, mrr=mrr)
    client = login(manager)
    assert listed(client, segment="mid", ordering="-mrr") == ["B", "A"]
    assert listed(client, segment__not="mid") == ["C"]
    assert listed(client, mrr__min="2", ordering="mrr") == ["C", "B"]


def test_a_row_says_what_is_known_and_null_where_nothing_is(manager, login):
    made = customer(name="A", mrr=123_456, owner=manager, tags=("vip",), renewal=days_ago(-3))
    figures(made, days_ago(31), mrr=100_000)
    row = login(manager).get(URL).json()["results"][0]
    assert row["mrr"] == "1234.56"
    assert row["mrr_change_30"] == "234.56"
    assert row["owner_email"] == manager.email
    assert row["tags"] == ["vip"]
    assert row["renewal_on"] == days_ago(-3).isoformat()
    assert row["nps_latest"] is None
    assert row["segment"] is None


def test_next_leads_through_all_and_previous_back(manager, login):
    for n in range(7):
        customer(name=f"C{n}", nps=n % 3)
    client = login(manager)
    first = client.get(URL, {"ordering": "-nps", "page_size": 3}).json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    names = [row["name"] for page in (first, second, third) for row in page["results"]]
    assert sorted(names) == [f"C{n}" for n in range(7)]
    assert first["previous"] is None
    assert third["next"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "query",
    [{"ordering": "nothing"}, {"mrr__min": "x"}, {"after": "x"}, {"page_size": "0"}, {"as_of": "yesterday"}],
)
def test_what_it_cannot_read_is_a_problem_and_not_another_list(manager, login, query):
    customer(name="A")
    response = login(manager).get(URL, query)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_as_of_a_past_day(manager, login):
    made = customer(name="A", mrr=500, segment="mid")
    figures(made, days_ago(20), mrr=300, segment="volume")
    row = login(manager).get(URL, {"as_of": days_ago(20).isoformat()}).json()["results"][0]
    assert (row["mrr"], row["segment"]) == ("3.00", "volume")


def test_the_number_of_queries_does_not_grow_with_the_rows(manager, login):
    def add(count: int) -> None:
        for _ in range(count):
            customer(tags=("a",), owner=manager)

    assert_constant_queries(login(manager), URL, add)


def test_saved_views_are_made_changed_and_removed(analyst, login):
    client = login(analyst)
    made = client.post(
        "/api/v1/views/", {"name": "Mid", "query": {"segment": ["mid"]}}, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    key = made.json()["key"]
    customer(name="A", segment="mid")
    customer(name="B")
    assert listed(client, view=key) == ["A"]
    one = f"/api/v1/views/{made.json()['id']}/"
    client.patch(one, {"name": "Mid ones"}, content_type="application/json")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Mid ones", {"segment": ["mid"]})
    assert client.delete(one).status_code == 204
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("query", [{"colour": ["red"]}, {"mrr__min": ["x"]}])
def test_a_view_with_a_query_the_portfolio_cannot_read_is_refused(analyst, login, query):
    response = login(analyst).post(
        "/api/v1/views/", {"name": "X", "query": query}, content_type="application/json"
    )
    assert response.status_code == 400
    assert "query" in response.json()["errors"]


def test_somebody_elses_view_is_not_there_and_a_shared_one_is_read_only(analyst, manager, login):
    own = SavedView.objects.create(owner=manager, name="Own", query={})
    shared = SavedView.objects.create(owner=manager, name="Shared", query={}, shared=True)
    client = login(analyst)
    assert [view["name"] for view in client.get("/api/v1/views/").json()["results"]] == ["Shared"]
    assert client.get(f"/api/v1/views/{own.pk}/").status_code == 404
    assert client.delete(f"/api/v1/views/{shared.pk}/").status_code == 403
