"""Tokens, scopes, sessions, and the two resources of this app."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import audit
from accounts.api_auth import scope_allows
from accounts.models import AuditEntry, Token, Workspace
from accounts.permissions import Perm
from accounts.principals import Integration
from accounts.services.tokens import token_create, token_revoke, token_rotate
from core import time
from customers.models import Customer
from tests import factories
from tests.queries import assert_constant_queries


def api(raw: str) -> Client:
    return Client(headers={"authorization": f"Bearer {raw}"})


def key(actor, *scopes: str, role: str | None = None) -> str:
    return token_create(actor=actor, name="k", scopes=scopes, expires_at=None, integration_role=role).raw


def patch(client: Client, person, **body: str):
    return client.patch(f"/api/v1/users/{person.pk}/", body, content_type="application/json")


def test_a_token_reads_what_its_person_may_read(analyst):
    assert api(key(analyst, "read")).get("/api/v1/users/").json()["results"][0]["email"] == analyst.email


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer zelo_", "bearer  x"])
def test_a_wrong_token_gets_401_and_a_problem(db, header):
    response = Client(headers={"authorization": header}).get("/api/v1/users/")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Bearer"


def test_an_expired_or_revoked_token_opens_nothing(analyst):
    expired = token_create(
        actor=analyst, name="k", scopes=["read"], expires_at=time.now() + dt.timedelta(days=1)
    )
    Token.objects.filter(pk=expired.token.pk).update(expires_at=time.now())
    revoked = token_create(actor=analyst, name="k", scopes=["read"], expires_at=None)
    token_revoke(actor=analyst, token=revoked.token)
    assert api(expired.raw).get("/api/v1/users/").status_code == 401
    assert api(revoked.raw).get("/api/v1/users/").status_code == 401


def test_only_the_hash_of_a_token_is_stored_and_the_page_shows_it_once(analyst, login):
    client = login(analyst)
    page = client.post("/settings/tokens/", {"name": "Warehouse", "scopes": "read", "lifetime": "30"})
    raw = page.context["made"].raw
    assert raw in page.content.decode()
    assert raw not in client.get("/settings/tokens/").content.decode()
    assert raw not in str(list(Token.objects.values()))
    assert raw not in str(list(AuditEntry.objects.values()))
    expiry = Token.objects.get().expires_at
    assert expiry is not None and 29 <= (expiry - time.now()).days <= 30


def test_an_admin_makes_a_token_for_an_integration_on_the_page(admin, login):
    data = {"name": "ERP", "scopes": ["read", "write"], "lifetime": "never", "integration_role": "manager"}
    assert login(admin).post("/settings/tokens/", data).context["made"]
    token = Token.objects.get()
    assert (token.user, token.role, token.expires_at) == (None, "manager", None)
    assert token.scopes == ["read", "write"]


def test_a_token_form_that_is_not_filled_in_says_so_and_makes_nothing(admin, login):
    response = login(admin).post(
        "/settings/tokens/", {"name": "Kept", "lifetime": "30", "integration_role": "me"}
    )
    assert response.status_code == 422
    assert b"Kept" in response.content
    assert not Token.objects.exists()


def test_last_use_is_noted(analyst):
    api(key(analyst, "read")).get("/api/v1/users/")
    assert Token.objects.get().last_used_at is not None


def test_a_role_needs_the_scope_and_a_scope_the_role(admin, manager, viewer):
    assert patch(api(key(admin, "admin")), viewer, role="analyst").status_code == 200
    assert patch(api(key(admin, "write")), viewer, role="manager").status_code == 403
    assert patch(api(key(manager, "write")), viewer, role="manager").status_code == 403
    viewer.refresh_from_db()
    assert viewer.role == "analyst"


@pytest.mark.parametrize(
    ("scopes", "method", "perm", "ingest", "allowed"),
    [
        (["read"], "GET", Perm.CUSTOMERS_VIEW, False, True),
        (["read"], "POST", Perm.CUSTOMERS_EDIT, False, False),
        (["read"], "GET", Perm.AUDIT_VIEW, False, False),
        (["write"], "GET", Perm.CUSTOMERS_VIEW, False, True),
        (["write"], "POST", Perm.CUSTOMERS_EDIT, False, True),
        (["write"], "PATCH", Perm.PEOPLE_MANAGE, False, False),
        (["ingest"], "POST", Perm.IMPORT_RUN, True, True),
        (["ingest"], "POST", Perm.CUSTOMERS_EDIT, False, False),
        (["ingest"], "GET", Perm.CUSTOMERS_VIEW, False, False),
        (["ingest", "read"], "GET", Perm.CUSTOMERS_VIEW, False, True),
        (["admin"], "DELETE", Perm.SETTINGS_MANAGE, False, True),
        ([], "GET", Perm.CUSTOMERS_VIEW, False, False),
    ],
)
def test_what_a_scope_allows(scopes, method, perm, ingest, allowed):
    assert scope_allows(Token(scopes=scopes), method, perm, ingest=ingest) is allowed


def test_the_last_admin_stays_over_the_api_too(admin):
    response = patch(api(key(admin, "admin")), admin, role="viewer")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    admin.refresh_from_db()
    assert admin.role == "admin"


def test_an_integration_acts_without_a_person_and_is_named_in_the_trail(admin, viewer):
    raw = key(admin, "admin", role="admin")
    assert patch(api(raw), viewer, role="manager").status_code == 200
    entry = AuditEntry.objects.get(action="person.role_changed")
    assert entry.actor is None
    assert entry.actor_label.startswith("k (zelo_")


def test_an_integration_sees_every_customer_its_role_may_see(admin, analyst):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    factories.customer(), factories.customer(owner=analyst)
    assert Customer.objects.visible_to(Integration(Token(role="viewer"))).count() == 2
    assert Customer.objects.editable_by(Integration(Token(role="viewer"))).count() == 0
    assert Customer.objects.editable_by(Integration(Token(role="analyst"))).count() == 2
    assert Customer.objects.visible_to(analyst).count() == 1


def test_an_integrations_token_outlives_the_admin_who_made_it(admin, viewer):
    raw = key(admin, "read", role="viewer")
    admin.is_active = False
    admin.save()
    assert api(raw).get("/api/v1/users/").status_code == 200


def test_who_may_make_which_token(admin, analyst):
    with pytest.raises(ValidationError, match="Only an admin"):
        key(analyst, "read", role="analyst")
    with pytest.raises(ValidationError, match="needs the role Admin"):
        key(analyst, "admin")
    with pytest.raises(ValidationError, match="needs the role Admin"):
        key(admin, "admin", role="manager")
    with pytest.raises(ValidationError, match="at least one"):
        key(analyst)
    with pytest.raises(ValidationError, match="past"):
        token_create(actor=analyst, name="k", scopes=["read"], expires_at=time.now())


def test_people_see_and_revoke_their_own_tokens_admins_also_the_integrations(admin, analyst, manager, login):
    key(analyst, "read")
    key(admin, "read", role="viewer")
    mine, shared = Token.objects.order_by("pk")
    assert list(login(analyst).get("/settings/tokens/").context["tokens"]) == [mine]
    assert list(login(admin).get("/settings/tokens/").context["tokens"]) == [shared]
    assert login(manager).post(f"/settings/tokens/{mine.pk}/revoke/").status_code == 404
    assert login(admin).post(f"/settings/tokens/{shared.pk}/revoke/").status_code == 302
    shared.refresh_from_db()
    assert not shared.is_live


def test_a_rotated_token_works_beside_the_new_one_for_a_day(admin, login, monkeypatch):
    old = key(admin, "read", "ingest", role="manager")
    token = Token.objects.get()
    page = login(admin).post(f"/settings/tokens/{token.pk}/rotate/")
    new = page.context["made"]
    assert (
        new.raw in page.content.decode()
        and new.raw not in login(admin).get("/settings/tokens/").content.decode()
    )
    assert (new.token.name, new.token.scopes, new.token.role) == ("k", ["read", "ingest"], "manager")
    assert (new.token.user, new.token.expires_at) == (None, None)
    assert {api(raw).get("/api/v1/users/").status_code for raw in (old, new.raw)} == {200}
    later = time.now() + dt.timedelta(hours=24)
    monkeypatch.setattr(time, "now", lambda: later)
    assert [api(raw).get("/api/v1/users/").status_code for raw in (old, new.raw)] == [401, 200]
    assert AuditEntry.objects.filter(action="token.rotated").count() == 1


def test_the_new_key_lives_as_long_as_the_old_one_was_meant_to_and_a_dead_one_has_no_heir(analyst, login):
    made = token_create(
        actor=analyst, name="k", scopes=["read"], expires_at=time.now() + dt.timedelta(days=30)
    )
    Token.objects.update(created_at=time.now() - dt.timedelta(days=29, hours=23))
    Token.objects.update(expires_at=time.now() + dt.timedelta(hours=1))
    new = token_rotate(actor=analyst, token=made.token).token
    assert new.expires_at is not None
    assert abs(new.expires_at - time.now() - dt.timedelta(days=30)) < dt.timedelta(minutes=1)
    made.token.refresh_from_db()
    assert made.token.expires_at is not None
    assert made.token.expires_at < time.now() + dt.timedelta(hours=2), "the overlap makes no key live longer"
    token_revoke(actor=analyst, token=made.token)
    login(analyst).post(f"/settings/tokens/{made.token.pk}/rotate/")
    assert Token.objects.count() == 2


def test_a_session_works_with_the_csrf_token_and_not_without(admin, viewer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert patch(client, viewer, role="analyst").status_code == 403
    client.get("/settings/workspace/")
    token = client.cookies["csrftoken"].value
    response = client.patch(
        f"/api/v1/users/{viewer.pk}/",
        {"role": "analyst"},
        content_type="application/json",
        headers={"x-csrftoken": token},
    )
    assert response.status_code == 200


def test_the_audit_resource_filters_and_tells_before_and_after(manager, admin):
    customer = factories.customer()
    audit.record(
        actor=admin,
        action="customer.updated",
        subject=customer,
        changes={"name": ("A", "B")},
        customer_id=customer.pk,
    )
    audit.record(actor=None, action="customer.created", subject=customer)
    client = Client()
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    (found,) = client.get("/api/v1/audit/", {"customer": customer.pk}).json()["results"]
    assert found["values"] == [{"field": "name", "before": "A", "after": "B", "label": ""}]
    assert len(client.get("/api/v1/audit/", {"person": admin.pk}).json()["results"]) == 1
    assert len(client.get("/api/v1/audit/", {"first": "2020-01-01"}).json()["results"]) == 2
    assert client.get("/api/v1/audit/", {"last": "2020-01-01"}).json()["results"] == []
    assert client.get("/api/v1/audit/", {"last": "yesterday"}).status_code == 400


def test_the_audit_resource_makes_the_same_queries_for_any_number_of_entries(manager, login):
    def add(count: int) -> None:
        for _ in range(count):
            audit.record(actor=manager, action="x.y", subject=("x", 1), changes={"name": ("A", "B")})

    assert_constant_queries(login(manager), "/api/v1/audit/", add)


def test_the_schema_is_read_by_session_or_token_and_describes_both(analyst, login):
    for client in (login(analyst), api(key(analyst, "read"))):
        response = client.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
        assert response.status_code == 200
        schema = response.json()
        assert "/api/v1/users/" in schema["paths"]
        assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert Client().get("/api/v1/schema/").status_code == 401


def test_the_readable_description_has_no_inline_script_or_style(analyst, login):
    page = login(analyst).get("/api/v1/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in text and " style=" not in text
    assert all("src=" in tag for tag in text.split("<script")[1:])
