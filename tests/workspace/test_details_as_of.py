"""The portfolio and the customer's page of a past day show industry, parent and attributes as they were."""

import datetime as dt
import json

import pytest
from django.core.cache import cache

from accounts.models import Workspace
from core import time
from customers.models import AttributeDefinition
from tests import factories
from tests.queries import assert_constant_queries
from tests.workspace.customer_facts import history, url
from tests.workspace.portfolio_data import days_ago, figures, names

pytestmark = pytest.mark.django_db
PAST = 40


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def was(customer, **values):
    """Say what a customer was until ten days ago."""
    for field, value in values.items():
        history(customer, field, value, days_ago(300))
        now = {
            "industry": customer.industry,
            "parent": str(customer.parent_id or ""),
            "attrs": json.dumps(customer.attributes),
        }[field]
        history(customer, field, now, days_ago(10))


def made(**fields):
    customer = factories.customer(created_at=time.now() - dt.timedelta(days=300), **fields)
    for day in (days_ago(PAST), days_ago(1)):
        figures(customer, day)
    return customer


@pytest.fixture
def parent():
    return made(name="Group")


@pytest.fixture
def moved(parent):
    for key, kind in (("erp", "text"), ("size", "number"), ("vip", "bool")):
        AttributeDefinition.objects.create(key=key, label=key, kind=kind)
    customer = made(
        name="Moved", industry="Retail", attributes={"erp": "SAP", "size": "10", "vip": True}, parent=None
    )
    was(customer, industry="Food", parent=str(parent.pk), attrs='{"erp": "Totvs", "size": "9.5"}')
    return customer


@pytest.fixture
def same(parent):
    return made(name="Same", industry="Food", attributes={"erp": "SAP", "size": "100"})


@pytest.mark.parametrize(
    ("query", "now", "then"),
    [
        ("industry=Food", ["Same"], ["Moved", "Same"]),
        ("industry=none", ["Group"], ["Group"]),
        ("industry__not=Retail", ["Group", "Same"], ["Group", "Moved", "Same"]),
        ("attr:erp=SAP", ["Moved", "Same"], ["Same"]),
        ("attr:erp=none", ["Group"], ["Group"]),
        ("attr:vip=true", ["Moved"], []),
        ("attr:vip__not=true", ["Group", "Same"], ["Group", "Moved", "Same"]),
        ("sort=-attr:size&industry__not=none", ["Same", "Moved"], ["Same", "Moved"]),
        ("sort=attr:erp&attr:erp__not=none", ["Moved", "Same"], ["Same", "Moved"]),
    ],
)
def test_filters_and_orders_of_a_past_day_go_by_what_was_then(login, manager, moved, same, query, now, then):
    client = login(manager)
    assert names(client.get(f"/portfolio/?{query}")) == now
    assert names(client.get(f"/portfolio/?{query}&as_of={days_ago(PAST)}")) == then


def test_children_of_a_past_day_are_found_by_their_parent_of_then(login, manager, moved, parent):
    client = login(manager)
    assert names(client.get(f"/portfolio/?parent={parent.pk}")) == []
    assert names(client.get(f"/portfolio/?parent={parent.pk}&as_of={days_ago(PAST)}")) == ["Moved"]
    assert names(client.get(f"/portfolio/?parent=none&as_of={days_ago(PAST)}")) == ["Group"]


def test_rows_exports_and_the_api_show_what_was_then(login, manager, moved):
    client = login(manager)
    query = f"q=moved&cols=attr:erp&as_of={days_ago(PAST)}"
    page = client.get(f"/portfolio/?{query}").content.decode()
    assert "Totvs" in page
    assert "Food" in page
    assert "Retail" not in page
    csv = b"".join(client.get(f"/portfolio/export.csv?{query}").streaming_content).decode()
    assert "Food" in csv
    assert "Totvs" in csv
    row = client.get(f"/api/v1/portfolio/?q=moved&as_of={days_ago(PAST)}").json()["results"][0]
    assert (row["industry"], row["attributes"]) == ("Food", {"erp": "Totvs", "size": "9.5"})


def test_what_customers_once_were_is_offered_on_past_days_only(login, manager, moved):
    client = login(manager)
    was(made(name="Bank", industry="Services"), industry="Banking")
    assert "Banking" not in client.get("/portfolio/?edit=industry").content.decode()
    past = client.get(f"/portfolio/?edit=industry&as_of={days_ago(PAST)}").content.decode()
    assert 'value="Banking"' in past


def test_the_customers_page_of_a_past_day_shows_its_details_and_family_of_then(login, manager, moved, parent):
    client = login(manager)
    then = days_ago(PAST).isoformat()
    page = client.get(url(moved, as_of=then))
    body = page.content.decode()
    assert "Totvs" in body
    assert "Food" in body
    assert "Retail" not in body
    assert page.context["family"].parent.name == "Group"
    assert [one.name for one in client.get(url(parent, as_of=then)).context["family"].children] == ["Moved"]
    assert not client.get(url(parent)).context["family"].children


def test_pages_say_since_when_details_are_recorded_only_where_it_matters(login, manager, moved):
    client = login(manager)
    Workspace.get()
    for since, said in ((days_ago(PAST - 1), True), (days_ago(PAST), False)):
        Workspace.objects.update(details_since=since)
        for address in (f"/portfolio/?as_of={days_ago(PAST)}", url(moved, as_of=days_ago(PAST).isoformat())):
            assert ("are recorded since" in client.get(address).content.decode()) is said


def test_the_past_list_takes_no_more_queries_with_more_customers(login, manager):
    def add(count):
        for _ in range(count):
            was(made(industry="Retail"), industry="Food")

    assert_constant_queries(login(manager), f"/portfolio/?industry=Food&rows=60&as_of={days_ago(PAST)}", add)
