"""How a person joins."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import AuditEntry, Invitation, User
from accounts.services.invitations import (
    invitation_accept,
    invitation_create,
    invitation_resend,
    invitation_revoke,
)
from config import pipeline
from core import time
from core.models import Event, OutgoingMail
from tests import factories

PASSWORD = "green-Kite-over-7-hills"


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[-1]


def test_the_link_lets_a_person_in_with_the_invited_role(client, admin):
    sent = invitation_create(actor=admin, email=" Nova.Pessoa@Firma.com ", role="manager")
    path = f"/join/{token_of(sent.link)}/"
    assert client.get(path).status_code == 200

    response = client.post(path, {"name": "Nova Pessoa", "password": PASSWORD})

    assert response.status_code == 302
    person = User.objects.get(email="nova.pessoa@firma.com")
    assert (person.name, person.role, person.check_password(PASSWORD)) == ("Nova Pessoa", "manager", True)
    assert client.get("/profile/").status_code == 200
    assert person.emailaddress_set.get().verified
    assert AuditEntry.objects.filter(action="person.joined", actor=person).exists()


def test_the_page_tells_other_sites_nothing_and_can_still_be_posted(client, admin):
    """With `no-referrer` browsers post with `Origin: null`, which the CSRF check refuses."""
    sent = invitation_create(actor=admin, email="a@b.com", role="viewer")
    page = client.get(f"/join/{token_of(sent.link)}/")
    assert page["Referrer-Policy"] == "same-origin"


def test_only_the_hash_of_the_key_is_stored(admin):
    sent = invitation_create(actor=admin, email="a@b.com", role="viewer")
    raw = token_of(sent.link)
    assert len(raw) == 32  # 192 bits in base64
    assert raw not in sent.invitation.token_hash
    assert sent.invitation.expires_at - time.now() > dt.timedelta(days=6, hours=23)


def test_the_mail_holds_the_link_and_names_the_inviter(db):
    admin = factories.user(role="admin", language="pt-br", name="Ana Prado")
    sent = invitation_create(actor=admin, email="a@b.com", role="viewer")
    mail = OutgoingMail.objects.get(kind="invitation")
    assert sent.link in mail.body_text
    assert "Ana Prado" in mail.body_text


def test_a_weak_password_is_refused_and_the_name_is_kept(client, admin):
    sent = invitation_create(actor=admin, email="a@b.com", role="viewer")
    response = client.post(f"/join/{token_of(sent.link)}/", {"name": "Maria Souza", "password": "short"})
    assert response.status_code == 422
    assert b"Maria Souza" in response.content
    assert not User.objects.filter(email="a@b.com").exists()


@pytest.mark.parametrize("state", ["expired", "revoked", "accepted"])
def test_a_link_that_no_longer_works_says_so_and_what_to_do(client, admin, state):
    sent = invitation_create(actor=admin, email="a@b.com", role="viewer")
    if state == "expired":
        Invitation.objects.update(expires_at=time.now() - dt.timedelta(seconds=1))
    elif state == "revoked":
        invitation_revoke(actor=admin, invitation=sent.invitation)
    else:
        invitation_accept(invitation=sent.invitation, name="A", password=PASSWORD)

    response = client.post(f"/join/{token_of(sent.link)}/", {"name": "B", "password": PASSWORD})

    assert response.status_code == 410
    said = {"expired": "has expired", "revoked": "was taken back", "accepted": "was accepted already"}[state]
    assert said in response.content.decode()
    assert "/accounts/login/" in response.content.decode()
    if state != "accepted":
        assert admin.email in response.content.decode()
        assert not User.objects.filter(email="a@b.com").exists()


def test_an_unknown_link_names_nobody(client, admin):
    response = client.get("/join/nothing-like-it/")
    assert response.status_code == 404
    assert admin.email not in response.content.decode()


def test_a_link_works_once(client, admin):
    sent = invitation_create(actor=admin, email="a@b.com", role="viewer")
    invitation_accept(invitation=sent.invitation, name="A", password=PASSWORD)
    with pytest.raises(ValidationError, match="accepted already"):
        invitation_accept(invitation=sent.invitation, name="B", password=PASSWORD)


def test_sending_again_makes_a_new_link_and_kills_the_old(client, admin):
    first = invitation_create(actor=admin, email="a@b.com", role="viewer")
    again = invitation_resend(actor=admin, invitation=first.invitation)
    assert client.get(f"/join/{token_of(first.link)}/").status_code == 404
    assert client.get(f"/join/{token_of(again.link)}/").status_code == 200
    assert OutgoingMail.objects.filter(kind="invitation").count() == 2


def test_inviting_an_address_again_replaces_the_waiting_invitation(admin):
    invitation_create(actor=admin, email="a@b.com", role="viewer")
    invitation_create(actor=admin, email="A@B.com", role="analyst")
    assert [(i.role, i.revoked_at is None) for i in Invitation.objects.order_by("pk")] == [
        ("viewer", False),
        ("analyst", True),
    ]


def test_nobody_is_invited_twice_into_the_team(admin, viewer):
    with pytest.raises(ValidationError, match="in the team already"):
        invitation_create(actor=admin, email=viewer.email.upper(), role="viewer")
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="Enable this person"):
        invitation_create(actor=admin, email=viewer.email, role="viewer")


def test_customers_that_waited_for_the_address_get_their_owner(admin):
    waiting = factories.customer(wanted_owner_email="nova@firma.com")
    taken = factories.customer(wanted_owner_email="nova@firma.com", owner=admin)
    sent = invitation_create(actor=admin, email="Nova@firma.com", role="analyst")
    person = invitation_accept(invitation=sent.invitation, name="Nova", password=PASSWORD)

    pipeline.finish(["events", "hand-overs"])

    waiting.refresh_from_db()
    taken.refresh_from_db()
    assert waiting.owner == person
    assert taken.owner == admin
    assert not Event.objects.exclude(state="done").exists()


def test_customers_do_not_go_to_a_viewer(admin):
    waiting = factories.customer(wanted_owner_email="nova@firma.com")
    sent = invitation_create(actor=admin, email="nova@firma.com", role="viewer")
    invitation_accept(invitation=sent.invitation, name="Nova", password=PASSWORD)
    pipeline.finish(["events"])
    waiting.refresh_from_db()
    assert (waiting.owner, waiting.wanted_owner_email) == (None, "nova@firma.com")


def test_the_command_prints_a_link_that_works(client, db, capsys, settings):
    settings.SITE_URL = "https://zelo.example.com"
    call_command("invite", "first@firma.com", "--role", "admin")
    link = capsys.readouterr().out.strip()
    assert re.fullmatch(r"https://zelo\.example\.com/join/[\w-]{32}/", link)
    assert client.get(link.removeprefix("https://zelo.example.com")).status_code == 200
    assert not OutgoingMail.objects.exists()


def test_the_command_says_what_is_wrong(db, viewer):
    with pytest.raises(CommandError, match="in the team already"):
        call_command("invite", viewer.email, "--role", "admin")
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("invite", "nobody", "--role", "admin")
