"""Making, changing and putting aside a customer in the pages."""

import datetime as dt

import pytest

from accounts.models import AuditEntry, AuditValue
from core.models import Event
from customers.history import value_as_of
from customers.models import AttributeDefinition, Customer, CustomerHistory
from customers.services.customer import customer_update
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("core.time.now", lambda: dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC))


def posted(client, url, **changes):
    """Post a form as a browser would: every field as it was drawn, some changed."""
    form = client.get(url).context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if (
            bound.field.widget.input_type == "checkbox"
            if hasattr(bound.field.widget, "input_type")
            else False
        ):
            if value:
                data[bound.name] = "on"
            continue
        data[bound.name] = "" if value is None else bound.field.widget.format_value(value) or ""
        if isinstance(data[bound.name], list | tuple):
            data[bound.name] = data[bound.name][0] if data[bound.name] else ""
    return client.post(url, {**data, **changes})


def test_a_customer_made_in_the_page_has_segment_stage_history_and_audit(login, analyst):
    AttributeDefinition.objects.create(key="erp", label="ERP", kind="choice", choices=["SAP", "Totvs"])
    response = posted(
        login(analyst),
        "/customers/new/",
        name="Têxtil Rio Doce",
        tax_id="11222333000181",
        domain="https://www.RioDoce.com.br/a",
        started_on="2026-05-01",
        tags="Norte, vip",
        attr_erp="SAP",
    )
    customer = Customer.objects.get()
    assert response.status_code == 302, response.context["form"].errors
    assert customer.tax_id == "11.222.333/0001-81"
    assert customer.domain == "riodoce.com.br"
    assert customer.attributes == {"erp": "SAP"}
    assert (customer.segment, customer.stage, customer.owner) == ("volume", "onboarding", analyst)
    assert customer.stage_since == dt.date(2026, 5, 1)
    told = dict(CustomerHistory.objects.values_list("field", "value"))
    assert told == {"segment": "volume", "stage": "onboarding", "owner": analyst.email, "tag": "Norte|vip"}
    assert AuditEntry.objects.get(action="customer.created").customer_id == customer.pk
    assert Event.objects.get(kind="fact.changed").payload["first"] == "2026-05-01"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "required"),
        ("tax_id", "11222333000182", "check digits"),
        ("parent", "nobody", "no customer"),
        ("tags", "a|b", "vertical bar"),
        ("attr_size", "abc", "number"),
        ("external_id", "taken", "Choose another"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(login, analyst, field, value, says):
    factories.customer(external_id="taken")
    AttributeDefinition.objects.create(key="size", label="Size", kind="number")
    wrong = {"name": "Acme", "country": "Brasil", "industry": "Varejo", field: value}
    response = posted(login(analyst), "/customers/new/", **wrong)
    assert response.status_code == 422
    form = response.context["form"]
    errors = form.errors.get(field) or form.non_field_errors()
    assert says in " ".join(errors)
    assert "Varejo" in response.content.decode()
    assert Customer.objects.count() == 1


def test_the_first_wrong_field_has_the_focus(login, analyst):
    html = posted(login(analyst), "/customers/new/", name="A", parent="nobody").content.decode()
    assert html.count("autofocus") == 1
    assert (
        "autofocus" in html.split('id="id_parent"')[1].split(">")[0] + html.split('id="id_parent"')[0][-400:]
    )


def test_an_edit_changes_what_was_changed_and_tells_owner_history(login, manager, analyst):
    customer = factories.customer(owner=analyst, started_on=dt.date(2025, 1, 1))
    response = posted(
        login(manager), f"/customers/{customer.pk}/edit/", industry="Varejo", owner=str(manager.pk)
    )
    assert response.status_code == 302
    customer.refresh_from_db()
    assert (customer.industry, customer.owner, customer.version) == ("Varejo", manager, 2)
    assert customer.hand_edited == ["industry", "owner"]
    past = value_as_of(customer_id=customer.pk, field="owner", day=dt.date(2026, 5, 31))
    assert (past, value_as_of(customer_id=customer.pk, field="owner", day=TODAY)) == (
        analyst.email,
        manager.email,
    )
    values = AuditValue.objects.filter(entry__action="customer.updated", field="industry").get()
    assert (values.before, values.after) == ("", "Varejo")


def test_a_stale_form_says_what_changed_and_keeps_what_was_typed(login, manager):
    client = login(manager)
    customer = factories.customer(industry="Varejo", city="Recife")
    url = f"/customers/{customer.pk}/edit/"
    drawn = {bound.name: bound.value() or "" for bound in client.get(url).context["form"]}
    customer_update(actor=None, customer=customer, changes={"industry": "Moda", "city": "Olinda"})
    drawn.update(industry="Têxtil", tags="", owner="", onboarding_owner="", commercial_owner="")
    response = client.post(url, drawn)
    assert response.status_code == 422
    form = response.context["form"]
    assert (form["industry"].value(), form["city"].value()) == ("Têxtil", "Olinda")
    assert {(one["label"], one["before"], one["now"]) for one in response.context["theirs"]} == {
        ("Industry", "Varejo", "Moda"),
        ("City", "Recife", "Olinda"),
    }
    again = {bound.name: bound.value() or "" for bound in form}
    assert client.post(url, again).status_code == 302
    customer.refresh_from_db()
    assert (customer.industry, customer.city) == ("Têxtil", "Olinda")


def test_a_change_of_what_the_form_does_not_hold_is_no_conflict(login, manager):
    client = login(manager)
    customer = factories.customer()
    url = f"/customers/{customer.pk}/edit/"
    drawn = {bound.name: bound.value() or "" for bound in client.get(url).context["form"]}
    Customer.objects.update(segment="mid", version=7)
    assert client.post(url, {**drawn, "tags": "", "city": "Natal"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.city, customer.version) == ("Natal", 8)


PAGES = ["edit", "segment", "stage", "contacts/new", "subscriptions/new", "tickets/new", "touchpoints/new"]


@pytest.mark.parametrize("page", PAGES)
def test_who_may_edit_others_customers(login, viewer, analyst, manager, page):
    customer = factories.customer()
    url = f"/customers/{customer.pk}/{page}/"
    assert login(manager).get(url).status_code == 200
    assert login(analyst).get(url).status_code == 403
    assert login(viewer).get(url).status_code == 403
    customer.owner = analyst
    customer.save()
    assert login(analyst).get(url).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_gets_404_where_seeing_is_restricted(login, analyst, page):
    from accounts.models import Workspace

    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    customer = factories.customer()
    assert login(analyst).get(f"/customers/{customer.pk}/{page}/").status_code == 404


def test_archive_and_restore_in_the_pages(login, manager):
    client = login(manager)
    customer = factories.customer(name="Ótica Vale")
    assert client.get(f"/customers/{customer.pk}/archive/").status_code == 200
    assert client.post(f"/customers/{customer.pk}/archive/").status_code == 302
    assert not Customer.objects.present().exists()
    assert "Ótica Vale" in client.get("/customers/archived/").content.decode()
    assert client.post(f"/customers/{customer.pk}/restore/").status_code == 302
    assert Customer.objects.present().exists()
    actions = list(AuditEntry.objects.filter(customer_id=customer.pk).values_list("action", flat=True))
    assert actions == ["customer.archived", "customer.restored"]


def test_a_segment_by_hand_needs_a_reason_and_goes_back_to_the_rule(login, manager):
    client = login(manager)
    customer = factories.customer(segment="volume")
    url = f"/customers/{customer.pk}/segment/"
    assert client.post(url, {"segment": "high_value", "reason": " "}).status_code == 422
    assert client.post(url, {"segment": "high_value", "reason": "Strategic"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.segment, customer.segment_by) == ("high_value", "hand")
    row = CustomerHistory.objects.get(field="segment", valid_from=TODAY)
    assert (row.value, row.reason, row.actor) == ("high_value", "Strategic", manager)
    client.post(url, {"segment": "", "reason": ""})
    customer.refresh_from_db()
    assert (customer.segment, customer.segment_by) == ("volume", "rule")


def test_a_stage_moves_by_hand_from_a_past_day_but_not_before_its_last_move(login, manager):
    client = login(manager)
    customer = factories.customer(stage="onboarding", started_on=dt.date(2026, 1, 1))
    url = f"/customers/{customer.pk}/stage/"
    assert client.post(url, {"stage": "ongoing", "on": "2026-06-02"}).status_code == 422
    assert client.post(url, {"stage": "ongoing", "on": "2026-05-10", "reason": "Live"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.stage, customer.stage_by, customer.stage_since) == (
        "ongoing",
        "hand",
        dt.date(2026, 5, 10),
    )
    assert value_as_of(customer_id=customer.pk, field="stage", day=dt.date(2026, 5, 9)) == "onboarding"
    assert Event.objects.latest("pk").payload["first"] == "2026-05-10"
    assert client.post(url, {"stage": "support", "on": "2026-05-09"}).status_code == 422
