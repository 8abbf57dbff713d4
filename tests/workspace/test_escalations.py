"""Escalations: opened, closed with what was learned, as pages and over the API."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import time
from metrics.models import CustomerDay, Night
from playbooks.models import Escalation
from playbooks.services.escalations import escalation_close, escalation_create, escalation_update
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def escalation(owner, **fields):
    customer = fields.pop("customer", None) or factories.customer()
    row = {"customer": customer, "title": "Slow", "owner": owner, "opened_on": time.today(), **fields}
    return Escalation.objects.create(**row)


def test_the_executive_view_has_the_gravest_first_and_counts_money_once(login, manager):
    night = Night.objects.create(day=time.today() - dt.timedelta(days=1), state="done")
    customer = factories.customer()
    CustomerDay.objects.create(customer=customer, day=night.day, mrr_cents=9_000, opening_mrr_cents=9_000)
    late = time.today() - dt.timedelta(days=2)
    low = escalation(manager, customer=customer, severity=1, opened_on=late, due_on=late)
    grave = escalation(manager, customer=customer, severity=4)
    escalation(manager, closed_on=time.today(), learned="Test with real data")
    board = login(manager).get(reverse("escalations")).context["board"]
    assert [row.pk for row, _tone, _days in board.lines] == [grave.pk, low.pk]
    assert board.sums == {"n": 2, "grave": 1, "late": 1, "mrr": 9_000}
    closed = login(manager).get(reverse("escalations"), {"show": "closed"})
    assert "Test with real data" in closed.content.decode()


def test_it_is_closed_only_with_what_was_learned(analyst):
    row = escalation_create(actor=analyst, customer=factories.customer(), title=" Very  slow ", owner=analyst)
    assert (row.title, row.opened_on) == ("Very slow", time.today())
    with pytest.raises(ValidationError, match="learned"):
        escalation_close(actor=analyst, escalation=row, learned=" ")
    row = escalation_close(actor=analyst, escalation=row, learned="Index first")
    with pytest.raises(ValidationError, match="closed"):
        escalation_update(actor=analyst, escalation=row, changes={"title": "Other"})
    with pytest.raises(IntegrityError), transaction.atomic():
        escalation(analyst, closed_on=time.today())


def test_an_analyst_opens_and_closes_one(login, analyst):
    customer = factories.customer(owner=analyst)
    client = login(analyst)
    data = {"title": "Slow", "severity": "3", "cause": "product", "owner": analyst.pk}
    assert client.post(reverse("escalation_new") + f"?customer={customer.pk}", data).status_code == 302
    row = Escalation.objects.get()
    wrong = client.post(reverse("escalation", args=[row.pk]), {**data, "due_on": "2020-01-01"})
    assert wrong.status_code == 422 and "later one" in wrong.content.decode()
    client.post(reverse("escalation_turn", args=[row.pk]), {"learned": "Index first"})
    row.refresh_from_db()
    assert row.learned == "Index first"
    client.post(reverse("escalation_turn", args=[row.pk]) + "?do=reopen")
    row.refresh_from_db()
    assert row.closed_on is None
    other = escalation(analyst)
    assert client.post(reverse("escalation_turn", args=[other.pk])).status_code == 404


def test_queries_do_not_grow(login, manager):
    def add(n):
        for _ in range(n):
            escalation(manager)

    assert_constant_queries(login(manager), reverse("escalations"), add)


def test_the_api_opens_and_closes_one(login, analyst):
    customer = factories.customer(owner=analyst)
    client = login(analyst)
    sent = {"customer": customer.pk, "title": "Slow", "severity": 4, "cause": "support", "owner": analyst.pk}
    made = client.post("/api/v1/escalations/", sent, content_type="application/json")
    assert made.status_code == 201, made.json()
    key = made.json()["id"]
    told = client.post(
        f"/api/v1/escalations/{key}/close/", {"learned": "Call first"}, content_type="application/json"
    )
    assert told.json()["closed_on"] == time.today().isoformat()
    assert client.get("/api/v1/escalations/", {"open": "true"}).json()["results"] == []
