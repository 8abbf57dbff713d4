"""Zendesk's events: who is believed, and what a ticket's events come to in whatever order they come."""

import base64
import datetime as dt
import hashlib
import hmac
import itertools
import json
import random

import pytest
from django.test import Client

from config import pipeline
from core import time
from customers.models import Ticket
from ingest.connected.services import connection_set
from ingest.models import Delivery, Problem
from surveys.models import Response
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/hooks/zendesk/"
SECRET = "dGhpcyBpcyBtYWRlIHVwIGJ5IHVz"
START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)


@pytest.fixture
def connected(admin):
    return connection_set(actor=admin, kind="zendesk", secret=SECRET, makes_customers=False)


@pytest.fixture
def acme(connected):
    firm = factories.customer(external_id="acme")
    factories.contact(firm, email="ana@acme.example")
    return firm


def at(hours: float) -> str:
    return (START + dt.timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def event(kind: str, detail: dict, change: dict, hours: float) -> dict:
    return {
        "account_id": 22129848, "detail": detail, "event": change, "id": f"cbe4028c-{next(_numbers)}",
        "subject": f"zen:{kind.partition('.')[0]}:{detail['id']}", "time": at(hours),
        "type": f"zen:event-type:{kind}", "zendesk_event_version": "2022-11-06",
    }  # fmt: skip


def ticket(kind: str, hours: float = 0, status: str = "NEW", **change) -> dict:
    detail: dict[str, object] = {
        "actor_id": "8447388090494", "assignee_id": "77", "brand_id": "55", "created_at": at(0), "custom_status": "1",
        "description": "It is slow", "external_id": None, "form_id": "5", "group_id": "6", "id": "5158",
        "is_public": True, "organization_id": "42", "priority": "LOW", "requester_id": "88", "status": status,
        "subject": "Slow export", "submitter_id": "88", "tags": [], "type": "TASK", "updated_at": at(hours),
        "via": {"channel": "web_service"},
    }  # fmt: skip
    return event(f"ticket.{kind}", detail, change, hours)


def comment(hours: float, *, staff: bool = True, public: bool = True) -> dict:
    author = {"id": "77", "is_staff": staff, "name": "Rui"}
    return ticket(
        "comment_added",
        hours,
        "OPEN",
        comment={"id": "1", "author": author, "body": "Hi", "is_public": public},
    )


def turn(hours: float, before: str, after: str) -> dict:
    return ticket("status_changed", hours, after, current=after, previous=before)


def user(number: str, email: str, organization: str | None = None) -> dict:
    detail: dict[str, object] = {
        "id": number,
        "email": email,
        "external_id": None,
        "organization_id": organization,
        "role": "end-user",
    }
    return event("user.created", detail, {}, 0)


def organization(**fields) -> dict:
    return event("organization.created", {"id": "42", "name": "Acme", "external_id": "acme", **fields}, {}, 0)


def rated(hours: float, rating: str, words: str = "") -> dict:
    return {
        "type": "zelo.ticket_rated", "id": f"r{next(_numbers)}", "ticket_id": "5158", "rating": rating,
        "comment": words, "time": at(hours),
    }  # fmt: skip


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    said = (time.now() - dt.timedelta(seconds=age)).isoformat().replace("+00:00", "Z")
    mac = hmac.new(secret.encode(), said.encode() + body, hashlib.sha256).digest()
    return {
        "X-Zendesk-Webhook-Signature": base64.b64encode(mac).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": said,
    }


def write(*events: dict) -> None:
    for one in events:
        body = json.dumps(one).encode()
        answer = Client().post(URL, body, content_type="application/json", headers=signed(body))
        assert answer.status_code == 200, answer.content
    pipeline.finish(["deliveries"])


WHOLE = [
    organization(), user("88", "ana@acme.example", "42"), user("77", "rui@us.example"),
    ticket("created"), comment(1, staff=False), comment(2, public=False), comment(3),
    turn(4, "OPEN", "SOLVED"), turn(30, "SOLVED", "OPEN"), comment(31), turn(32, "OPEN", "SOLVED"),
    turn(90, "SOLVED", "CLOSED"), rated(40, "bad", "Too slow"), rated(50, "good", "Fine now"),
]  # fmt: skip


def test_a_ticket_is_what_all_of_its_events_come_to(acme):
    write(*WHOLE)
    row = Ticket.objects.get()
    assert row.contact and row.first_response_at and row.solved_at
    assert (row.external_id, row.customer, row.subject, row.priority) == (
        "zendesk:5158",
        acme,
        "Slow export",
        "low",
    )
    assert (row.channel, row.contact.email, row.assignee_email) == (
        "web_service",
        "ana@acme.example",
        "rui@us.example",
    )
    hours = [
        (one - START).total_seconds() / 3600 for one in (row.opened_at, row.first_response_at, row.solved_at)
    ]
    assert (hours, row.team_replies, row.reopens) == ([0, 3, 32], 2, 1)
    answer = Response.objects.get()
    assert answer.contact
    assert (answer.score, answer.comment, answer.contact.email) == (5, "Fine now", "ana@acme.example")


def test_an_open_ticket_is_not_solved_any_more(acme):
    write(*WHOLE[:8])
    assert Ticket.objects.get().solved_at is not None
    write(WHOLE[8])
    assert (Ticket.objects.get().solved_at, Ticket.objects.get().reopens) == (None, 1)


def test_every_order_and_repetition_ends_as_the_same_ticket(acme):
    chance, ends = random.Random(5), set()
    for _ in range(20):
        Ticket.objects.all().delete()
        Response.objects.all().delete()
        Delivery.objects.all().delete()
        mixed = WHOLE + chance.sample(WHOLE, 5)
        chance.shuffle(mixed)
        while mixed:
            size = chance.randint(1, 6)
            part, mixed = mixed[:size], mixed[size:]
            write(*part)
        row = Ticket.objects.get()
        ends.add(
            (
                row.first_response_at,
                row.solved_at,
                row.team_replies,
                row.reopens,
                Response.objects.get().score,
            )
        )
    assert len(ends) == 1


def test_a_ticket_seen_from_the_middle_says_nothing_of_replies_before(acme):
    write(organization(), comment(3))
    row = Ticket.objects.get()
    assert (row.first_response_at, row.team_replies) == (None, None)


def test_without_an_organizations_id_the_requesters_contact_tells_the_customer(acme):
    write(organization(external_id=None), user("88", "ana@acme.example"), ticket("created"))
    assert Ticket.objects.get().customer == acme


def test_a_ticket_of_nobody_waits_for_its_organization(acme):
    write(ticket("created"))
    assert not Ticket.objects.exists()
    assert Problem.objects.get().code == "unknown_customer"
    write(organization())
    assert Ticket.objects.get().customer == acme


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (lambda body: {}, "no_signature"),
        (lambda body: signed(body, secret="another"), "bad_signature"),
        (lambda body: signed(body) | {"X-Zendesk-Webhook-Signature": "%%"}, "bad_signature"),
        (lambda body: signed(body, age=400), "old_signature"),
    ],
)
def test_wrong_signatures_and_old_times_are_refused(connected, headers, code):
    body = json.dumps(ticket("created")).encode()
    answer = Client().post(URL, body, content_type="application/json", headers=headers(body))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Delivery.objects.exists()


def test_other_kinds_are_answered_and_not_kept(connected):
    body = json.dumps(event("article.published", {"id": "1"}, {}, 0)).encode()
    answer = Client().post(URL, body, content_type="application/json", headers=signed(body))
    assert (answer.status_code, Delivery.objects.count()) == (200, 0)
