"""The pages of playbooks: written, checked and published without JavaScript; started for one customer or many."""

import datetime as dt

import pytest
from django.urls import reverse

from core import time
from customers.models import Customer
from playbooks.models import Alert, AlertRule, Playbook, Run, Task
from playbooks.services import advancing
from playbooks.services.runs import runs_start
from tests import factories
from tests.playbooks import plays
from tests.queries import assert_constant_queries, queries_of

pytestmark = pytest.mark.django_db
NOTHING = {"condition": "", "branch": "", "branch_to": ""}


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_playbook_is_written_published_and_started_from_the_pages(manager, analyst, login):
    client = login(manager)
    sent = client.post(reverse("playbook_new"), {"name": "Rescue", "purpose": "Back to green"})
    book = Playbook.objects.get(name="Rescue")
    assert sent.headers["Location"] == reverse("playbook", args=[book.pk])
    start = {"starts": "alert", "alerts": ["band"], "segments": ["mid"], "again": "days", "again_days": 60}
    assert (
        client.post(reverse("playbook_start_edit", args=[book.pk]), {**start, "holdout": 20}).status_code
        == 302
    )
    step = {
        "title": "Call the champion",
        "after": 1,
        "unit": "workday",
        "due_days": 2,
        "priority": 3,
        **NOTHING,
    }
    new = reverse("playbook_step_new", args=[book.pk, "call"])
    assert client.post(new, {**step, "owner": "", "role": "champion"}).status_code == 302
    page = text_of(client, reverse("playbook", args=[book.pk]) + "?version=draft")
    assert "Step 1: nobody is to do it. Choose an owner." in page and "Working day 1" in page
    do = reverse("playbook_do", args=[book.pk])
    client.post(do, {"do": "publish"})
    book.refresh_from_db()
    assert book.published is None
    client.post(reverse("playbook_step", args=[book.pk, 1]), {**step, "owner": "owner", "role": "champion"})
    client.post(do, {"do": "publish"})
    client.post(do, {"do": "on"})
    book.refresh_from_db()
    assert book.active and book.published is not None and book.published.number == 1
    page = text_of(client, reverse("playbook", args=[book.pk]))
    assert "Starts when an alert opens: Health band fell." in page and "segment: Mid" in page
    assert "Again 60 days after it last started at the earliest." in page and "20 %" in page


def test_what_is_wrong_with_a_step_is_said_at_its_field_and_kept(manager, login):
    book = plays.written(manager)
    url = reverse("playbook_step_new", args=[book.pk, "offer"])
    sent = login(manager).post(url, {"title": "Two months free", "after": "soon", "unit": "day", **NOTHING})
    assert sent.status_code == 422 and "Two months free" in sent.content.decode()


def test_links_conditions_and_branches_come_back_as_they_were_written(manager, login):
    client, book = login(manager), plays.written(manager, plays.step("offer"), plays.step())
    mail = {
        "title": "Three quick wins",
        "after": 3,
        "unit": "day",
        "roles": ["champion"],
        "subject": "Hello",
        "body": "Text",
        "links": "case | Vale Verde | https://a.example/case\nhttps://b.example",
        "condition": "not_accepted",
        "condition_step": "1",
        "branch": "score_below",
        "branch_value": "60",
        "branch_to": "0",
    }
    assert client.post(reverse("playbook_step_new", args=[book.pk, "email"]), mail).status_code == 302
    step = book.versions.get().steps.get(key=3)
    assert step.condition == {"kind": "not_accepted", "step": 1}
    assert (step.branch, step.branch_to) == ({"kind": "score_below", "value": "60"}, 0)
    assert [link["kind"] for link in step.params["links"]] == ["case", "material"]
    page = text_of(client, reverse("playbook_step", args=[book.pk, 3]))
    assert "case | Vale Verde | https://a.example/case" in page
    told = text_of(client, reverse("playbook", args=[book.pk]))
    assert "If the score is below 60: the playbook ends" in told


def test_steps_are_moved_and_taken_out(manager, login):
    client = login(manager)
    book = plays.written(manager, *(plays.step(title=name) for name in "ABC"))
    for key, do in ((3, "up"), (1, "down"), (2, "remove")):
        client.post(reverse("playbook_step_do", args=[book.pk, key]), {"do": do})
    assert [step.title for step in book.versions.get().steps.all()] == ["C", "A"]


