"""The pages of tasks: a desk of one's own, one task, many at once, the calendar address, the customer's page."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Workspace
from core import time
from playbooks.models import CalendarFeed, Cover, Task
from playbooks.services.tasks import task_create, task_done
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def made(owner, **fields) -> Task:
    return task_create(actor=owner, **{"title": "Call", "owner": owner, "due_on": time.today(), **fields})


def sent(owner, **fields):
    return {"title": "Call", "owner": owner.pk, "due_on": time.today().isoformat(), "priority": 2, **fields}


def test_a_task_is_made_on_the_customers_page_and_stands_there(analyst, login):
    customer = factories.customer(name="Vale", owner=analyst)
    client = login(analyst)
    form = client.get(f"/tasks/new/?customer={customer.pk}").content.decode()
    assert f'value="{customer.name} ({customer.external_id})"' in form
    answer = client.post(
        f"/tasks/new/?customer={customer.pk}",
        sent(analyst, customer="Vale", items="Ask\n\nWrite", due_at="09:30"),
    )
    assert answer.url == f"/customers/{customer.pk}/"
    task = Task.objects.get()
    assert [item.text for item in task.items.all()] == ["Ask", "Write"]
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Call" in page
    assert "0 of 2 lines" in page
    task_done(actor=analyst, task=task)
    assert "Task done: Call" in client.get(f"/customers/{customer.pk}/").content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(analyst, login):
    refused = login(analyst).post("/tasks/new/", sent(analyst, due_on="", repeats="week", title="Call Ana"))
    assert refused.status_code == 422
    assert "needs the day on which it is due first" in refused.content.decode()
    assert 'value="Call Ana"' in refused.content.decode()


def test_the_desk_groups_by_when_tasks_are_due(analyst, login):
    today = time.today()
    for title, due in (("Late", today - DAY), ("Now", today), ("Some day", None), ("Far", today + 40 * DAY)):
        made(analyst, title=title, due_on=due)
    made(factories.user(role="analyst"), title="Of somebody else")
    desk = login(analyst).get("/tasks/").context["desk"]
    assert [(group.name, [task.title for task in group.tasks]) for group in desk.groups] == [
        ("Overdue", ["Late"]),
        ("Today", ["Now"]),
        ("Later", ["Far"]),
        ("Without a day", ["Some day"]),
    ]


def test_many_tasks_change_at_once(analyst, manager, login):
    tasks = [made(analyst, title=str(n)) for n in range(4)]
    client = login(analyst)
    chosen = [task.pk for task in tasks[:2]]
    client.post("/tasks/bulk/", {"do": "assign", "owner": manager.pk, "task": chosen})
    assert Task.objects.filter(owner=manager).count() == 2
    day = time.today() + 5 * DAY
    client.post("/tasks/bulk/", {"do": "move", "due_on": day.isoformat(), "task": [tasks[2].pk]})
    assert Task.objects.get(due_on=day) == tasks[2]
    client.post("/tasks/bulk/", {"done_one": tasks[3].pk, "back": "https://evil.test/"})
    assert Task.objects.get(state="done") == tasks[3]
    assert AuditEntry.objects.filter(action="task.updated").count() == 3
    for wrong in (
        {"do": "assign", "owner": ""},
        {"do": "move", "due_on": "soon"},
        {"do": "burn"},
        {"task": ["x"]},
    ):
        assert client.post("/tasks/bulk/", {"task": [tasks[2].pk], **wrong}).status_code == 302
    assert client.post("/tasks/bulk/", {"do": "done", "back": "//evil.test"}).url == "/tasks/"


def test_others_tasks_are_not_changed(analyst, login):
    other = factories.user(role="analyst")
    task = made(analyst)
    client = login(other)
    assert client.post(f"/tasks/{task.pk}/close/").status_code == 404
    assert client.get(f"/tasks/{task.pk}/").status_code == 404
    client.post("/tasks/bulk/", {"do": "done", "task": [task.pk]})
    assert Task.objects.get().state == "open"


def test_where_seeing_is_restricted_tasks_of_others_customers_are_not_seen(analyst, login):
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    other = factories.user(role="analyst")
    task = made(other, customer=factories.customer(owner=other))
    assert login(analyst).get(f"/tasks/{task.pk}/").status_code == 404
    assert login(analyst).get("/tasks/?scope=team").context["desk"].groups == []


def test_a_task_is_worked_on_step_by_step_and_taken_back(analyst, login):
    task = made(analyst, items=["Ask"])
    client, item = login(analyst), task.items.get()
    client.post(f"/tasks/{task.pk}/items/", {"tick": item.pk})
    client.post(f"/tasks/{task.pk}/items/", {"text": "Write"})
    assert client.post(f"/tasks/{task.pk}/items/", {"text": " "}).status_code == 422
    client.post(f"/tasks/{task.pk}/items/", {"remove": task.items.get(text="Write").pk})
    item.refresh_from_db()
    assert (item.done, task.items.count()) == (True, 1)
    client.post(f"/tasks/{task.pk}/comments/", {"text": "They asked twice"})
    assert client.post(f"/tasks/{task.pk}/comments/", {"text": ""}).status_code == 422
    assert "They asked twice" in client.get(f"/tasks/{task.pk}/").content.decode()
    client.post(f"/tasks/{task.pk}/close/")
    client.post(f"/tasks/{task.pk}/reopen/")
    task.refresh_from_db()
    assert task.state == "open"
    client.post(f"/tasks/{task.pk}/edit/", sent(analyst, title="Write", priority=4))
    client.post(f"/tasks/{task.pk}/close/", {"do": "drop"})
    task.refresh_from_db()
    assert (task.title, task.priority, task.state) == ("Write", 4, "dropped")


def test_a_calendar_address_is_shown_once_read_without_login_and_revoked(analyst, login, client):
    made(analyst, title="Call, now", customer=factories.customer(name="Vale", owner=analyst))
    made(analyst, title="Undated", due_on=None)
    own = login(analyst)
    shown = own.post("/tasks/calendar/", {"do": "make"})
    address = shown.context["address"]
    assert shown["Cache-Control"] == "no-store"
    assert address.rsplit("/", 1)[-1].removesuffix(".ics") not in CalendarFeed.objects.get().key_hash
    feed = client.get(address)
    assert feed["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Call\\, now · Vale" in feed.content.decode()
    assert "Undated" not in feed.content.decode()
    assert client.get("/calendar/guess.ics").status_code == 404
    own.post("/tasks/calendar/", {"do": "make"})
    assert client.get(address).status_code == 404
    newer = own.post("/tasks/calendar/", {"do": "make"}).context["address"]
    own.post("/tasks/calendar/", {"do": "revoke"})
    assert client.get(newer).status_code == 404


def test_a_person_who_left_has_no_calendar_any_more(analyst, login, client):
    address = login(analyst).post("/tasks/calendar/", {"do": "make"}).context["address"]
    analyst.is_active = False
    analyst.save()
    assert client.get(address).status_code == 404


def test_somebody_stands_in(analyst, manager, login):
    made(analyst, title="Of Ana")
    days = {"first_on": time.today().isoformat(), "last_on": (time.today() + DAY).isoformat()}
    client = login(analyst)
    assert client.post("/tasks/cover/new/", {"substitute": manager.pk, **days}).status_code == 302
    assert "Of Ana" in login(manager).get("/tasks/").content.decode()
    other = login(factories.user(role="analyst"))
    assert other.post(f"/tasks/cover/{Cover.objects.get().pk}/end/").status_code == 404
    client.post(f"/tasks/cover/{Cover.objects.get().pk}/end/")
    assert "Of Ana" not in login(manager).get("/tasks/").content.decode()


def test_tasks_over_the_api(analyst):
    api = APIClient()
    api.force_authenticate(analyst)
    customer = factories.customer(owner=analyst)
    body = {"title": "Call", "owner": analyst.email, "customer": customer.pk, "checklist": ["Ask"]}
    made_ = api.post("/api/v1/tasks/", body, format="json")
    assert made_.status_code == 201
    url = f"/api/v1/tasks/{made_.json()['id']}/"
    etag = api.get(url)["ETag"]
    assert api.patch(url, {"priority": 4}, format="json", headers={"If-Match": etag}).status_code == 200
    assert api.patch(url, {"priority": 1}, format="json", headers={"If-Match": etag}).status_code == 412
    item = api.get(url).json()["items"][0]["id"]
    assert api.post(f"{url}tick/", {"item": item}, format="json").json()["items"][0]["done"] is True
    assert api.post(f"{url}done/").json()["state"] == "done"
    assert api.post(f"{url}reopen/").json()["state"] == "open"
    assert [
        row["id"] for row in api.get("/api/v1/tasks/?state=open&owner=" + analyst.email).json()["results"]
    ]
    refused = api.post(
        "/api/v1/tasks/", {"title": "Call", "owner": analyst.email, "repeats": "week"}, format="json"
    )
    assert refused.status_code == 400
    assert "due_on" in refused.json()["errors"]
    api.force_authenticate(factories.user(role="viewer"))
    assert api.post(f"{url}drop/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_tasks(analyst, login):
    def add(count: int) -> None:
        for _ in range(count):
            made(analyst, customer=factories.customer(owner=analyst), items=["Ask"])

    assert_constant_queries(login(analyst), "/tasks/", add)
