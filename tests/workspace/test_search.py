"""Global search: the page, the palette, what is found in which order, and for whom."""

import pytest
from django.core.cache import cache

from accounts.models import Workspace
from core import time
from customers.models import SavedView
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def found(client, text: str):
    return client.get("/search/", {"q": text}).context["results"]


def test_names_beginning_with_the_words_come_first(manager, login):
    for name in ("Nova Vale", "Vale Verde", "Cavaleiro", "Ávale"):
        factories.customer(name=name)
    assert [one.label for one in found(login(manager), "vale").customers] == [
        "Vale Verde",
        "Nova Vale",
        "Ávale",
        "Cavaleiro",
    ]


def test_archived_customers_come_last_and_say_so(manager, login):
    factories.customer(name="Vale A", archived_at=time.now())
    factories.customer(name="Vale B")
    results = found(login(manager), "vale").customers
    assert [(one.label, one.note) for one in results] == [("Vale B", ""), ("Vale A", "Archived")]


def test_a_slip_of_the_finger_still_finds(manager, login):
    factories.customer(name="Transportadora Vale Verde")
    factories.customer(name="Padaria")
    results = found(login(manager), "transpotadora")
    assert [one.label for one in results.customers] == ["Transportadora Vale Verde"]
    assert results.guessed


def test_people_are_found_by_name_and_mail_and_lead_to_their_customer(manager, login):
    company = factories.customer(name="Vale")
    person = factories.contact(company, name="Émile Dû", email="e.du@mail.example", role="champion")
    client = login(manager)
    for text in ("emile du", "e.du@"):
        one = found(client, text).people[0]
        assert (one.label, one.note) == ("Émile Dû", "Champion · Vale")
        assert one.url == f"/customers/{company.pk}/#contact-{person.pk}"


def test_a_stranger_finds_neither_customer_nor_person(analyst, login):
    hidden = factories.customer(name="Vale")
    factories.contact(hidden, name="Marina")
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    client = login(analyst)
    assert not found(client, "vale").customers
    assert not found(client, "marina").people


def test_pages_and_views_are_found_by_what_they_are_about(admin, login):
    SavedView.objects.create(owner=admin, name="Detractors to call", query={})
    client = login(admin)
    assert [one.label for one in found(client, "detractors").views] == ["Detractors to call"]
    assert "People" in [one.label for one in found(client, "invite").pages]


def test_a_colleagues_name_leads_to_their_customers(admin, login):
    colleague = factories.user(name="Márina Duarte")
    view = found(login(admin), "marina").views[0]
    assert (view.label, view.url) == ("Customers of Márina Duarte", f"/portfolio/?owner={colleague.pk}")


def test_pages_one_may_not_open_are_not_offered(viewer, login):
    assert "People" not in [one.label for one in found(login(viewer), "").pages]


def test_the_palette_gets_a_list_and_no_page(manager, login):
    factories.customer(name="Vale <b>")
    response = login(manager).get(
        "/search/", {"q": "vale"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="palette-results"
    )
    text = response.content.decode()
    assert "<html" not in text
    assert "Vale &lt;b&gt;" in text


def test_nothing_found_says_what_to_try(manager, login):
    page = login(manager).get("/search/", {"q": "zzzzzz"}).content.decode()
    assert "Nothing found for “zzzzzz”" in page


def test_the_number_of_queries_does_not_grow_with_what_is_found(manager, login):
    def add(count: int) -> None:
        for n in range(count):
            factories.contact(factories.customer(name=f"Vale {n}"), name="Vale person")

    assert_constant_queries(login(manager), "/search/?q=vale", add)
