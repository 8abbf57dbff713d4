"""A person's address changes by a link that the new address gets; the link alone changes nothing."""

import datetime as dt
import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.services.people import person_disable
from config import pipeline
from core.models import OutgoingMail
from metrics.models import Target
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "green-Kite-over-7-hills"
NEW = "new.name@zelo.test"


@pytest.fixture
def person() -> User:
    return factories.user(email="ana@zelo.test", name="Ana", password=PASSWORD, language="en")


@pytest.fixture
def client(person) -> Client:
    """Signed in, and just asked for the password once more."""
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def link_for(email: str) -> str:
    letter = OutgoingMail.objects.get(to=email)
    found = re.search(r"https?://[^/]+(/email/\S+)", letter.body_text)
    assert found is not None
    return found.group(1)


def ask(client: Client, email: str = NEW) -> str:
    assert client.post("/profile/email/", {"email": email}).status_code == 302
    return link_for(email)


def test_the_address_changes_when_the_link_is_confirmed(client, person):
    Target.objects.create(key="mrr", slice="owner=ana@zelo.test", due_on=dt.date(2026, 12, 31), value=1)
    link = ask(client)
    person.refresh_from_db()
    assert person.email == "ana@zelo.test"
    scanner = Client().get(link)
    assert NEW in scanner.content.decode()
    person.refresh_from_db()
    assert person.email == "ana@zelo.test", "opening the link changes nothing"
    assert Client().post(link).status_code == 302
    person.refresh_from_db()
    assert person.email == NEW
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")) == [
        (NEW, True, True)
    ]
    entry = AuditEntry.objects.get(action="person.email_changed")
    assert entry.values.get(field="email").after == NEW
    assert client.get("/profile/").status_code == 200, "the session goes on"
    in_again = Client()
    in_again.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    assert in_again.get("/profile/").status_code == 200
    pipeline.finish(["events"])
    assert Target.objects.get().slice == f"owner={NEW}"


def test_the_present_address_is_told(client, person):
    ask(client)
    notice = OutgoingMail.objects.get(to=person.email)
    assert NEW in notice.body_text
    assert "/email/" not in notice.body_text


def test_the_password_is_asked_once_more_first(person):
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    session = client.session
    session.pop("account_authentication_methods", None)
    session.save()
    assert "/accounts/reauthenticate/" in client.get("/profile/email/")["Location"]


@pytest.mark.parametrize("email", ["not an address", "ana@zelo.test", "RUI@zelo.test", ""])
def test_what_is_no_address_or_somebody_elses_is_refused(client, email):
    factories.user(email="rui@zelo.test")
    assert client.post("/profile/email/", {"email": email}).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_a_link_works_once_and_for_a_day(client, person, monkeypatch):
    link = ask(client)
    assert Client().post(link).status_code == 302
    assert Client().get(link).status_code == 410
    other = ask(client, "third@zelo.test")
    later = timezone.now().timestamp() + 25 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert Client().post(other).status_code == 410
    person.refresh_from_db()
    assert person.email == NEW


def test_a_made_up_link_and_that_of_who_was_disabled_open_nothing(client, person, admin):
    link = ask(client)
    assert Client().post("/email/made-up/").status_code == 410
    person_disable(actor=admin, person=person)
    assert Client().post(link).status_code == 410


def test_an_address_that_somebody_took_meanwhile_is_refused(client, person):
    link = ask(client)
    factories.user(email=NEW)
    assert Client().post(link).status_code == 422
    person.refresh_from_db()
    assert person.email == "ana@zelo.test"
