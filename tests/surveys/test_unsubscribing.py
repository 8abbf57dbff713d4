"""Whoever wants to stop is let go at once."""

import pytest
from django.test import Client

from accounts.models import AuditEntry
from core import time
from surveys import tokens
from surveys.models import Suppression
from surveys.services.suppressions import suppressed_kinds, suppression_add
from tests import factories
from tests.surveys.people import invited

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    contact = factories.contact(email="ana@vale.test", locale="en")
    return contact, f"/unsubscribe/{tokens.link_new('unsubscribe', contact=contact)}/"


def test_a_get_asks_and_changes_nothing(asked):
    _, url = asked
    page = Client().get(url)
    assert "Stop our mails?" in page.content.decode() and "ana@vale.test" in page.content.decode()
    assert not Suppression.objects.exists()
    assert page["Referrer-Policy"] == "no-referrer" and "script-src 'none'" in page["Content-Security-Policy"]


def test_a_mail_programs_post_stops_the_kind_its_address_names(asked):
    _, url = asked
    answer = Client(enforce_csrf_checks=True).post(f"{url}?kind=surveys", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 303
    assert suppressed_kinds("ANA@vale.test") == {"surveys"}
    assert AuditEntry.objects.filter(action="contact.suppressed").count() == 1


def test_without_a_kind_all_stop_and_twice_is_once(asked):
    contact, url = asked
    for _n in range(2):
        Client().post(url, {"List-Unsubscribe": "One-Click"})
    assert suppressed_kinds(contact.email) == {"surveys", "playbooks"}
    assert Suppression.objects.count() == 2


def test_one_click_keeps_what_was_stopped_before(asked):
    contact, url = asked
    Client().post(f"{url}?kind=playbooks", {"List-Unsubscribe": "One-Click"})
    Client().post(f"{url}?kind=surveys", {"List-Unsubscribe": "One-Click"})
    assert suppressed_kinds(contact.email) == {"surveys", "playbooks"}


def test_kinds_can_be_chosen_and_taken_back(asked):
    contact, url = asked
    done = Client().post(url, {"chosen": "1", "kind": "surveys"}, follow=True)
    assert "You no longer get: Surveys." in done.content.decode()
    again = Client().post(url, {"chosen": "1"}, follow=True)
    assert "You get our mails again." in again.content.decode()
    assert suppressed_kinds(contact.email) == set()
    assert AuditEntry.objects.filter(action="contact.unsuppressed").count() == 1


def test_a_bounce_is_not_taken_back_by_ticking(asked):
    contact, url = asked
    suppression_add(actor=None, contact=contact, kind="all", why="bounced", at=time.now())
    Client().post(url, {"chosen": "1"})
    assert "surveys" in suppressed_kinds(contact.email)


def test_the_link_of_an_invitation_stops_mails_too():
    _, url = invited()
    token = url.split("/")[2]
    assert Client().get(f"/unsubscribe/{token}/").status_code == 200


def test_an_unknown_token_is_the_same_404():
    unknown = Client().get("/unsubscribe/nothing/")
    assert unknown.status_code == 404
    assert unknown.content == Client().get("/s/nothing/").content
