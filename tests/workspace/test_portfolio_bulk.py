"""Changing many customers at once from the portfolio, and taking it back."""

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache

from accounts.models import AuditEntry
from core import time
from customers.models import Customer, CustomerHistory, Reversal
from tests import factories
from tests.workspace.portfolio_data import customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_ticked_customers_get_an_owner_and_one_undo_takes_it_back(manager, login):
    other = factories.user(name="Ana Prado")
    chosen = [customer(owner=manager), customer(), customer()]
    left = customer()
    client = login(manager)
    response = client.post(
        "/portfolio/bulk/",
        {"id": [c.pk for c in chosen], "owner": str(other.pk), "state": "segment=mid&sort=-mrr"},
    )
    assert response.headers["Location"] == "/portfolio/?segment=mid&sort=-mrr"
    assert said(response) == ["3 customers assigned to Ana Prado"]
    assert Customer.objects.filter(owner=other).count() == 3
    left.refresh_from_db()
    assert left.owner is None
    assert AuditEntry.objects.filter(action="customer.assigned").count() == 3
    assert CustomerHistory.objects.filter(field="owner", value=other.email).count() == 3

    reversal = Reversal.objects.get()
    back = client.post(f"/portfolio/undo/{reversal.pk}/", {"next": "/portfolio/?segment=mid"})
    assert back.headers["Location"] == "/portfolio/?segment=mid"
    assert list(
        Customer.objects.filter(pk__in=[c.pk for c in chosen]).order_by("pk").values_list("owner", flat=True)
    ) == [
        manager.pk,
        None,
        None,
    ]


def test_everybody_in_the_view_and_nobody_else(manager, login):
    for n in range(20):
        customer(name=f"Mid {n}", segment="mid")
    customer(name="Volume", segment="volume")
    login(manager).post(
        "/portfolio/bulk/", {"all": "1", "state": "segment=mid", "do": "tag", "tag": "campaign"}
    )
    assert Customer.objects.filter(tags__name="campaign").count() == 20
    assert not Customer.objects.filter(tags__name="campaign", segment="volume").exists()


def test_a_tag_is_taken_off_and_undo_puts_it_back(manager, login):
    made = customer(tags=("old",))
    client = login(manager)
    client.post("/portfolio/bulk/", {"id": [made.pk], "do": "untag", "tag": "old"})
    assert not made.tags.exists()
    client.post(f"/portfolio/undo/{Reversal.objects.get().pk}/")
    assert [tag.name for tag in made.tags.all()] == ["old"]


def test_a_stage_is_set_from_today(manager, login):
    made = customer(stage="onboarding")
    login(manager).post("/portfolio/bulk/", {"id": [made.pk], "stage": "ongoing"})
    made.refresh_from_db()
    assert (made.stage, made.stage_by, made.stage_since) == ("ongoing", "hand", time.today())


def test_an_analyst_changes_only_their_own_and_is_told_what_was_left(analyst, login):
    mine, theirs = customer(owner=analyst), customer(stage="ongoing")
    response = login(analyst).post("/portfolio/bulk/", {"id": [mine.pk, theirs.pk], "stage": "support"})
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.stage, theirs.stage) == ("support", "ongoing")
    assert said(response) == [
        "1 customer moved to Support. 1 was left: it is not yours to change, or it is archived."
    ]


def test_an_analyst_who_gives_customers_away_is_not_told_they_were_left(analyst, login):
    other = factories.user(name="Ana Prado")
    mine = customer(owner=analyst)
    response = login(analyst).post("/portfolio/bulk/", {"id": [mine.pk], "owner": str(other.pk)})
    assert said(response) == ["1 customer assigned to Ana Prado"]


@pytest.mark.parametrize(
    ("posted", "why"),
    [
        ({"stage": "ongoing"}, "Select at least one customer first."),
        ({"stage": "gone", "id": "CUSTOMER"}, "Choose one of the stages."),
        (
            {"owner": "999999", "id": "CUSTOMER"},
            "This person cannot look after customers. Choose another one.",
        ),
        ({"do": "tag", "tag": " ", "id": "CUSTOMER"}, "A tag needs a name."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(manager, login, posted, why):
    made = customer(stage="onboarding")
    posted = {name: str(made.pk) if value == "CUSTOMER" else value for name, value in posted.items()}
    response = login(manager).post("/portfolio/bulk/", posted)
    assert said(response) == [why]
    assert not Reversal.objects.exists()


def test_a_viewer_may_not(viewer, login):
    made = customer(stage="onboarding")
    assert login(viewer).post("/portfolio/bulk/", {"id": [made.pk], "stage": "ongoing"}).status_code == 403


def test_a_stranger_cannot_undo_and_is_not_told_that_it_exists(analyst, manager, login):
    made = customer(stage="onboarding")
    login(manager).post("/portfolio/bulk/", {"id": [made.pk], "stage": "ongoing"})
    assert login(analyst).post(f"/portfolio/undo/{Reversal.objects.get().pk}/").status_code == 404


def test_undo_works_once_and_leads_nowhere_else(manager, login):
    made = customer(stage="onboarding")
    client = login(manager)
    client.post("/portfolio/bulk/", {"id": [made.pk], "stage": "ongoing"})
    url = f"/portfolio/undo/{Reversal.objects.get().pk}/"
    assert client.post(url, {"next": "https://evil.example/"}).headers["Location"] == "/portfolio/"
    assert said(client.post(url))[-1] == "This was taken back already."
