"""The settings of customers: rules with a preview, tags, attributes, costs, products; families."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry, AuditValue
from customers.models import (
    AcquisitionCost,
    AttributeDefinition,
    Customer,
    CustomerHistory,
    Product,
    SegmentRule,
    StageRule,
    Tag,
)
from customers.services.customer import customer_create, customer_update
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)
PAGES = ["segments", "stages", "tags", "attributes", "costs", "products"]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("core.time.now", lambda: dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC))


def sent(client, url):
    """Return what a browser would send of a page's formset."""
    formset = client.get(url).context["formset"]
    data = {bound.html_name: bound.value() for bound in formset.management_form}
    for form in formset:
        data |= {bound.html_name: bound.value() or "" for bound in form}
    return data


@pytest.mark.parametrize("page", PAGES)
def test_only_admins_set_them(login, admin, manager, page):
    assert login(admin).get(f"/settings/{page}/").status_code == 200
    assert login(manager).get(f"/settings/{page}/").status_code == 403


def test_segment_rules_are_previewed_then_saved_and_applied(login, admin):
    for mrr in (200_000, 200_000, 600_000):
        factories.subscription(factories.customer(segment="mid"), mrr_cents=mrr)
    client = login(admin)
    url = "/settings/segments/"
    data = {**sent(client, url), "form-0-value0": "2,000.00"}
    shown = client.post(url, {**data, "preview": "1"})
    assert shown.context["moving"] == ["3 customers would move from Mid to High value"]
    assert SegmentRule.objects.all()[0].conditions[0]["value"] == 500_000
    assert not Customer.objects.filter(segment="high_value").exists()
    assert client.post(url, {**data, "save": "1"}).status_code == 302
    assert SegmentRule.objects.all()[0].conditions == [{"field": "mrr", "op": "gte", "value": 200_000}]
    assert Customer.objects.filter(segment="high_value").count() == 3
    assert CustomerHistory.objects.filter(valid_from=TODAY, value="high_value").count() == 3
    value = AuditValue.objects.get(entry__action="segment_rules.changed", field="rules")
    assert value.before
    assert value.before[0]["conditions"][0]["value"] == 500_000


def test_segment_rules_look_at_seats_plan_and_tag(login, admin):
    client = login(admin)
    url = "/settings/segments/"
    data = sent(client, url)
    data |= {
        "form-0-what1": "seats:gte",
        "form-0-value1": "50",
        "form-0-what2": "tag:is",
        "form-0-value2": "Norte",
        "save": "1",
    }
    assert client.post(url, data).status_code == 302
    assert SegmentRule.objects.all()[0].conditions[1:] == [
        {"field": "seats", "op": "gte", "value": 50},
        {"field": "tag", "op": "is", "value": "Norte"},
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"form-0-value0": "1.234,5"}, "more than one way"),
        ({"form-0-value0": ""}, "Fill in the value"),
        ({"form-0-segment": ""}, "Choose the segment"),
        ({"form-0-what0": ""}, "Say what this value"),
        ({"form-0-what0": "seats:gte", "form-0-value0": "many"}, "whole number"),
        ({"form-0-what0": "", "form-0-value0": ""}, "never be reached"),
    ],
)
def test_a_wrong_rule_is_refused_where_it_is_wrong_and_nothing_typed_is_lost(login, admin, changes, says):
    client = login(admin)
    data = {**sent(client, "/settings/segments/"), **changes, "form-1-value0": "777.00", "save": "1"}
    response = client.post("/settings/segments/", data)
    html = response.content.decode()
    assert response.status_code == 422
    assert says in html
    assert "777.00" in html
    assert SegmentRule.objects.all()[0].conditions[0]["value"] == 500_000


def test_stage_rules_are_previewed_then_saved_and_applied(login, admin):
    factories.customer(stage="onboarding", stage_since=dt.date(2026, 4, 20))
    client = login(admin)
    url = "/settings/stages/"
    data = {**sent(client, url), "form-0-days": "30"}
    shown = client.post(url, {**data, "preview": "1"})
    assert shown.context["moving"] == ["1 customer would move from Onboarding to Ongoing"]
    assert client.post(url, {**data, "save": "1"}).status_code == 302
    row = Customer.objects.get()
    assert (row.stage, row.stage_since, row.stage_by) == ("ongoing", TODAY, "rule")
    assert StageRule.objects.get().days == 30


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"form-0-to_stage": "onboarding"}, "leads to the stage it starts from"),
        ({"form-0-days": ""}, "Fill in both stages"),
        (
            {"form-1-from_stage": "ongoing", "form-1-to_stage": "onboarding", "form-1-days": "1"},
            "to and fro",
        ),
    ],
)
def test_a_wrong_stage_rule_is_refused(login, admin, changes, says):
    client = login(admin)
    response = client.post("/settings/stages/", {**sent(client, "/settings/stages/"), **changes, "save": "1"})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert StageRule.objects.get().to_stage == "ongoing"


