"""The set-up checklist leads a new workspace to its first useful page."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, User, Workspace
from core.models import DemoRow
from customers.models import Customer
from metrics.first_value import first_value_set, reached_on, signs
from metrics.models import Night, UsageDay
from tests import factories
from workspace.setup import checklist, nights_progress

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


def done() -> set[str]:
    return {step.key for step in checklist() if step.done}


def test_an_empty_workspace_has_nothing_done(admin):
    assert done() == set()


def test_each_step_is_done_by_what_it_asks_for(admin):
    factories.user()
    customer = factories.customer()
    factories.subscription(customer)
    factories.usage(customer)
    first_value_set(actor=admin, chosen=[("event", "opened")])
    Night.objects.create(day=DAY, state="done")
    assert done() == {"team", "customers", "subscriptions", "usage", "first_value", "night"}


def test_the_page_names_every_step_and_its_next_action(admin, login):
    page = login(admin).get(reverse("setup"))
    assert page.status_code == 200
    for step in checklist():
        assert str(step.title) in page.content.decode()
        assert step.url in page.content.decode()


def test_the_first_night_opens_every_closed_day_since_the_first_fact(admin, login):
    from core import time

    start = time.today() - dt.timedelta(days=5)
    factories.subscription(factories.customer(started_on=start), starts_on=start)
    login(admin).post(reverse("setup_night"))
    assert nights_progress().total == 5
    assert not Night.objects.filter(day__gte=time.today()).exists()


def test_an_analyst_may_not_run_nights(analyst, login):
    assert login(analyst).post(reverse("setup_night")).status_code == 403


def test_first_value_is_the_first_marked_event_or_milestone_since_the_start(admin):
    customer = factories.customer(started_on=DAY)
    first_value_set(actor=admin, chosen=[("event", "reconciled"), ("milestone", "Go-live")])
    for day, feature in (
        (DAY - dt.timedelta(days=3), "reconciled"),
        (DAY, "login"),
        (DAY.replace(day=9), "reconciled"),
    ):
        UsageDay.objects.create(day=day, customer=customer, feature=feature, events=1)
    assert reached_on(customer, DAY, DAY.replace(day=31)) == dt.date(2026, 3, 9)
    customer.milestones.create(milestone="Go-live", reached_on=DAY.replace(day=5))
    assert reached_on(customer, DAY, DAY.replace(day=31)) == dt.date(2026, 3, 5)
    assert reached_on(customer, DAY, DAY.replace(day=4)) is None


def test_choosing_first_value_in_the_page_is_saved_and_audited(admin, login):
    factories.customer().milestones.create(milestone="Go-live", reached_on=DAY)
    client = login(admin)
    client.post(
        reverse("first_value_settings"), {"sign": "milestone:Go-live", "kind": "event", "name": "exported"}
    )
    assert signs() == {("milestone", "Go-live"), ("event", "exported")}
    assert AuditEntry.objects.filter(action="first_value.changed", actor=admin).count() == 1
    client.post(reverse("first_value_settings"), {"sign": "event:exported", "name": ""})
    assert signs() == {("event", "exported")}


def _demo_person() -> User:
    person = factories.user(role="admin", email="otavio@demo.test")
    DemoRow.objects.create(table="user", row_id=person.pk)
    customer = factories.customer()
    DemoRow.objects.create(table="customer", row_id=customer.pk)
    Workspace.get()
    Workspace.objects.update(is_demo=True)
    return person


def test_leaving_the_demo_makes_an_admin_clears_and_signs_in(login):
    client = login(_demo_person())
    answer = client.post(
        reverse("setup_start"),
        {"company": "Acme", "name": "Ana", "email": "ana@acme.test", "password": "a-long-password-9"},
    )
    assert answer.status_code == 302
    assert not Customer.objects.exists()
    workspace = Workspace.get()
    assert (workspace.name, workspace.is_demo) == ("Acme", False)
    assert [person.email for person in User.objects.all()] == ["ana@acme.test"]
    assert client.get(reverse("setup")).status_code == 200


def test_a_weak_password_keeps_the_demo_and_what_was_typed(login):
    client = login(_demo_person())
    answer = client.post(
        reverse("setup_start"),
        {"company": "Acme", "name": "Ana", "email": "ana@acme.test", "password": "short"},
    )
    assert answer.status_code == 422
    assert "ana@acme.test" in answer.content.decode()
    assert Customer.objects.exists()
