"""Fields that name a customer: what they offer while one types, and what they take."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Workspace
from core import time
from customers.forms.fields import CustomerField, named
from customers.models import Customer
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def offered(client, text, **more):
    answer = client.get("/customers/lookup/", {"q": text, **more})
    assert answer.status_code == 200
    return [one["value"] for one in answer.json()["found"]]


def test_customers_are_offered_by_name_number_or_person_without_archived_ones_and_itself(login, manager):
    vale = factories.customer(name="Vale Verde", external_id="c-1", city="Castro", industry="Food")
    other = factories.customer(name="Nova Vale", external_id="c-2")
    factories.contact(other, name="Émile Dû")
    factories.customer(name="Vale Antigo", archived_at=time.now())
    client = login(manager)
    assert offered(client, "vale") == ["Vale Verde (c-1)", "Nova Vale (c-2)"]
    assert offered(client, "emile du") == ["Nova Vale (c-2)"]
    assert offered(client, "vale", **{"not": vale.pk}) == ["Nova Vale (c-2)"]
    assert offered(client, "  ") == []
    found = client.get("/customers/lookup/?q=c-1").json()["found"]
    assert found == [{"value": "Vale Verde (c-1)", "name": "Vale Verde", "note": "Food · Castro"}]


def test_nobody_is_offered_whom_the_person_may_not_see(login, analyst):
    factories.customer(name="Vale hidden")
    mine = factories.customer(name="Vale mine", owner=analyst)
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    assert offered(login(analyst), "vale") == [named(mine)]


def test_the_queries_do_not_grow_with_what_is_offered(login, manager):
    def add(count):
        for n in range(count):
            factories.customer(name=f"Vale {n}")

    assert_constant_queries(login(manager), "/customers/lookup/?q=vale", add)


def test_the_field_takes_what_it_offers_and_what_is_typed_by_hand(db):
    same = [factories.customer(name="Vale (Sul)", external_id=f"v({n})") for n in range(2)]
    field = CustomerField(required=False)
    field.customers = Customer.objects.all()
    assert field.clean(named(same[1])) == same[1]
    assert field.clean("v(0)") == same[0]
    assert field.clean("") is None
    for text in ("vale (sul)", "Other (v(0))", "nobody"):
        with pytest.raises(ValidationError):
            field.clean(text)


def test_the_form_of_a_customer_looks_up_others_and_keeps_what_stands_there(login, manager):
    parent = factories.customer(name="Grupo Vale", external_id="g-1")
    child = factories.customer(name="Vale", parent=parent)
    client = login(manager)
    form = client.get(f"/customers/{child.pk}/edit/").content.decode()
    assert f'data-lookup="/customers/lookup/?not={child.pk}"' in form
    assert 'value="Grupo Vale (g-1)"' in form
