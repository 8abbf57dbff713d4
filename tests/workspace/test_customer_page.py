"""The customer page: what it shows to whom, now and as of a past day."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Workspace
from core import time
from customers.models import Contact
from tests import factories
from tests.queries import assert_constant_queries
from tests.workspace.customer_facts import DAY, at, everything, history, night, response, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return time.today()


def test_the_page_shows_the_figures_of_the_last_finished_night(login, analyst, today):
    customer = factories.customer(name="Vale Verde", owner=analyst, segment="high_value", city="Contagem")
    yesterday = today - DAY
    night(yesterday - 30 * DAY, customer, opening=0, mrr=20_000_00)
    night(
        yesterday,
        customer,
        opening=20_000_00,
        mrr=18_000_00,
        renewal_on=today + 41 * DAY,
        renewal_value_cents=220_800_00,
        seats=48,
        active_people_30=31,
    )
    factories.payment(customer, paid_on=yesterday, amount_cents=500_00)
    page = login(analyst).get(url(customer))
    figures = page.context["figures"]
    assert (figures.mrr, figures.mrr_change_points) == (18_000_00, pytest.approx(-10))
    assert (figures.renewal_days, figures.seats, figures.active_people) == (41, 48, 31)
    assert page.context["paid"].total == 500_00
    body = text(page)
    for part in (
        "Vale Verde",
        "R$\u00a018,000",
        "41 <small>days",
        "R$\u00a0220,800",
        "Contagem",
        "High value",
    ):
        assert part in body, part


def test_a_customer_before_its_first_night_shows_unknown_figures_not_zeros(login, analyst):
    page = login(analyst).get(url(factories.customer()))
    assert page.context["figures"].mrr is None
    assert "known after the next night" in text(page)


def test_a_stranger_gets_not_found_and_an_onlooker_no_controls(login, analyst, viewer):
    customer = factories.customer(owner=analyst)
    everything(customer, 2, until=time.today())
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    stranger = factories.user(role="analyst")
    for name in ("customer", "customer_timeline"):
        assert login(stranger).get(reverse(name, args=[customer.pk])).status_code == 404
    assert login(stranger).post(reverse("customer_log", args=[customer.pk])).status_code == 404
    Workspace.objects.update(restrict_visibility=False)
    assert 'data-key="e"' in text(login(analyst).get(url(customer)))
    for person in (viewer, stranger):
        body = text(login(person).get(url(customer)))
        for control in ("Log it", "/edit/", "/new/", "/pin/", "/archive/", "/merge/"):
            assert control not in body, control


def test_only_who_manages_customers_may_archive_and_merge(login, analyst, manager):
    customer = factories.customer(owner=analyst)
    assert reverse("customer_archive", args=[customer.pk]) not in text(login(analyst).get(url(customer)))
    body = text(login(manager).get(url(customer)))
    assert reverse("customer_archive", args=[customer.pk]) in body
    assert reverse("customer_merge", args=[customer.pk]) in body


def test_the_number_of_queries_does_not_grow_with_the_facts(login, manager, today):
    customer = factories.customer(owner=manager)
    night(today - DAY, customer, mrr=100)
    client = login(manager)
    assert_constant_queries(client, url(customer), lambda n: everything(customer, n, until=today))


def test_the_past_page_takes_no_more_queries_with_more_facts(login, manager, today):
    customer = factories.customer(owner=manager)
    night(today - DAY, customer, mrr=100, owner_id=manager.pk)
    client = login(manager)
    past = url(customer, as_of=(today - DAY).isoformat())
    assert_constant_queries(client, past, lambda n: everything(customer, n, until=today - DAY))


def test_an_archived_customer_offers_only_to_be_restored(login, manager, analyst):
    customer = factories.customer(owner=analyst, archived_at=time.now())
    restore = reverse("customer_restore", args=[customer.pk])
    body = text(login(manager).get(url(customer)))
    assert restore in body
    assert "Log it" not in body
    assert restore not in text(login(analyst).get(url(customer)))


def test_a_merged_customer_leads_to_the_one_it_went_into(login, analyst):
    kept = factories.customer()
    gone = factories.customer(archived_at=time.now(), merged_into=kept)
    page = login(analyst).get(url(gone))
    assert page.status_code == 302
    assert page["Location"] == url(kept)


def test_as_of_a_past_day_everything_is_as_it_was_then(login, analyst, today):
    then = today - 40 * DAY
    customer = factories.customer(owner=analyst, segment="high_value", stage="ongoing")
    before = factories.user(name="Earlier Owner")
    night(then, customer, mrr=700_00, segment="mid", stage="onboarding", owner_id=before.pk)
    night(today - DAY, customer, opening=700_00, mrr=900_00, segment="high_value", stage="ongoing")
    history(customer, "stage", "onboarding", then - 10 * DAY)
    history(customer, "stage", "ongoing", then + 5 * DAY)
    history(customer, "tag", "alpha", then - DAY)
    history(customer, "tag", "beta", then + DAY)
    factories.contact(customer, name="Stayed Then", active_until=then + DAY)
    factories.contact(customer, name="Came Later", active_from=then + DAY)
    factories.ticket(customer, opened_at=at(then), solved_at=at(then + DAY))
    factories.touchpoint(customer, happened_at=at(then - DAY))
    factories.touchpoint(customer, happened_at=at(then + DAY), summary="Not yet said")
    response(customer, then + DAY, comment="Ainda não dito")
    page = login(analyst).get(url(customer, as_of=then.isoformat()))
    context, body = page.context, text(page)
    who = context["who"]
    assert (who.segment, who.stage, who.owner, who.tags) == ("mid", "onboarding", before, ["alpha"])
    assert context["figures"].mrr == 700_00
    assert context["support"].open == 1
    assert time.local_day(context["last_touch"]) == then - DAY
    assert [str(person.contact) for person in context["people"]] == ["Stayed Then"]
    assert "You are looking at the end of" in body
    assert "Name and place are today" in body
    for later in ("Not yet said", "Ainda não dito", "Came Later", "beta", "Log it", "/edit/"):
        assert later not in body, later


def test_a_day_that_is_not_past_means_now(login, analyst, today):
    client = login(analyst)
    customer = factories.customer(owner=analyst)
    for raw in ("", "nonsense", today.isoformat(), (today + DAY).isoformat()):
        assert client.get(url(customer, as_of=raw)).context["seen"].live


def test_stages_say_how_long_each_took(login, analyst, today):
    customer = factories.customer(stage="ongoing")
    history(customer, "stage", "onboarding", today - 100 * DAY)
    history(customer, "stage", "ongoing", today - 30 * DAY)
    steps = login(analyst).get(url(customer)).context["steps"]
    assert [(step.state, step.days) for step in steps] == [("done", 70), ("now", 30), ("next", None)]


def test_coverage_goes_by_the_best_covered_person_of_each_role(login, analyst, today):
    customer = factories.customer()
    fresh = factories.contact(customer, role=Contact.Role.CHAMPION)
    fading = factories.contact(customer, role=Contact.Role.SPONSOR)
    factories.contact(customer, role=Contact.Role.SPONSOR)
    factories.contact(customer, role=Contact.Role.BILLING, active_until=today)
    factories.contact(customer, role=Contact.Role.END_USER)
    factories.touchpoint(customer, contact=fresh, happened_at=at(today - 45 * DAY))
    factories.touchpoint(customer, contact=fading, happened_at=at(today - 46 * DAY))
    context = login(analyst).get(url(customer)).context
    states = {str(role.label): role.state for role in context["roles"]}
    assert states == {
        "Champion": "covered",
        "Decision maker": "missing",
        "Sponsor": "fading",
        "End user": "missing",
        "Billing": "left",
    }
    assert context["roles_covered"] == 1


def test_children_count_into_the_groups_mrr(login, analyst, today):
    parent = factories.customer()
    child = factories.customer(parent=parent)
    factories.customer(parent=parent, archived_at=time.now())
    night(today - DAY, parent, mrr=300)
    night(today - DAY, child, mrr=200, renewal_on=today + DAY)
    family = login(analyst).get(url(parent)).context["family"]
    assert [one.pk for one in family.children] == [child.pk]
    assert (family.mrr, family.next_renewal) == (500, today + DAY)


def test_relatives_outside_a_restricted_view_stay_unseen(login, analyst):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    hidden = factories.customer(name="Hidden Holding")
    customer = factories.customer(owner=analyst, parent=hidden, referred_by=hidden)
    assert "Hidden Holding" not in text(login(analyst).get(url(customer)))


def test_the_page_stays_within_its_query_budget(login, manager, today):
    customer = factories.customer(owner=manager)
    everything(customer, 3, until=today)
    client = login(manager)
    client.get(url(customer))
    with CaptureQueriesContext(connection) as seen:
        client.get(url(customer))
    assert len(seen) <= 52, len(seen)
