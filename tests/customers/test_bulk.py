"""Many customers at once: owners, stages and tags, each with one way back; portfolios handed over."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from core.models import Event
from customers.history import value_as_of
from customers.models import Customer, CustomerHistory, Reversal, Tag
from customers.services.bulk import customers_bulk_assign, customers_bulk_stage, customers_bulk_tag
from customers.services.history import history_record
from customers.services.reversal import reversal_use
from customers.services.tags import tag_create, tag_remove, tag_rename
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)
EVE = dt.date(2026, 5, 31)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("core.time.now", lambda: dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC))


def state() -> dict:
    fields = ("pk", "owner_id", "stage", "stage_by", "stage_since", "segment")
    return {
        "rows": sorted(Customer.objects.values_list(*fields), key=str),
        "tags": sorted(Tag.customers.through.objects.values_list("customer_id", "tag__name")),
    }


def owner_on(customer, day):
    return value_as_of(customer_id=customer.pk, field="owner", day=day)


def test_an_analyst_changes_only_their_own_present_customers(analyst, manager):
    own, others = factories.customer(owner=analyst), factories.customer(owner=manager)
    gone = factories.customer(owner=analyst, archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    reversal = customers_bulk_assign(actor=analyst, customers=Customer.objects.all(), owner=None)
    assert reversal.steps[0]["ids"] == [own.pk]
    assert Customer.objects.get(pk=others.pk).owner == manager
    assert Customer.objects.get(pk=gone.pk).owner == analyst
    assert (owner_on(own, EVE), owner_on(own, TODAY)) == (analyst.email, "")
    entry = AuditEntry.objects.get(action="customer.assigned")
    assert (entry.customer_id, entry.actor, entry.changed_fields) == (own.pk, analyst, ["owner"])
    assert Event.objects.get().payload == {"first": "2026-06-01", "last": None, "what": "owner"}


def test_nobody_who_may_not_edit_becomes_an_owner(manager, viewer):
    factories.customer()
    for person in (viewer, factories.user(is_active=False)):
        with pytest.raises(ValidationError, match="may not edit"):
            customers_bulk_assign(actor=manager, customers=Customer.objects.all(), owner=person)


people = st.sampled_from(["a", "b", None])
stages = st.sampled_from(["", "onboarding", "ongoing", "support"])
tags = st.sets(st.sampled_from(["x", "y"]))
actions = st.sampled_from(["assign", "unassign", "stage", "tag", "untag", "both"])


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(people, stages, tags), min_size=1, max_size=5), action=actions)
def test_undo_after_do_is_as_before(rows, action):
    manager = factories.user(role="manager")
    team = {"a": factories.user(), "b": factories.user(), None: None}
    made = []
    for owner, stage, names in rows:
        customer = factories.customer(owner=team[owner], stage=stage, started_on=dt.date(2026, 1, 1))
        customer.tags.set([Tag.objects.get_or_create(name=name)[0] for name in names])
        made.append(customer.pk)
    chosen = Customer.objects.filter(pk__in=made)
    before = state()
    reversal = {
        "assign": lambda: customers_bulk_assign(actor=manager, customers=chosen, owner=team["a"]),
        "unassign": lambda: customers_bulk_assign(actor=manager, customers=chosen, owner=None),
        "stage": lambda: customers_bulk_stage(actor=manager, customers=chosen, stage="ongoing"),
        "tag": lambda: customers_bulk_tag(actor=manager, customers=chosen, add=["X"]),
        "untag": lambda: customers_bulk_tag(actor=manager, customers=chosen, remove=["y"]),
        "both": lambda: customers_bulk_tag(actor=manager, customers=chosen, add=["x"], remove=["y"]),
    }[action]()
    undone = reversal_use(actor=manager, reversal=reversal)
    assert undone.left == 0
    assert state() == before
    for customer in Customer.objects.filter(pk__in=made).select_related("owner"):
        told = owner_on(customer, TODAY)
        assert told is None or told == (customer.owner.email if customer.owner else "")


def test_a_row_that_changed_since_is_left_and_counted(manager, analyst):
    one, two = factories.customer(stage="onboarding"), factories.customer(stage="onboarding")
    reversal = customers_bulk_stage(actor=manager, customers=Customer.objects.all(), stage="ongoing")
    Customer.objects.filter(pk=two.pk).update(stage="support")
    undone = reversal_use(actor=manager, reversal=reversal)
    assert (undone.rows, undone.left) == (1, 1)
    assert dict(Customer.objects.values_list("pk", "stage")) == {one.pk: "onboarding", two.pk: "support"}
    with pytest.raises(ValidationError, match="already"):
        reversal_use(actor=manager, reversal=reversal)


def test_only_its_author_or_a_manager_takes_a_change_back(manager, analyst):
    factories.customer(stage="onboarding", owner=analyst)
    reversal = customers_bulk_stage(actor=analyst, customers=Customer.objects.all(), stage="ongoing")
    with pytest.raises(PermissionDenied):
        reversal_use(actor=factories.user(role="analyst"), reversal=reversal)
    assert reversal_use(actor=manager, reversal=reversal).rows == 1


@pytest.mark.parametrize("action", ["assign", "stage", "tag", "undo"])
def test_the_number_of_statements_does_not_grow_with_the_customers(manager, analyst, action):
    from django.db import connection

    def counted(number: int) -> int:
        keys = [factories.customer(stage="onboarding").pk for _n in range(number)]
        chosen = Customer.objects.filter(pk__in=keys)
        reversal: Reversal | None = None
        if action == "undo":
            reversal = customers_bulk_assign(actor=manager, customers=chosen, owner=analyst)
        with CaptureQueriesContext(connection) as seen:
            if action == "assign":
                customers_bulk_assign(actor=manager, customers=chosen, owner=analyst)
            elif action == "stage":
                customers_bulk_stage(actor=manager, customers=chosen, stage="support")
            elif action == "tag":
                customers_bulk_tag(actor=manager, customers=chosen, add=["x"])
            elif reversal is not None:
                reversal_use(actor=manager, reversal=reversal)
        return len(seen)

    counted(1)
    assert counted(3) == counted(30)


def test_a_tag_is_one_whatever_its_case(manager):
    customer = factories.customer()
    customers_bulk_tag(actor=manager, customers=Customer.objects.all(), add=["Norte", "  norte "])
    customers_bulk_tag(actor=manager, customers=Customer.objects.all(), add=["NORTE"])
    assert [tag.name for tag in customer.tags.all()] == ["Norte"]
    with pytest.raises(ValidationError, match="already"):
        tag_create(actor=manager, name="nOrte")


def test_a_renamed_tag_is_told_in_the_history_of_its_customers(manager):
    customer = factories.customer()
    customer.tags.add(Tag.objects.create(name="A"), Tag.objects.create(name="M"))
    tag_rename(actor=manager, tag=Tag.objects.get(name="A"), name="Z")
    assert value_as_of(customer_id=customer.pk, field="tag", day=EVE) == "A|M"
    assert value_as_of(customer_id=customer.pk, field="tag", day=TODAY) == "M|Z"


def test_a_tag_is_removed_only_when_nobody_carries_it(manager):
    tag = tag_create(actor=manager, name="A")
    customer = factories.customer()
    customer.tags.add(tag)
    with pytest.raises(ValidationError, match="carry"):
        tag_remove(actor=manager, tag=tag)
    customer.tags.clear()
    tag_remove(actor=manager, tag=tag)
    assert not Tag.objects.exists()


days = st.integers(0, 30).map(lambda n: EVE - dt.timedelta(days=n))


@settings(max_examples=40, deadline=None)
@given(
    moves=st.lists(st.tuples(days, st.sampled_from(["volume", "mid", "high_value"])), min_size=1, max_size=8),
    asked=days,
)
def test_history_as_of_a_day_is_the_last_value_recorded_for_a_day_up_to_it(moves, asked):
    customer = factories.customer()
    model: dict[dt.date, str] = {}
    for day, value in moves:
        history_record(
            customer=customer, field="segment", value=value, valid_from=day, decided_by="hand", actor=None
        )
        model[day] = value
    known = [day for day in sorted(model) if day <= asked]
    expected = model[known[-1]] if known else model[min(model)]
    assert value_as_of(customer_id=customer.pk, field="segment", day=asked) == expected
    kept = CustomerHistory.objects.filter(customer=customer, field="segment")
    assert kept.count() == len(moves), "what was superseded is kept"
