"""Saved views: a person's own, shared ones, the built-in ones, and changing them."""

import pytest
from django.core.cache import cache

from accounts.models import AuditEntry
from customers.models import SavedView
from tests.workspace.portfolio_data import customer, names

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def tabs(client, query: str = "") -> list[str]:
    return [str(tab.view.name) for tab in client.get(f"/portfolio/?{query}").context["page"].tabs]


BUILT_IN = [
    "All customers",
    "My customers",
    "Renewing in 6 months",
    "No contact for 30 days",
    "Usage falling",
    "Onboarding",
]


def test_what_is_shown_gets_a_name_and_comes_back_with_its_order_and_columns(analyst, login):
    customer(name="A", segment="mid", mrr=100)
    customer(name="B", segment="mid", mrr=200)
    customer(name="C", segment="volume", mrr=300)
    client = login(analyst)
    response = client.post(
        "/portfolio/views/new/?segment=mid&sort=-mrr&cols=customer,mrr&rows=30&as_of=", {"name": "Mid by MRR"}
    )
    view = SavedView.objects.get()
    assert view.query == {"segment": ["mid"], "sort": ["-mrr"], "cols": ["customer,mrr"]}
    assert response.headers["Location"] == f"/portfolio/?view=v{view.pk}"
    shown = client.get(response.headers["Location"])
    assert names(shown) == ["B", "A"]
    assert [column.key for column in shown.context["page"].portfolio.columns] == ["customer", "mrr"]
    assert tabs(client) == [*BUILT_IN, "Mid by MRR"]
    assert AuditEntry.objects.filter(action="view.created").count() == 1


def test_a_view_is_ones_own_unless_shared(analyst, manager, viewer, login):
    SavedView.objects.create(owner=analyst, name="Analyst's", query={})
    SavedView.objects.create(owner=manager, name="For all", query={}, shared=True)
    assert tabs(login(viewer)) == [*BUILT_IN, "For all"]
    assert tabs(login(analyst)) == [*BUILT_IN, "Analyst's", "For all"]


def test_own_views_stand_in_the_sidebar_with_their_counts(analyst, login):
    customer(segment="mid")
    SavedView.objects.create(owner=analyst, name="Mid ones", query={"segment": ["mid"]})
    shell = login(analyst).get("/portfolio/").context["shell"]
    assert [(item["label"], item["count"]) for item in shell["views"]] == [("Mid ones", "1")]


def test_only_a_manager_shares(analyst, manager, login):
    assert login(analyst).post("/portfolio/views/new/", {"name": "X", "shared": "on"}).status_code == 302
    assert not SavedView.objects.get().shared
    login(manager).post("/portfolio/views/new/", {"name": "Y", "shared": "on"})
    assert SavedView.objects.get(name="Y").shared


def test_a_taken_name_is_refused_and_nothing_typed_is_lost(analyst, login):
    client = login(analyst)
    client.post("/portfolio/views/new/", {"name": "Mine"})
    response = client.post("/portfolio/views/new/?segment=mid", {"name": "mine"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "You have a view called “mine” already." in page
    assert 'value="mine"' in page


def test_changing_a_filter_of_a_view_marks_it_changed_and_keeps_the_way_back(analyst, login):
    customer(name="A", segment="mid", stage="ongoing")
    view = SavedView.objects.create(owner=analyst, name="Mid ones", query={"segment": ["mid"]})
    page = login(analyst).get(f"/portfolio/?base=v{view.pk}&segment=mid&stage=ongoing").context["page"]
    current = next(tab for tab in page.tabs if tab.current)
    assert (current.view.name, current.edited) == ("Mid ones", True)
    assert page.own_view == view


def test_removing_the_last_filter_of_a_view_shows_everybody(analyst, login):
    customer(name="A", segment="mid")
    customer(name="B", segment="volume")
    view = SavedView.objects.create(owner=analyst, name="Mid ones", query={"segment": ["mid"]})
    client = login(analyst)
    page = client.get(f"/portfolio/?view=v{view.pk}").context["page"]
    assert names(client.get(f"/portfolio/{page.chips[0].remove_url}")) == ["A", "B"]


def test_sorting_a_view_does_not_leave_it(analyst, login):
    customer(name="A", segment="mid", mrr=1)
    customer(name="B", segment="mid", mrr=2)
    view = SavedView.objects.create(owner=analyst, name="Mid ones", query={"segment": ["mid"]})
    response = login(analyst).get(f"/portfolio/?view=v{view.pk}&sort=-mrr")
    assert names(response) == ["B", "A"]
    assert not response.context["page"].state.edited


def test_a_view_takes_over_what_is_shown_now_or_only_a_new_name(analyst, login):
    view = SavedView.objects.create(owner=analyst, name="Old", query={"segment": ["mid"]})
    client = login(analyst)
    client.post(f"/portfolio/views/{view.pk}/?base=v{view.pk}&stage=support", {"name": "New"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("New", {"segment": ["mid"]})
    client.post(
        f"/portfolio/views/{view.pk}/?base=v{view.pk}&stage=support", {"name": "New", "redefine": "on"}
    )
    view.refresh_from_db()
    assert view.query == {"stage": ["support"]}


def test_nobody_changes_or_removes_somebody_elses_view(analyst, manager, login):
    own = SavedView.objects.create(owner=manager, name="Own", query={})
    shared = SavedView.objects.create(owner=manager, name="Shared", query={}, shared=True)
    client = login(analyst)
    for view in (own, shared):
        assert client.get(f"/portfolio/views/{view.pk}/").status_code == 404
        assert client.post(f"/portfolio/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.count() == 2


def test_a_removed_view_is_gone_and_its_address_shows_everybody(analyst, login):
    customer(name="A", segment="volume")
    view = SavedView.objects.create(owner=analyst, name="Mine", query={"segment": ["mid"]})
    client = login(analyst)
    client.post(f"/portfolio/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    assert names(client.get(f"/portfolio/?view=v{view.pk}")) == ["A"]


def test_every_built_in_view_answers(analyst, login):
    customer(name="A", owner=analyst, stage="onboarding")
    client = login(analyst)
    for key in ("all", "mine", "renewing", "untouched", "falling", "onboarding"):
        page = client.get(f"/portfolio/?view={key}").context["page"]
        assert page.state.base == key
        assert page.total.customers == next(tab.count for tab in page.tabs if tab.current)
