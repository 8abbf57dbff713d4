"""The team: roles, leaving, coming back."""

import threading

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, AuditValue, User
from accounts.services.people import person_disable, person_enable, person_role_change, profile_update
from accounts.services.tokens import token_create
from customers.models import CustomerHistory
from tests import factories
from tests.queries import assert_constant_queries

PASSWORD = "green-Kite-over-7-hills"


def test_the_last_admin_stays_admin(admin):
    with pytest.raises(ValidationError, match="last admin"):
        person_role_change(actor=admin, person=admin, role="viewer")
    other = factories.user(role="admin")
    person_role_change(actor=admin, person=other, role="viewer")
    with pytest.raises(ValidationError, match="last admin"):
        person_role_change(actor=admin, person=admin, role="analyst")


def test_a_disabled_admin_does_not_count_as_one(admin):
    other = factories.user(role="admin")
    person_disable(actor=admin, person=other)
    with pytest.raises(ValidationError, match="last admin"):
        person_role_change(actor=admin, person=admin, role="manager")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time anyway")
def test_two_admins_cannot_remove_each_other_at_once():
    one, two = factories.user(role="admin"), factories.user(role="admin")
    start = threading.Barrier(2)

    def demote(actor: User, person: User) -> None:
        start.wait()
        try:
            person_role_change(actor=actor, person=person, role="viewer")
        except ValidationError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.admins().count() == 1


def test_changing_a_role_is_audited(admin, viewer):
    person_role_change(actor=admin, person=viewer, role="manager")
    entry = AuditEntry.objects.get(action="person.role_changed")
    value = AuditValue.objects.get(entry=entry, field="role")
    assert (entry.actor, value.before, value.after) == (admin, "viewer", "manager")


def test_disabling_ends_every_session_and_token_at_once(admin):
    analyst = factories.user(role="analyst", password=PASSWORD)
    phone, laptop = Client(), Client()
    for client in (phone, laptop):
        client.post("/accounts/login/", {"login": analyst.email, "password": PASSWORD})
        assert client.get("/profile/").status_code == 200
    made = token_create(actor=analyst, name="script", scopes=["read"], expires_at=None)
    api = Client(headers={"authorization": f"Bearer {made.raw}"})
    assert api.get("/api/v1/users/").status_code == 200
    keys = [client.session.session_key for client in (phone, laptop)]

    person_disable(actor=admin, person=analyst)

    for client in (phone, laptop):
        assert "/accounts/login/" in client.get("/profile/")["Location"]
    assert api.get("/api/v1/users/").status_code == 401
    assert not Session.objects.filter(session_key__in=keys).exists()


def test_enabling_lets_the_person_sign_in_but_revives_no_session_or_token(admin, analyst, login):
    old = login(analyst)
    made = token_create(actor=analyst, name="script", scopes=["read"], expires_at=None)
    person_disable(actor=admin, person=analyst)
    person_enable(actor=admin, person=analyst)
    assert "/accounts/login/" in old.get("/profile/")["Location"]
    assert Client(headers={"authorization": f"Bearer {made.raw}"}).get("/api/v1/users/").status_code == 401
    analyst.refresh_from_db()
    assert login(analyst).get("/profile/").status_code == 200


def test_nobody_disables_themselves(admin):
    factories.user(role="admin")
    with pytest.raises(ValidationError, match="yourself"):
        person_disable(actor=admin, person=admin)


def test_the_portfolio_of_a_leaver_goes_to_the_chosen_successors(admin, analyst, login):
    heir = factories.user(role="analyst")
    owned = factories.customer(owner=analyst, onboarding_owner=analyst)
    onboarded = factories.customer(onboarding_owner=analyst)
    page = login(admin).get(f"/settings/people/{analyst.pk}/disable/").content.decode()
    assert heir.name in page

    response = login(admin).post(
        f"/settings/people/{analyst.pk}/disable/", {"cs": str(heir.pk), "onboarding": ""}
    )

    assert response.status_code == 302
    owned.refresh_from_db()
    onboarded.refresh_from_db()
    assert (owned.owner, owned.onboarding_owner, onboarded.onboarding_owner) == (heir, None, None)
    assert CustomerHistory.objects.filter(customer=owned, field="owner", value=heir.email).exists()
    analyst.refresh_from_db()
    assert not analyst.is_active


