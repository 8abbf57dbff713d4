"""The timeline of a customer's page, and logging a conversation there."""

import datetime as dt

import pytest
from django.urls import reverse

from core import time
from customers.models import Insight, Touchpoint
from playbooks.models import Task
from tests import factories
from tests.workspace.customer_facts import DAY, at, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return time.today()


def test_the_timeline_can_be_filtered_and_paged_without_javascript(login, analyst, today):
    customer = factories.customer()
    for n in range(30):
        factories.touchpoint(customer, happened_at=at(today - n * DAY, 0), summary=f"talk {n}.")
    factories.ticket(customer, subject="Broken import", opened_at=at(today, 0))
    client = login(analyst)
    page = client.get(url(customer, kind="touch"))
    assert "talk 24." in text(page)
    assert "talk 25." not in text(page)
    older = client.get(url(customer, kind="touch", before=page.context["older"]))
    assert "talk 25." in text(older)
    assert "talk 24." not in text(older)
    plain = client.get(reverse("customer_timeline", args=[customer.pk], query={"kind": "touch"}))
    assert plain["Location"] == f"{url(customer, kind='touch')}#timeline"


def test_htmx_gets_only_the_timeline(login, analyst, today):
    customer = factories.customer()
    factories.touchpoint(customer, happened_at=at(today, 0), summary="We talked")
    fragment = login(analyst).get(
        reverse("customer_timeline", args=[customer.pk], query={"kind": "touch"}),
        headers={"HX-Request": "true"},
    )
    body = text(fragment)
    assert "We talked" in body
    assert body.lstrip().startswith("<section")


def log(**fields):
    return {
        f"log-{name}": value
        for name, value in {"kind": "call", "summary": "They want a date", **fields}.items()
    }


def test_a_logged_call_stands_on_the_timeline_and_refreshes_who_was_talked_to(login, analyst):
    customer = factories.customer(owner=analyst)
    person = factories.contact(customer)
    answer = login(analyst).post(
        reverse("customer_log", args=[customer.pk]),
        log(contact=person.pk, sentiment="-1"),
        headers={"HX-Request": "true"},
    )
    touch = Touchpoint.objects.get(customer=customer)
    assert (touch.kind, touch.contact, touch.sentiment, touch.author) == ("call", person, -1, analyst)
    assert abs(time.now() - touch.happened_at) < dt.timedelta(minutes=1)
    body = text(answer)
    for part in ("They want a date", 'id="timeline" hx-swap-oob', 'id="people" hx-swap-oob', "Covered"):
        assert part in body, part


def test_without_javascript_logging_leads_back_to_the_timeline(login, analyst):
    customer = factories.customer(owner=analyst)
    answer = login(analyst).post(reverse("customer_log", args=[customer.pk]), log())
    assert answer["Location"] == f"{url(customer)}#timeline"
    assert Touchpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"summary": ""}, "what was said"),
        ({"happened_at": "2199-01-01T10:00"}, "future"),
        ({"sentiment": "3"}, "valid choice"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_wrong_entry_is_explained_and_what_was_typed_is_kept(login, analyst, wrong, says, headers):
    customer = factories.customer(owner=analyst)
    typed = log(**{"summary": "Kept words", **wrong})
    answer = login(analyst).post(reverse("customer_log", args=[customer.pk]), typed, headers=headers)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert says in body
    assert wrong.get("summary") == "" or "Kept words" in body
    assert not Touchpoint.objects.exists()


def test_somebody_elses_contact_cannot_be_logged_with(login, analyst):
    customer = factories.customer(owner=analyst)
    stranger = factories.contact()
    answer = login(analyst).post(reverse("customer_log", args=[customer.pk]), log(contact=stranger.pk))
    assert answer.status_code == 422


def test_a_viewer_and_a_colleague_cannot_log(login, viewer):
    customer = factories.customer()
    address = reverse("customer_log", args=[customer.pk])
    assert login(viewer).post(address, log()).status_code == 403
    assert login(factories.user(role="analyst")).post(address, log()).status_code == 403
    assert not Touchpoint.objects.exists()


def test_nothing_can_be_logged_on_an_archived_customer(login, manager):
    customer = factories.customer(archived_at=time.now())
    assert login(manager).post(reverse("customer_log", args=[customer.pk]), log()).status_code == 403


def test_a_promise_becomes_a_task_and_what_was_said_an_insight(login, analyst, today):
    customer = factories.customer(owner=analyst)
    person, theme = factories.contact(customer), factories.insight_theme(name="Slow reports")
    sent = {
        "log-kind": "call",
        "log-contact": person.pk,
        "log-summary": "The reports take minutes.",
        "log-sentiment": "-1",
        "log-promise": "Send the index guide",
        "log-promise_due": (today + 3 * DAY).isoformat(),
        "log-insight": "problem",
        "log-theme": theme.pk,
    }
    page = login(analyst).post(f"/customers/{customer.pk}/log/", sent, headers={"HX-Request": "true"})
    talk, task, insight = Touchpoint.objects.get(), Task.objects.get(), Insight.objects.get()
    assert (task.title, task.owner, task.due_on) == ("Send the index guide", analyst, today + 3 * DAY)
    assert (insight.quote, insight.theme, insight.touchpoint, insight.contact) == (
        talk.summary,
        theme,
        talk,
        person,
    )
    assert talk.sentiment == -1 and "Send the index guide" in text(page)


def test_a_promise_that_cannot_be_a_task_leaves_nothing_half_written(login, admin):
    customer = factories.customer()
    long = "x" * 201
    sent = {
        "log-kind": "call",
        "log-summary": "They ask for more.",
        "log-promise": long,
        "log-insight": "wish",
    }
    page = login(admin).post(f"/customers/{customer.pk}/log/", sent)
    assert page.status_code == 422 and "They ask for more." in page.content.decode()
    assert not Touchpoint.objects.exists() and not Insight.objects.exists()