def test_an_attribute_is_defined_changed_archived_and_its_values_kept(login, admin):
    client = login(admin)
    url = "/settings/attributes/"
    new = {"label": "Ramo do ERP", "kind": "choice", "choices": "SAP\nTotvs\nSAP\n", "position": "0"}
    assert client.post(url, {**new, "choices": ""}).status_code == 422
    assert client.post(url, new).status_code == 302
    row = AttributeDefinition.objects.get()
    assert (row.key, row.choices) == ("ramo-do-erp", ["SAP", "Totvs"])
    customer = customer_create(actor=admin, name="Acme", attributes={row.key: "SAP"})
    edit = f"/settings/attributes/{row.pk}/edit/"
    refused = client.post(edit, {"label": "ERP", "choices": "Totvs", "position": "1"})
    assert refused.status_code == 422
    assert "SAP" in refused.content.decode()
    assert client.post(edit, {"label": "ERP", "choices": "SAP\nOracle", "position": "1"}).status_code == 302
    assert client.post(f"/settings/attributes/{row.pk}/archive/").status_code == 302
    with pytest.raises(ValidationError, match="no attribute"):
        customer_update(actor=admin, customer=customer, changes={"attributes": {row.key: "Oracle"}})
    customer = customer_update(actor=admin, customer=customer, changes={"name": "Acme 2"})
    assert customer.attributes == {"ramo-do-erp": "SAP"}


def test_tags_are_made_renamed_and_removed(login, admin):
    client = login(admin)
    assert client.post("/settings/tags/", {"name": "Norte"}).status_code == 302
    assert client.post("/settings/tags/", {"name": "norte"}).status_code == 422
    tag = Tag.objects.get()
    assert client.post(f"/settings/tags/{tag.pk}/edit/", {"name": "Sul"}).status_code == 302
    assert "Sul" in client.get("/settings/tags/").content.decode()
    assert client.post(f"/settings/tags/{tag.pk}/remove/").status_code == 302
    assert not Tag.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"tag.created", "tag.renamed", "tag.removed"} <= actions


def test_a_cost_of_the_same_month_and_category_replaces_the_amount(login, admin):
    client = login(admin)
    for amount in ("1,000.00", "1,200.00"):
        data = {"month": "2026-05", "category": "sales", "amount_cents": amount}
        assert client.post("/settings/costs/", data).status_code == 302
    row = AcquisitionCost.objects.get()
    assert (row.month, row.amount_cents) == (dt.date(2026, 5, 1), 120_000)
    value = AuditValue.objects.filter(entry__action="cost.set", field="amount_cents").latest("pk")
    assert (value.before, value.after) == (100_000, 120_000)
    wrong = {"month": "2026-13", "category": "sales", "amount_cents": "1"}
    assert client.post("/settings/costs/", wrong).status_code == 422


def test_a_feature_is_added_once_and_edited(login, admin):
    client = login(admin)
    data = {"product": "Core", "plan": "Pro", "feature": "Export", "event": "export", "price_cents": "9.90"}
    assert client.post("/settings/products/", data).status_code == 302
    assert client.post("/settings/products/", data).status_code == 422
    row = Product.objects.get()
    edit = f"/settings/products/{row.pk}/edit/"
    assert client.post(edit, {**data, "event": "exported"}).status_code == 302
    assert Product.objects.get().event == "exported"
    assert AuditEntry.objects.filter(action="product.updated").count() == 1


def _tags(number):
    for _n in range(number):
        tag = Tag.objects.create(name=f"t{Tag.objects.count()}")
        factories.customer().tags.add(tag)


def _attributes(number):
    for _n in range(number):
        key = f"k{AttributeDefinition.objects.count()}"
        AttributeDefinition.objects.create(key=key, label=key)


def _products(number):
    for _n in range(number):
        Product.objects.create(product="Core", feature=f"f{Product.objects.count()}")


def _costs(number):
    for _n in range(number):
        month = dt.date(2020 + AcquisitionCost.objects.count(), 1, 1)
        AcquisitionCost.objects.create(month=month, category="sales", amount_cents=1)


def _archived(number):
    for _n in range(number):
        factories.customer(owner=factories.user(), archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("url", "add"),
    [
        ("/settings/tags/", _tags),
        ("/settings/attributes/", _attributes),
        ("/settings/products/", _products),
        ("/settings/costs/", _costs),
        ("/customers/archived/", _archived),
    ],
)
def test_lists_take_the_same_number_of_queries_with_3_rows_and_30(login, admin, url, add):
    assert_constant_queries(login(admin), url, add)


def test_the_customer_form_takes_the_same_number_of_queries_with_3_attributes_and_30(login, admin):
    customer = factories.customer()
    assert_constant_queries(login(admin), f"/customers/{customer.pk}/edit/", _attributes)


def test_the_merge_page_takes_the_same_number_of_queries_with_3_candidates_and_30(login, admin):
    customer = factories.customer(domain="acme.com")

    def alike(number):
        for _n in range(number):
            factories.customer(domain="acme.com", owner=factories.user())

    assert_constant_queries(login(admin), f"/customers/{customer.pk}/merge/", alike)


def test_a_parent_among_its_own_descendants_is_refused(manager):
    top = factories.customer()
    middle = factories.customer(parent=top)
    bottom = factories.customer(parent=middle)
    for wrong in (bottom, middle, top):
        with pytest.raises(ValidationError) as refused:
            customer_update(actor=manager, customer=top, changes={"parent": wrong})
        assert "parent" in refused.value.message_dict
    customer_update(actor=manager, customer=bottom, changes={"parent": top})
    bottom.refresh_from_db()
    assert bottom.parent == top
