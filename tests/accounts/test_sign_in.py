"""Signing in: password reset by the local outbox, second factor, single sign-on."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.services.invitations import invitation_create, invitation_revoke
from accounts.services.people import person_disable
from core import mail
from core.models import OutgoingMail
from tests import factories

PASSWORD = "green-Kite-over-7-hills"
NEW = "blue-Boat-under-9-bridges"


def sign_in(person: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": password})
    return client


def code_now(secret: str) -> str:
    """What an authenticator app shows for a secret."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_a_forgotten_password_is_reset_by_the_mail_in_the_outbox(admin, login):
    person = factories.user(password=PASSWORD)
    client = Client()
    client.post("/accounts/password/reset/", {"email": person.email})
    letter = OutgoingMail.objects.get(to=person.email)
    assert letter.subject in login(admin).get("/settings/outbox/").content.decode()
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", letter.body_text)
    assert link is not None

    form = client.get(link.group(1), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert is_in(sign_in(person, NEW))
    assert not is_in(sign_in(person, PASSWORD))
    assert AuditEntry.objects.filter(action="person.password_changed", object_id=str(person.pk)).exists()


def test_asking_for_a_strangers_password_sends_nothing_and_tells_nothing(client, db):
    person = factories.user(password=PASSWORD)
    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@elsewhere.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == [person.email]


def test_nobody_signs_up_by_themselves(client, db):
    client.post("/accounts/signup/", {"email": "a@b.com", "password1": PASSWORD})
    assert not User.objects.exists()


def test_a_disabled_person_does_not_get_in_with_the_right_password(admin):
    person = factories.user(password=PASSWORD)
    assert is_in(sign_in(person))
    person_disable(actor=admin, person=person)
    assert not is_in(sign_in(person))


def test_with_an_authenticator_app_the_password_is_not_enough(db):
    person = factories.user(password=PASSWORD)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    client = Client()
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)

    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)
    code = code_now(secret)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(client)


def test_setting_up_an_authenticator_app_is_audited(db):
    person = factories.user(password=PASSWORD)
    client = sign_in(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})  # such a change asks once more
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = code_now(secret)
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    entry = AuditEntry.objects.filter(action="person.factor_added", actor=person).first()
    assert entry is not None


# --- Single sign-on: a provider of our own instead of the company's -----------------------------------------


class Provider:
    """What the identity provider says about whoever comes: set `claims` before signing in."""

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}

    def signs_in(self, **claims: object) -> Client:
        """Go the whole way as a browser does: to the provider, back with a code, exchanged for the claims."""
        self.claims = {"sub": "u-1", "name": "Nova Pessoa", **claims}
        client = Client()
        away = client.post("/accounts/oidc/sso/login/")
        assert away["Location"].startswith("https://id.firma.com/authorize")
        state = re.search(r"state=([^&]+)", away["Location"])
        assert state is not None
        client.get("/accounts/oidc/sso/login/callback/", {"code": "abc", "state": state.group(1)})
        return client


@pytest.fixture
def provider(db, settings, monkeypatch) -> Provider:
    """Stand in for the network: the provider's three answers, nothing of ours."""
    from allauth.socialaccount.providers.oauth2.client import OAuth2Client
    from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

    ours = Provider()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "EMAIL_AUTHENTICATION": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "SSO",
                    "client_id": "zelo",
                    "secret": "s",
                    "settings": {"server_url": "https://id.firma.com"},
                }
            ],
        }
    }
    config = {
        "authorization_endpoint": "https://id.firma.com/authorize",
        "token_endpoint": "https://id.firma.com/token",
        "userinfo_endpoint": "https://id.firma.com/userinfo",
    }
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", config)
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "_fetch_user_info", lambda self, token: ours.claims)
    monkeypatch.setattr(OAuth2Client, "get_access_token", lambda self, code, **rest: {"access_token": "t"})
    return ours


def test_single_sign_on_lets_in_a_person_of_the_team_with_the_same_verified_address(provider):
    person = factories.user(password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    assert is_in(provider.signs_in(email=person.email, email_verified=True))
    person.refresh_from_db()
    assert person.has_usable_password()
    assert User.objects.count() == 1


def test_single_sign_on_makes_an_invited_person_with_the_invited_role(provider, admin):
    sent = invitation_create(actor=admin, email="nova@firma.com", role="manager")
    assert is_in(provider.signs_in(email="Nova@firma.com", email_verified=True))
    person = User.objects.get(email="nova@firma.com")
    assert (person.name, person.role) == ("Nova Pessoa", "manager")
    sent.invitation.refresh_from_db()
    assert sent.invitation.accepted_at is not None
    assert SocialAccount.objects.get(user=person).uid == "u-1"
    assert is_in(provider.signs_in(email="nova@firma.com", email_verified=True)), "and again the next day"
    assert User.objects.count() == 2


@pytest.mark.parametrize("verified", [True, False])
def test_single_sign_on_keeps_a_stranger_out(provider, verified):
    assert not is_in(provider.signs_in(email="stranger@elsewhere.com", email_verified=verified))
    assert not User.objects.exists()


def test_an_address_the_provider_does_not_vouch_for_opens_nothing(provider, admin):
    person = factories.user(password=PASSWORD)
    invitation_create(actor=admin, email="nova@firma.com", role="manager")
    assert not is_in(provider.signs_in(email=person.email, email_verified=False))
    assert not is_in(provider.signs_in(email="nova@firma.com", email_verified=False, sub="u-2"))
    assert User.objects.count() == 2


def test_a_revoked_invitation_lets_nobody_in_by_single_sign_on(provider, admin):
    sent = invitation_create(actor=admin, email="nova@firma.com", role="manager")
    invitation_revoke(actor=admin, invitation=sent.invitation)
    assert not is_in(provider.signs_in(email="nova@firma.com", email_verified=True))


def test_single_sign_on_keeps_a_disabled_person_out(provider, admin):
    person = factories.user()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    person_disable(actor=admin, person=person)
    assert not is_in(provider.signs_in(email=person.email, email_verified=True))


def test_the_outbox_sends_the_librarys_mails(db):
    person = factories.user(password=PASSWORD)
    Client().post("/accounts/password/reset/", {"email": person.email})
    assert mail.send_due() == 1
    assert OutgoingMail.objects.get().state == "done"


def test_who_has_no_password_sets_up_an_authenticator_app_and_gets_recovery_codes(provider):
    invitation_create(actor=factories.user(role="admin"), email="nova@firma.com", role="analyst")
    client = provider.signs_in(email="nova@firma.com", email_verified=True)
    person = User.objects.get(email="nova@firma.com")
    assert not person.has_usable_password()
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)}, follow=True)
    assert done.status_code == 200
    assert set(Authenticator.objects.filter(user=person).values_list("type", flat=True)) == {
        "totp",
        "recovery_codes",
    }
    assert client.get("/accounts/2fa/recovery-codes/", follow=True).status_code == 200
    assert client.get("/accounts/2fa/webauthn/add/", follow=True).status_code == 200


def test_such_a_change_asks_who_has_no_password_for_the_code_once_more(db, login):
    person = factories.user()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    client = login(person)
    asked = client.get("/accounts/2fa/totp/deactivate/", follow=True)
    assert asked.request["PATH_INFO"] == "/accounts/2fa/reauthenticate/"
    assert asked.status_code == 200
    again = client.post(
        "/accounts/2fa/reauthenticate/?next=/accounts/2fa/totp/deactivate/",
        {"code": code_now(secret)},
        follow=True,
    )
    assert again.request["PATH_INFO"] == "/accounts/2fa/totp/deactivate/"
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()
