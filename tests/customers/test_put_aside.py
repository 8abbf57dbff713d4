"""People, notes and files of a customer put aside and brought back, in the page and over HTTP."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from core import time
from core.models import Event
from customers.models import Attachment, Note
from customers.services.contacts import contact_archive, contact_create, contact_update
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(analyst):
    return factories.customer(owner=analyst)


def address(contact, what):
    return f"/customers/{contact.customer_id}/contacts/{contact.pk}/{what}/"


def page(client, customer):
    return client.get(f"/customers/{customer.pk}/")


def test_an_archived_person_stands_folded_and_comes_back_with_everything(login, analyst, customer):
    contact = factories.contact(customer, name="Ana Reis", role="champion", job_title="CFO")
    client = login(analyst)
    assert address(contact, "archive") in client.get(address(contact, "edit")).content.decode()
    done = client.post(address(contact, "archive"), follow=True)
    assert [person.contact for person in done.context["people"]] == []
    assert done.context["aside"].people == [contact]
    body = done.content.decode()
    assert "1 archived person" in body
    assert f'action="{address(contact, "restore")}"' in body
    back = client.post(address(contact, "restore"), follow=True)
    assert [person.contact for person in back.context["people"]] == [contact]
    assert not back.context["aside"].people
    told = AuditEntry.objects.filter(object_id=str(contact.pk)).order_by("pk")
    assert [(one.action, one.actor, one.customer_id) for one in told] == [
        ("contact.archived", analyst, customer.pk),
        ("contact.restored", analyst, customer.pk),
    ]


def test_on_a_past_day_who_was_archived_later_stands_there_unless_they_were_written_down_later_too(
    login, analyst, customer
):
    past = time.today() - dt.timedelta(days=5)
    long_ago = time.day_start(past - dt.timedelta(days=50))
    then = factories.contact(customer, created_at=long_ago, archived_at=time.now())
    factories.contact(customer, archived_at=time.now())
    shown = login(analyst).get(f"/customers/{customer.pk}/?as_of={past}")
    assert [person.contact for person in shown.context["people"]] == [then]
    assert not shown.context["aside"].people


def test_archiving_twice_says_it_once(analyst, customer):
    contact = factories.contact(customer)
    for _ in range(2):
        contact_archive(actor=analyst, contact=contact, archived=True)
    assert AuditEntry.objects.filter(action="contact.archived").count() == 1


def test_a_restored_person_counts_again_from_the_day_they_were_put_aside(analyst, customer):
    day = time.today() - dt.timedelta(days=3)
    contact = factories.contact(customer, archived_at=time.day_start(day))
    contact_archive(actor=analyst, contact=contact, archived=False)
    event = Event.objects.get(kind="fact.changed")
    assert (event.payload["first"], event.payload["what"]) == (day.isoformat(), "contact")


def test_onlookers_and_colleagues_archive_nobody_and_see_no_button(login, viewer, customer):
    contact = factories.contact(customer, archived_at=time.now())
    for person in (viewer, factories.user(role="analyst")):
        client = login(person)
        assert client.post(address(contact, "restore")).status_code == 403
        assert not page(client, customer).context["aside"].people
    contact.refresh_from_db()
    assert contact.archived_at is not None


def test_an_archived_person_is_not_edited_nor_doubled(analyst, customer):
    contact = factories.contact(customer, email="ana@vale.test", archived_at=time.now())
    with pytest.raises(ValidationError, match="Restore them before"):
        contact_update(actor=analyst, contact=contact, changes={"name": "Ana"})
    with pytest.raises(ValidationError, match="Restore them instead"):
        contact_create(actor=analyst, customer=customer, email="ANA@vale.test")


def test_nothing_is_put_aside_or_back_at_an_archived_customer(login, manager, customer):
    contact = factories.contact(customer)
    customer.archived_at = time.now()
    customer.save()
    said = login(manager).post(address(contact, "archive"), follow=True)
    assert "This customer is archived" in said.content.decode()
    contact.refresh_from_db()
    assert contact.archived_at is None


def test_over_http_archived_people_are_listed_when_asked_for_and_come_back(analyst, customer):
    api = APIClient()
    api.force_authenticate(analyst)
    contact = factories.contact(customer)
    made = api.post(f"/api/v1/contacts/{contact.pk}/archive/")
    assert made.status_code == 200
    assert made.json()["archived_at"]

    def listed(query):
        return [one["id"] for one in api.get(f"/api/v1/contacts/{query}").json()["results"]]

    assert listed("") == []
    assert listed("?archived=true") == [contact.pk]
    assert api.post(f"/api/v1/contacts/{contact.pk}/restore/").json()["archived_at"] is None
    assert listed("") == [contact.pk]


def test_archived_notes_and_files_stand_folded_with_their_way_back(login, analyst, customer):
    note = Note.objects.create(customer=customer, author=analyst, body="Asked for a date")
    file = Attachment.objects.create(customer=customer, name="Plan.pdf", size=10)
    client = login(analyst)
    ways = [
        f"/customers/{customer.pk}/notes/{note.pk}/archive/",
        f"/customers/{customer.pk}/files/{file.pk}/archive/",
    ]
    assert ways[0] in client.get(f"/customers/{customer.pk}/notes/{note.pk}/edit/").content.decode()
    assert ways[1] in page(client, customer).content.decode()
    for way in ways:
        client.post(way)
    shown = page(client, customer)
    assert (shown.context["aside"].notes, shown.context["aside"].files) == ([note], [file])
    assert "Archived notes and files" in shown.content.decode()
    for way in ways:
        client.post(way)
    papers = page(client, customer).context["papers"]
    assert (papers.notes, papers.files) == ([note], [file])


def test_a_note_of_somebody_else_is_brought_back_by_its_author_or_a_manager(
    login, analyst, manager, customer
):
    Note.objects.create(customer=customer, author=manager, body="Mine", archived_at=time.now())
    assert not page(login(analyst), customer).context["aside"].notes
    assert page(login(manager), customer).context["aside"].notes