def test_editing_what_is_published_opens_a_draft_and_leaves_it(manager, login):
    client, book = login(manager), plays.published(manager, plays.step(title="As it was"))
    values = {"title": "Otherwise", "after": 0, "unit": "day", "owner": "owner", "due_days": 1, "priority": 2}
    client.post(reverse("playbook_step", args=[book.pk, 1]), {**values, **NOTHING})
    page = text_of(client, reverse("playbook", args=[book.pk]))
    assert "As it was" in page and "There is a draft of changes." in page
    assert "Otherwise" in text_of(client, reverse("playbook", args=[book.pk]) + "?version=draft")


def test_a_playbook_is_started_on_the_customers_page_and_from_an_alert(manager, analyst, login):
    customer, book = factories.customer(owner=analyst), plays.published(manager, plays.step())
    client = login(analyst)
    assert book.name in text_of(client, reverse("playbook_start") + f"?customer={customer.pk}")
    client.post(reverse("playbook_start"), {"customer": customer.pk, "playbook": book.pk})
    assert book.name in text_of(client, reverse("customer", args=[customer.pk]))
    other, day = factories.customer(owner=analyst), dt.date(2026, 1, 1)
    rule = AlertRule.objects.get(kind="no_touch")
    alert = Alert.objects.create(
        rule=rule, customer=other, scope="customer", subject_id=other.pk, since=day, seen_on=day
    )
    assert f"?alert={alert.pk}" in text_of(client, reverse("alert", args=[alert.pk]))
    client.post(reverse("playbook_start"), {"alert": alert.pk, "playbook": book.pk})
    assert Run.objects.get(customer=other).alert == alert


def test_nobody_starts_a_playbook_for_a_customer_of_another(manager, analyst, login):
    customer, book = factories.customer(owner=manager), plays.published(manager)
    sent = login(analyst).post(reverse("playbook_start"), {"customer": customer.pk, "playbook": book.pk})
    assert sent.status_code == 404 and not Run.objects.exists()


def test_many_are_started_at_once_and_the_page_says_how_far_they_are(manager, login):
    book = plays.published(manager, plays.step())
    for _n in range(30):
        factories.customer(owner=manager)
    client = login(manager)
    keys = [str(key) for key in Customer.objects.values_list("pk", flat=True)]
    sent = client.post(reverse("portfolio_bulk"), {"id": keys, "playbook": book.pk, "holdout": "0"})
    batch = Run.objects.all()[0].batch
    assert batch is not None
    assert sent.headers["Location"] == reverse("run_batch", args=[batch.pk])
    assert "0 of 30 begun" in text_of(client, sent.headers["Location"]) and not Task.objects.exists()
    while advancing.work():
        pass
    assert "All 30 runs are on their way." in text_of(client, sent.headers["Location"])
    assert Task.objects.count() == 30


def test_a_run_shows_what_came_of_its_steps_and_is_stopped_with_a_reason(manager, analyst, login):
    customer = factories.customer(owner=analyst)
    book = plays.published(manager, plays.step("offer"), plays.step("email"), plays.step(after=9))
    runs_start(actor=manager, playbook=book, customers=Customer.objects.all())
    plays.go_on()
    run, client = Run.objects.get(), login(analyst)
    url, do = reverse("run", args=[run.pk]), reverse("run_do", args=[run.pk])
    page = text_of(client, url)
    assert "Nobody at the customer has this role" in page and "Still ahead" in page
    client.post(do, {"do": "accepted", "step": run.steps.get(key=1).pk})
    client.post(do, {"do": "stop", "why": "They left"})
    page = text_of(client, url)
    assert "Accepted" in page and "They left" in page and customer.name in page


def test_lists_take_the_same_number_of_queries(manager, login):
    client = login(manager)
    book = plays.published(manager, plays.step(), plays.step(after=30))
    plays.edited(manager, book)

    def add(n):
        for _n in range(n):
            factories.customer(owner=manager)
            plays.published(manager)
        runs_start(actor=manager, playbook=book, customers=Customer.objects.all())
        while advancing.work():
            pass

    assert_constant_queries(client, reverse("playbooks"), add)
    for name in ("playbook", "playbook_runs"):
        assert_constant_queries(client, reverse(name, args=[book.pk]), add)


def test_a_runs_page_takes_the_same_number_of_queries_however_many_steps(manager, login):
    customer = factories.customer(owner=manager)
    factories.contact(customer, role="champion")
    counts = []
    for n in (3, 30):
        book = plays.published(manager, *(plays.step("email" if i % 2 else "task") for i in range(n)))
        runs_start(actor=manager, playbook=book, customers=Customer.objects.filter(pk=customer.pk))
        plays.go_on()
        url = reverse("run", args=[Run.objects.get(playbook=book).pk])
        login(manager).get(url)
        counts.append(queries_of(login(manager), url))
    assert counts[0] == counts[1] and time.today() >= Run.objects.all()[0].started_on
