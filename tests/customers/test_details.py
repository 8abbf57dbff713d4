"""Industry, parent company and attributes are recorded as they change, by every way they change."""

import datetime as dt

import pytest

from accounts.models import Workspace
from core import time
from customers.details import details_as_of, details_now, unrecorded_until
from customers.family import descendants
from customers.models import AttributeDefinition, Customer, CustomerHistory
from customers.services.customer import customer_create, customer_update
from customers.services.merge import customer_merge
from customers.services.reversal import reversal_use
from ingest import jobs
from ingest.models import Batch
from ingest.services.undo import undo_start
from tests import factories
from tests.ingest.files import csv_text, run_import

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    """A clock that starts at noon of a day and is moved by hand."""

    class Clock:
        now = dt.datetime(2026, 6, 1, 15, tzinfo=dt.UTC)

        def next(self, days=1):
            self.now += days * DAY
            return time.today()

    one = Clock()
    monkeypatch.setattr("core.time.now", lambda: one.now)
    AttributeDefinition.objects.create(key="erp", label="ERP")
    return one


def on(customer, day):
    row = Customer.objects.get(pk=customer.pk)
    found = details_as_of([row], day)[row.pk]
    return found.industry, found.parent_id, found.attributes


def recorded():
    return CustomerHistory.objects.filter(field__in=("industry", "parent", "attrs"))


def written_down():
    """Date the customers by the test's clock, which the database's own stamp does not follow."""
    Customer.objects.update(created_at=time.now())


def old(**fields):
    return factories.customer(created_at=time.now() - 90 * DAY, started_on=dt.date(2026, 1, 1), **fields)


def test_an_edit_is_recorded_from_its_day_with_what_held_before(clock, manager):
    parent = old()
    customer = old(industry="Food", attributes={"erp": "SAP"})
    eve = time.today() - DAY
    changes = {"industry": "Retail", "parent": parent, "attributes": {"erp": "Totvs"}}
    customer_update(actor=manager, customer=customer, changes=changes)
    assert on(customer, eve) == ("Food", None, {"erp": "SAP"})
    assert on(customer, time.today()) == ("Retail", parent.pk, {"erp": "Totvs"})
    clock.next()
    customer_update(actor=manager, customer=customer, changes={"parent": None, "name": "Other"})
    assert on(customer, eve + DAY) == ("Retail", parent.pk, {"erp": "Totvs"})
    assert on(customer, eve + 2 * DAY) == ("Retail", None, {"erp": "Totvs"})
    assert recorded().count() == 7
    row = recorded().filter(field="industry").latest("pk")
    assert (row.value, row.decided_by, row.actor) == ("Retail", "hand", manager)


def test_who_never_changed_is_as_today_and_the_first_day_is_still_being_written_down(clock, manager):
    customer = customer_create(actor=manager, name="New", industry="Food")
    customer_update(actor=manager, customer=customer, changes={"industry": "Retail"})
    assert not recorded().exists()
    assert on(customer, time.today() - 50 * DAY) == ("Retail", None, {})
    assert (
        details_now(Customer.objects.get())
        == details_as_of([Customer.objects.get()], time.today())[customer.pk]
    )


def test_a_file_records_what_it_changes_and_taking_it_back_too(clock, manager, tmp_path):
    header = "external_id,name,industry,attr:erp,parent_external_id"
    run_import(tmp_path, "customers", csv_text(header, "a,A,Food,SAP,b", "b,B,,,", "c,C,,,"))
    assert not recorded().exists()
    written_down()
    first = time.today()
    second = clock.next()
    run_import(tmp_path, "customers", csv_text(header, "a,A,Retail,Totvs,c"))
    a, b, c = Customer.objects.order_by("external_id")
    assert on(a, first) == ("Food", b.pk, {"erp": "SAP"})
    assert on(a, second) == ("Retail", c.pk, {"erp": "Totvs"})
    assert {row.decided_by for row in recorded().filter(valid_from=second)} == {"file"}
    third = clock.next()
    undo_start(batch=Batch.objects.order_by("-pk")[0], actor=manager)
    while jobs.work():
        pass
    assert on(a, second) == ("Retail", c.pk, {"erp": "Totvs"})
    assert on(a, third) == ("Food", b.pk, {"erp": "SAP"})


def test_a_merge_records_what_it_changes_and_taking_it_back_too(clock, manager):
    survivor = old(industry="Food")
    other = old(industry="Retail", attributes={"erp": "SAP"})
    child = old(parent=other)
    eve, today = time.today() - DAY, time.today()
    reversal = customer_merge(actor=manager, survivor=survivor, other=other, choices={"industry": "other"})
    assert on(survivor, eve) == ("Food", None, {})
    assert on(survivor, today) == ("Retail", None, {"erp": "SAP"})
    assert (on(child, eve)[1], on(child, today)[1]) == (other.pk, survivor.pk)
    after = clock.next()
    reversal_use(actor=manager, reversal=reversal)
    assert on(survivor, today) == ("Retail", None, {"erp": "SAP"})
    assert on(survivor, after) == ("Food", None, {})
    assert (on(child, today)[1], on(child, after)[1]) == (survivor.pk, other.pk)


def test_children_are_those_of_the_day(clock, manager):
    top, middle, leaf = old(), old(), old()
    customer_update(actor=manager, customer=middle, changes={"parent": top})
    then = clock.next()
    customer_update(actor=manager, customer=leaf, changes={"parent": middle})
    clock.next()
    customer_update(actor=manager, customer=middle, changes={"parent": None})
    assert descendants(top, then - 2 * DAY) == set()
    assert descendants(top, then - DAY) == {middle.pk}
    assert descendants(top, then) == {middle.pk, leaf.pk}
    assert descendants(top) == set()


def test_it_is_said_since_when_details_are_known(clock):
    Workspace.get()
    Workspace.objects.update(details_since=dt.date(2026, 3, 1))
    late = factories.customer(created_at=dt.datetime(2026, 4, 10, 12, tzinfo=dt.UTC))
    assert unrecorded_until(dt.date(2026, 2, 28)) == dt.date(2026, 3, 1)
    assert unrecorded_until(dt.date(2026, 3, 1)) is None
    assert unrecorded_until(dt.date(2026, 3, 1), late) == dt.date(2026, 4, 10)


def test_many_customers_are_read_and_recorded_in_a_fixed_number_of_queries(
    clock, manager, tmp_path, django_assert_num_queries
):
    header = "external_id,name,industry"
    names = [f"c{n}" for n in range(30)]
    run_import(tmp_path, "customers", csv_text(header, *(f"{one},{one},Food" for one in names)))
    written_down()
    clock.next()
    run_import(tmp_path, "customers", csv_text(header, *(f"{one},{one},Retail" for one in names)))
    rows = list(Customer.objects.all())
    with django_assert_num_queries(1):
        found = details_as_of(rows, time.today() - DAY)
    assert {one.industry for one in found.values()} == {"Food"}
