"""Merging duplicates: what goes along, what stays, and the way back."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model

from accounts.models import AuditEntry
from core.models import Event
from customers.duplicates import alike, candidates
from customers.merging import moves, undecided
from customers.models import Customer, CustomerHistory, Milestone, Reversal, SuccessPlan, Tag
from customers.services.commercial import subscription_update
from customers.services.customer import customer_update
from customers.services.merge import customer_merge, merge_counts
from customers.services.reversal import reversal_use
from surveys.models import Response
from tests import factories

pytestmark = pytest.mark.django_db
BOOKKEEPING = {"version", "updated_at"}


def state() -> dict:
    """Everything a merge may change, but for versions."""
    tables: list[type[Model]] = [Customer, *(move.model for move in moves())]
    rows = {
        (model._meta.label, row["id"]): {k: v for k, v in row.items() if k not in BOOKKEEPING}
        for model in tables
        for row in model._default_manager.values()
    }
    tags = sorted(Tag.customers.through.objects.values_list("customer_id", "tag_id"))
    return {"rows": rows, "tags": tags}


@pytest.fixture
def pair(analyst):
    survivor = factories.customer(name="Ótica Vale", city="Recife", attributes={"erp": "SAP"})
    other = factories.customer(
        name="Otica Vale Ltda",
        domain="vale.com",
        owner=analyst,
        attributes={"erp": "Totvs", "size": "5"},
        started_on=dt.date(2025, 3, 1),
    )
    factories.contact(survivor, email="ana@vale.com")
    factories.contact(other, email="ANA@vale.com")
    factories.contact(other, email="rui@vale.com")
    factories.subscription(other)
    factories.contract(other)
    factories.payment(other)
    factories.ticket(other)
    factories.touchpoint(other)
    factories.usage(other)
    Milestone.objects.create(customer=survivor, milestone="Live", reached_on=dt.date(2025, 4, 1))
    Milestone.objects.create(customer=other, milestone="Live", reached_on=dt.date(2025, 5, 1))
    Response.objects.create(
        external_id="r1",
        survey="nps",
        customer=other,
        score=9,
        answered_at=dt.datetime(2025, 6, 1, tzinfo=dt.UTC),
    )
    other.tags.add(Tag.objects.create(name="Norte"))
    factories.customer(parent=other)
    factories.customer(referred_by=other)
    return survivor, other


def test_a_merge_moves_what_belongs_to_the_other_and_keeps_what_the_survivor_has(manager, pair):
    survivor, other = pair
    counts = {
        str(one.label): (one.moving, one.staying) for one in merge_counts(survivor=survivor, other=other)
    }
    assert counts["People"] == (1, 1)
    assert counts["Milestones"] == (0, 1)
    assert counts["Usage events"] == (1, 0)
    customer_merge(actor=manager, survivor=survivor, other=other)
    survivor.refresh_from_db()
    other.refresh_from_db()
    assert (survivor.name, survivor.city, survivor.domain) == ("Ótica Vale", "Recife", "vale.com")
    assert survivor.attributes == {"erp": "SAP", "size": "5"}
    assert survivor.owner_id == other.owner_id
    assert other.merged_into == survivor
    assert other.archived_at is not None
    assert survivor.subscriptions.count() == survivor.tickets.count() == survivor.responses.count() == 1
    assert sorted(survivor.contacts.values_list("email", flat=True)) == ["ana@vale.com", "rui@vale.com"]
    assert (survivor.children.count(), survivor.referrals.count()) == (1, 1)
    assert list(survivor.tags.values_list("name", flat=True)) == ["Norte"]
    stale = {
        event.customer_id: event.payload["first"] for event in Event.objects.filter(payload__what="merge")
    }
    assert stale == {survivor.pk: "2025-03-01", other.pk: "2025-03-01"}
    assert AuditEntry.objects.filter(action="customer.merged", customer_id=survivor.pk).exists()


def test_undo_of_a_merge_restores_exactly(manager, pair):
    survivor, other = pair
    before = state()
    reversal = customer_merge(
        actor=manager, survivor=survivor, other=other, choices={"name": "other", "attr_erp": "other"}
    )
    survivor.refresh_from_db()
    assert (survivor.name, survivor.attributes["erp"]) == ("Otica Vale Ltda", "Totvs")
    assert state() != before
    undone = reversal_use(actor=manager, reversal=reversal)
    assert undone.left == 0
    assert state() == before


def test_both_histories_are_kept(manager, pair):
    survivor, other = pair
    CustomerHistory.objects.create(
        customer=other, field="segment", valid_from=dt.date(2025, 1, 1), value="mid"
    )
    customer_merge(actor=manager, survivor=survivor, other=other)
    assert CustomerHistory.objects.get(field="segment").customer_id == other.pk


def test_a_merge_is_taken_back_once_and_only_while_nothing_of_it_was_changed(manager, pair):
    survivor, other = pair
    reversal = customer_merge(actor=manager, survivor=survivor, other=other)
    subscription = survivor.subscriptions.get()
    subscription_update(actor=manager, subscription=subscription, changes={"mrr_cents": 5})
    merged = state()
    with pytest.raises(ValidationError, match="changed since"):
        reversal_use(actor=manager, reversal=reversal)
    assert state() == merged
    assert Reversal.objects.get().used_at is None


def test_a_field_changed_after_the_merge_keeps_it_from_being_taken_back(manager, pair):
    survivor, other = pair
    reversal = customer_merge(actor=manager, survivor=survivor, other=other)
    customer_update(actor=manager, customer=survivor, changes={"attributes": {}, "domain": "new.com"})
    with pytest.raises(ValidationError, match="changed since"):
        reversal_use(actor=manager, reversal=reversal)


def test_a_merge_twice_taken_back_says_so(manager, pair):
    survivor, other = pair
    reversal = customer_merge(actor=manager, survivor=survivor, other=other)
    reversal_use(actor=manager, reversal=reversal)
    with pytest.raises(ValidationError, match="already"):
        reversal_use(actor=manager, reversal=reversal)


def test_parent_and_child_merge_without_a_circle(manager):
    top = factories.customer()
    parent = factories.customer(parent=top)
    child = factories.customer(parent=parent)
    before = state()
    reversal = customer_merge(actor=manager, survivor=child, other=parent)
    child.refresh_from_db()
    assert child.parent == top
    reversal_use(actor=manager, reversal=reversal)
    assert state() == before


def test_one_cannot_be_merged_with_itself_nor_with_an_archived_one(manager):
    one = factories.customer()
    with pytest.raises(ValidationError, match="itself"):
        customer_merge(actor=manager, survivor=one, other=one)
    gone = factories.customer(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(ValidationError, match="archived"):
        customer_merge(actor=manager, survivor=one, other=gone)


def test_every_table_that_names_a_customer_is_decided_on():
    assert undecided(Customer) == []
    assert apps.get_model("metrics.UsageEvent") in {move.model for move in moves()}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ótica Vale", "OTICA VALE LTDA", True),
        ("Têxtil Rio Doce S/A", "Textil Rio Doce", True),
        ("Padaria Central", "Padaria Centrall", True),
        ("Ótica Vale", "Ótica Norte", False),
        ("Acme", "Zenith", False),
    ],
)
def test_names_that_may_be_one_company(one, other, same):
    assert alike(one, other) is same


def test_candidates_by_tax_id_domain_and_name():
    customer = factories.customer(name="Ótica Vale", tax_id="11.222.333/0001-81", domain="vale.com")
    by_tax = factories.customer(name="X", tax_id="11222333000181")
    by_domain = factories.customer(name="Y", domain="VALE.com")
    by_name = factories.customer(name="Ótica Vale ME")
    factories.customer(name="Ótica Vale", archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    found = [(one.customer.pk, one.why) for one in candidates(customer, Customer.objects.all())]
    assert found == [(by_tax.pk, "tax_id"), (by_domain.pk, "domain"), (by_name.pk, "name")]


def test_the_merge_page_previews_merges_and_offers_the_way_back(login, manager, analyst, pair):
    survivor, other = pair
    client = login(manager)
    url = f"/customers/{survivor.pk}/merge/"
    assert login(analyst).get(url).status_code == 403
    assert "Otica Vale Ltda" in client.get(url).content.decode()
    page = client.get(f"{url}?other={other.pk}").content.decode()
    assert "Usage events" in page
    assert Customer.objects.filter(merged_into__isnull=False).count() == 0
    assert client.post(url, {"other": other.pk, "keep_name": "other"}).status_code == 302
    survivor.refresh_from_db()
    assert survivor.name == "Otica Vale Ltda"
    moved_on = client.get(f"/customers/{other.pk}/")
    assert (moved_on.status_code, moved_on["Location"]) == (302, f"/customers/{survivor.pk}/")
    reversal = Reversal.objects.get()
    assert client.post(f"/portfolio/undo/{reversal.pk}/").status_code == 302
    survivor.refresh_from_db()
    assert survivor.name == "Ótica Vale"


def test_the_plans_text_goes_along_unless_the_survivor_has_its_own(manager):
    survivor, other, third = (factories.customer() for _n in range(3))
    plan = SuccessPlan.objects.create(customer=other, promise="Faster")
    reversal = customer_merge(actor=manager, survivor=survivor, other=other)
    plan.refresh_from_db()
    assert plan.customer == survivor
    reversal_use(actor=manager, reversal=reversal)
    plan.refresh_from_db()
    assert plan.customer == other
    own = SuccessPlan.objects.create(customer=third, promise="Cheaper")
    customer_merge(actor=manager, survivor=third, other=Customer.objects.get(pk=other.pk))
    plan.refresh_from_db()
    assert plan.customer == other and list(third.success_plans.all()) == [own]