def test_a_refused_leave_hands_nothing_over(admin, analyst, login):
    owned = factories.customer(owner=admin)
    response = login(admin).post(f"/settings/people/{admin.pk}/disable/", {"cs": str(analyst.pk)})
    assert response.status_code == 422
    owned.refresh_from_db()
    assert owned.owner == admin


def test_the_team_page_shows_customers_and_second_factor(admin, analyst, login):
    from allauth.mfa.models import Authenticator

    factories.customer(owner=analyst)
    factories.customer(owner=analyst)
    Authenticator.objects.create(user=analyst, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=admin, type=Authenticator.Type.RECOVERY_CODES, data={})
    people = {
        person.pk: (person, owned)
        for person, owned in login(admin).get("/settings/people/").context["people"]
    }
    assert people[analyst.pk][0].has_mfa and not people[admin.pk][0].has_mfa
    assert [size for _label, size in people[analyst.pk][1]] == [2]


def test_the_team_page_makes_the_same_queries_for_any_team(admin, login):
    def add(count: int) -> None:
        for _ in range(count):
            factories.customer(owner=factories.user())

    assert_constant_queries(login(admin), "/settings/people/", add)


def test_an_invitation_from_the_page_shows_its_link_once(admin, login):
    client = login(admin)
    page = client.post("/settings/people/", {"email": "x@firma.com", "role": "viewer"}).content.decode()
    assert "/join/" in page
    assert "/join/" not in client.get("/settings/people/").content.decode()


def test_a_profile_is_saved_and_only_what_changed_is_audited(analyst, login):
    data = {
        "name": analyst.name,
        "job_title": "CS lead",
        "language": "pt-br",
        "theme": "dark",
        "time_format": "12h",
        "reports": "weekly",
    }
    assert login(analyst).post("/profile/", data).status_code == 302
    analyst.refresh_from_db()
    assert (analyst.job_title, analyst.language, analyst.theme) == ("CS lead", "pt-br", "dark")
    assert analyst.shortcuts is False
    entry = AuditEntry.objects.get(action="person.updated")
    assert "name" not in entry.changed_fields
    assert set(entry.changed_fields) >= {"job_title", "theme", "time_format", "shortcuts"}


def test_saving_an_unchanged_profile_writes_no_audit_row(analyst):
    profile_update(actor=analyst, person=analyst, name=analyst.name)
    assert not AuditEntry.objects.exists()


def test_the_theme_toggle_keeps_the_choice_and_goes_back_only_within_zelo(analyst, login):
    client = login(analyst)
    assert client.post("/profile/theme/", {"theme": "dark", "next": "/settings/"})["Location"] == "/settings/"
    assert (
        client.post("/profile/theme/", {"theme": "light", "next": "https://evil.example/"})["Location"]
        == "/profile/"
    )
    assert client.post("/profile/theme/", {"theme": "purple"}).status_code == 422
    analyst.refresh_from_db()
    assert analyst.theme == "light"


def test_every_settings_card_leads_somewhere_and_is_shown_to_those_who_may(login, viewer, admin):
    from workspace.settings_cards import CARDS, cards_for

    page = login(admin).get("/settings/").content.decode()
    for card in CARDS:
        assert f'href="{reverse(card.url_name)}"' in page
    assert {card.url_name for card in cards_for(admin)} == {card.url_name for card in CARDS}
    assert [card.url_name for card in cards_for(viewer)] == ["profile", "work_wishes"]
