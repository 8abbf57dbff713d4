"""Tasks: made, done once, followed by the next of their rhythm, going along with a customer."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry, Workspace
from config import pipeline
from core import time
from customers.models import Customer
from customers.services.owners import OwnerFunction, owners_set
from playbooks.models import Cover, Task
from playbooks.repeating import next_due, weekday
from playbooks.services.many_tasks import cover_add
from playbooks.services.tasks import (
    StaleTaskError,
    item_add,
    item_tick,
    task_create,
    task_done,
    task_drop,
    task_reopen,
    task_update,
)
from tests import factories

DAY = dt.timedelta(days=1)
JAN_31 = dt.date(2026, 1, 31)


def made(owner, **fields) -> Task:
    return task_create(actor=owner, **{"title": "Call", "owner": owner, **fields})


@pytest.mark.parametrize(
    ("repeats", "every", "due"),
    [
        ("day", 3, dt.date(2026, 2, 3)),
        ("week", 2, dt.date(2026, 2, 14)),
        ("month", 1, dt.date(2026, 2, 28)),
        ("month", 2, dt.date(2026, 3, 31)),
        ("workday", 1, dt.date(2026, 2, 2)),
        ("workday", 6, dt.date(2026, 2, 9)),
    ],
)
def test_the_next_day_of_a_rhythm(repeats, every, due):
    assert next_due(JAN_31, repeats, every, today=JAN_31, is_workday=weekday) == due


def test_a_month_keeps_its_day_through_february():
    short = next_due(JAN_31, "month", 1, today=JAN_31, anchor_day=31, is_workday=weekday)
    assert next_due(short, "month", 1, today=short, anchor_day=31, is_workday=weekday) == dt.date(2026, 3, 31)


def test_days_that_are_over_are_left_out():
    assert next_due(JAN_31, "week", 1, today=JAN_31 + 40 * DAY, is_workday=weekday) == dt.date(2026, 3, 14)


@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1)),
    st.sampled_from(["day", "workday", "week", "month"]),
    st.integers(1, 20),
    st.integers(0, 400),
)
def test_the_next_day_is_later_and_not_over(due, repeats, every, late):
    today = due + late * DAY
    found = next_due(due, repeats, every, today=today, is_workday=weekday)
    assert found > due
    assert found >= today
    assert repeats != "workday" or weekday(found)


@pytest.mark.django_db
def test_a_task_that_repeats_is_followed_once_with_its_checklist(analyst):
    today = time.today()
    task = made(analyst, due_on=today, repeats="week", items=["Ask", " ", "Write"])
    item_tick(actor=analyst, item=task.items.get(text="Ask"), done=True)
    for _ in range(2):
        task_done(actor=analyst, task=task)
    following = Task.objects.get(follows=task)
    assert (following.due_on, following.owner) == (today + 7 * DAY, analyst)
    assert [(item.text, item.done) for item in following.items.all()] == [("Ask", False), ("Write", False)]
    task_reopen(actor=analyst, task=task)
    assert not Task.objects.filter(follows=task).exists(), "nobody touched it"
    task_done(actor=analyst, task=task)
    task_update(actor=analyst, task=Task.objects.get(follows=task), changes={"title": "Call twice"})
    task_reopen(actor=analyst, task=task)
    task_done(actor=analyst, task=task)
    assert Task.objects.filter(follows=task).count() == 1
    assert AuditEntry.objects.filter(action="task.done").count() == 3


@pytest.mark.django_db
def test_a_dropped_task_ends_its_rhythm(analyst):
    task = made(analyst, due_on=time.today(), repeats="day")
    task_drop(actor=analyst, task=task)
    assert not Task.objects.open().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"due_at": dt.time(9)}, "due_on"),
        ({"repeats": "week"}, "due_on"),
        ({"every": 0}, "every"),
        ({"items": ["x"] * 51}, "items"),
    ],
)
def test_a_task_that_makes_no_sense_says_what_is_wrong_and_is_not_there(analyst, wrong, field):
    with pytest.raises(ValidationError) as refused:
        made(analyst, **wrong)
    assert field in refused.value.message_dict
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_only_who_can_do_it_gets_a_task(analyst, viewer):
    for person in (viewer, factories.user(role="analyst", is_active=False)):
        with pytest.raises(ValidationError, match="cannot do tasks"):
            task_create(actor=analyst, title="Call", owner=person)
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    with pytest.raises(ValidationError, match="may not see this customer"):
        made(analyst, customer=factories.customer(owner=factories.user(role="analyst")))


@pytest.mark.django_db
def test_two_people_do_not_overwrite_each_other(analyst):
    task = made(analyst)
    task_update(actor=analyst, task=task, changes={"title": "Call now"}, version=1)
    with pytest.raises(StaleTaskError):
        task_update(actor=analyst, task=task, changes={"title": "Call later"}, version=1)


@pytest.mark.django_db
def test_a_checklist_has_an_end(analyst):
    task = made(analyst, items=["x"] * 50)
    with pytest.raises(ValidationError):
        item_add(actor=analyst, task=task, text="One more")


@pytest.mark.django_db(transaction=True)
def test_open_tasks_go_along_when_a_customer_is_handed_over(analyst, manager):
    other = factories.user(role="analyst")
    customer, kept = factories.customer(owner=analyst), factories.customer(owner=analyst)
    mine, theirs = made(analyst, customer=customer), made(other, customer=customer)
    done, elsewhere = made(analyst, customer=customer), made(analyst, customer=kept)
    task_done(actor=analyst, task=done)
    heir = factories.user(role="analyst")
    with transaction.atomic():
        owners_set(
            actor=manager,
            customers=Customer.objects.filter(pk=customer.pk),
            function=OwnerFunction.CS,
            successor=heir,
            action="customer.handed_over",
        )
    for _ in range(2):
        pipeline.finish(["events"])
    owners = {task.pk: task.owner for task in Task.objects.all()}
    assert owners == {mine.pk: heir, theirs.pk: other, done.pk: analyst, elsewhere.pk: analyst}


@pytest.mark.django_db
def test_who_stands_in_has_the_tasks_on_the_desk_these_days_only(analyst):
    other, today = factories.user(role="analyst"), time.today()
    task = made(analyst)
    cover_add(actor=analyst, person=analyst, substitute=other, first_on=today, last_on=today + DAY)
    assert list(Task.objects.on_desk_of(other, today)) == [task]
    assert task in Task.objects.editable_by(other, today)
    assert not Task.objects.on_desk_of(other, today + 2 * DAY)
    assert task not in Task.objects.editable_by(other, today + 2 * DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "field"), [(1, 0, "last_on"), (-9, -5, "last_on"), (2, 9, "first_on")]
)
def test_a_stand_in_that_makes_no_sense_is_refused(analyst, manager, first, last, field):
    today = time.today()
    cover_add(
        actor=analyst, person=analyst, substitute=manager, first_on=today + 3 * DAY, last_on=today + 5 * DAY
    )
    with pytest.raises(ValidationError) as refused:
        cover_add(
            actor=analyst,
            person=analyst,
            substitute=manager,
            first_on=today + first * DAY,
            last_on=today + last * DAY,
        )
    assert field in refused.value.message_dict
    with pytest.raises(ValidationError, match="somebody else"):
        cover_add(actor=analyst, person=analyst, substitute=analyst, first_on=today, last_on=today)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"closed_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"due_at": dt.time(9)},
        {"repeats": "day"},
        {"every": 0},
    ],
)
def test_the_database_refuses_a_task_that_makes_no_sense(analyst, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(title="Call", owner=analyst, **wrong)


@pytest.mark.django_db
def test_the_database_refuses_a_second_follower_place_and_stand_in(analyst, manager):
    task, day = made(analyst, items=["Ask"]), dt.date(2026, 1, 1)
    Task.objects.create(title="Next", owner=analyst, follows=task)
    Cover.objects.create(person=analyst, substitute=manager, first_on=day, last_on=day)
    for make in (
        lambda: Task.objects.create(title="Again", owner=analyst, follows=task),
        lambda: task.items.create(position=1, text="Write"),
        lambda: Cover.objects.create(person=analyst, substitute=manager, first_on=day, last_on=day),
        lambda: Cover.objects.create(person=manager, substitute=manager, first_on=day, last_on=day),
        lambda: Cover.objects.create(person=manager, substitute=analyst, first_on=day, last_on=day - DAY),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
