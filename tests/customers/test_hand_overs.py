"""Customers change hands piece by piece when people leave or join; a kill in between costs nothing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.services.people import person_disable
from core import time
from core.models import Event, WorkState
from customers.models import Customer, HandOver
from customers.services import hand_overs
from customers.services.hand_overs import hand_over_now, hand_over_start, hear_people_joined
from customers.services.reversal import reversal_use
from tests import factories
from tests.customers.test_bulk_pieces import database_failing_at
from workspace import people
from workspace.people import person_leave

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pieces_of_two(monkeypatch):
    monkeypatch.setattr(hand_overs, "PIECE", 2)


def everything(person) -> dict:
    return dict.fromkeys(("cs", "onboarding", "commercial"), person)


def start(actor, leaver, successors) -> HandOver:
    order = hand_over_start(actor=actor, leaver=leaver, successors=successors)
    assert order is not None
    return order


def joined(person) -> list[Event]:
    return [Event(kind="person.joined", payload={"user_id": person.pk})]


def test_a_portfolio_is_handed_over_in_all_functions_and_can_be_taken_back(manager, analyst):
    successor = factories.user()
    for column in ("owner", "onboarding_owner", "commercial_owner"):
        for _ in range(3):
            factories.customer(**{column: analyst})
    factories.customer(owner=analyst, archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    order = start(manager, analyst, everything(successor))
    assert hand_overs.work() == 1
    order.refresh_from_db()
    assert order.state == WorkState.DONE
    assert Customer.objects.owned_by(successor).count() == 10
    assert not Customer.objects.owned_by(analyst).exists()
    assert order.reversal is not None
    assert order.reversal.summary == f"10 customers of {analyst} handed over"
    reversal_use(actor=manager, reversal=order.reversal)
    assert Customer.objects.owned_by(analyst).count() == 10


def test_only_the_named_functions_are_handed_over(manager, analyst):
    factories.customer(owner=analyst, commercial_owner=analyst)
    start(manager, analyst, {"commercial": None})
    hand_overs.work()
    row = Customer.objects.get()
    assert (row.owner, row.commercial_owner) == (analyst, None)


def test_nothing_is_ordered_where_nothing_is_to_be_handed_over(manager, analyst):
    assert hand_over_start(actor=manager, leaver=analyst, successors=everything(None)) is None


@pytest.mark.parametrize("statement", ['UPDATE "customers_customer"', 'UPDATE "customers_handover"'])
def test_what_an_interruption_left_is_handed_over_later_and_nothing_twice(manager, analyst, statement):
    successor = factories.user()
    for _ in range(5):
        factories.customer(owner=analyst)
    order = start(manager, analyst, everything(successor))
    with database_failing_at(statement, 2):
        hand_overs.work()
    order.refresh_from_db()
    assert order.state == WorkState.WAITING
    assert 0 < Customer.objects.owned_by(analyst).count() < 5 or statement.endswith('over"')
    assert not hand_overs.work(), "tried again after a pause"
    HandOver.objects.update(due_at=time.now())
    assert hand_overs.work() == 1
    assert Customer.objects.owned_by(successor).count() == 5
    assert AuditEntry.objects.filter(action="customer.handed_over").count() == 5


def test_what_a_dead_worker_held_is_taken_over(manager, analyst):
    factories.customer(owner=analyst)
    start(manager, analyst, everything(None))
    HandOver.objects.claim(limit=1, lease=dt.timedelta(seconds=-1))
    assert hand_overs.due()
    assert hand_overs.work() == 1
    assert Customer.objects.get().owner is None


def test_what_takes_long_is_left_to_the_workers(manager, analyst, monkeypatch):
    for _ in range(5):
        factories.customer(owner=analyst)
    order = hand_over_now(start(manager, analyst, everything(None)), seconds=-1)
    assert order.state == WorkState.WAITING
    assert Customer.objects.owned_by(analyst).count() == 3
    assert hand_overs.work() == 1
    assert not Customer.objects.owned_by(analyst).exists()


def test_customers_do_not_go_to_who_left_meanwhile(admin, analyst):
    successor = factories.user()
    for _ in range(3):
        factories.customer(owner=analyst)
    order = hand_over_now(start(admin, analyst, everything(successor)), seconds=-1)
    person_disable(actor=admin, person=successor)
    hand_overs.work()
    order.refresh_from_db()
    assert order.state == WorkState.DONE
    assert Customer.objects.owned_by(successor).count() == 2, "their own hand-over takes care of these"
    assert Customer.objects.filter(owner=None).count() == 1


def test_who_takes_over_must_be_somebody_else_who_may(manager, analyst, viewer):
    with pytest.raises(ValidationError, match="somebody else"):
        hand_over_start(actor=manager, leaver=analyst, successors=everything(analyst))
    with pytest.raises(ValidationError, match="may not edit"):
        hand_over_start(actor=manager, leaver=analyst, successors=everything(viewer))


def test_a_person_is_handed_over_once_at_a_time(manager, analyst):
    factories.customer(owner=analyst)
    start(manager, analyst, everything(None))
    with pytest.raises(ValidationError, match="already"):
        hand_over_start(actor=manager, leaver=analyst, successors=everything(None))
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(leaver=analyst)


@pytest.mark.parametrize("both", [True, False])
def test_a_hand_over_is_of_one_person(analyst, manager, both):
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(leaver=analyst if both else None, joiner=manager if both else None)


def test_who_joins_gets_the_customers_an_import_named_them_for(analyst, manager):
    wanted = [factories.customer(wanted_owner_email=analyst.email.upper()) for _ in range(3)]
    taken = factories.customer(wanted_owner_email=analyst.email, owner=manager)
    hear_people_joined(joined(analyst))
    assert hand_overs.work() == 1
    for customer in wanted:
        customer.refresh_from_db()
        assert (customer.owner, customer.wanted_owner_email) == (analyst, "")
    taken.refresh_from_db()
    assert (taken.owner, taken.wanted_owner_email) == (manager, "")
    hear_people_joined(joined(analyst))
    assert not hand_overs.due()


def test_customers_wait_on_for_who_joins_as_a_viewer(viewer, analyst, admin):
    customer = factories.customer(wanted_owner_email=viewer.email)
    hear_people_joined(joined(viewer))
    assert not hand_overs.due()
    other = factories.customer(wanted_owner_email=analyst.email)
    hear_people_joined(joined(analyst))
    person_disable(actor=admin, person=analyst)
    hand_overs.work()
    for row in (customer, other):
        row.refresh_from_db()
        assert (row.owner, bool(row.wanted_owner_email)) == (None, True)


def test_who_is_disabled_is_out_at_once_however_long_the_handing_over_takes(
    admin, analyst, login, monkeypatch
):
    for _ in range(5):
        factories.customer(owner=analyst)
    monkeypatch.setattr(people, "AT_ONCE_SECONDS", -1)
    page = login(admin).post(reverse("person_disable", args=[analyst.pk]), follow=True).content.decode()
    assert "goes on in the background" in page
    analyst.refresh_from_db()
    assert not analyst.is_active
    assert hand_overs.work() == 1
    assert not Customer.objects.owned_by(analyst).exists()


def test_a_small_portfolio_is_handed_over_at_once_or_nobody_is_disabled(admin, analyst, viewer):
    factories.customer(owner=analyst)
    with pytest.raises(ValidationError):
        person_leave(actor=admin, person=analyst, successors={"cs": viewer})
    analyst.refresh_from_db()
    assert analyst.is_active
    order = person_leave(actor=admin, person=analyst, successors={"cs": admin})
    assert order is not None and order.state == WorkState.DONE
    assert Customer.objects.get().owner == admin


def test_a_failure_is_given_up_after_eight_times(manager, analyst):
    factories.customer(owner=analyst)
    order = start(manager, analyst, everything(None))
    for _ in range(hand_overs.MOST_ATTEMPTS):
        HandOver.objects.update(due_at=time.now())
        with database_failing_at('UPDATE "customers_customer"', 1):
            hand_overs.work()
    order.refresh_from_db()
    assert (order.state, OperationalError.__name__ in order.error) == (WorkState.FAILED, True)
