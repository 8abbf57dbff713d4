"""Runs go step by step: in time, by condition and branch, each step once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core import time
from core.models import OutgoingMail
from customers.models import Customer
from playbooks.models import Run, RunStep, Task
from playbooks.services.advancing import run_advance
from playbooks.services.playbooks import draft_open, playbook_publish, step_add, step_remove, step_update
from playbooks.services.runs import offer_answer, run_stop, runs_apply, runs_start
from playbooks.services.tasks import task_done
from tests import factories
from tests.playbooks.plays import came_to, go_on, published, step

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 3, 9, 13, 0, tzinfo=dt.UTC)  # 10:00 in São Paulo


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test can turn: `clock(days)` after Monday."""

    def turn(days: float = 0) -> None:
        monkeypatch.setattr(time, "now", lambda: MONDAY + dt.timedelta(days=days))

    turn()
    return turn


@pytest.fixture
def customer(analyst):
    one = factories.customer(owner=analyst, name="Vale Verde")
    factories.contact(one, role="champion", name="Rita Prado")
    return one


def start(playbook, customer, actor):
    runs_start(actor=actor, playbook=playbook, customers=Customer.objects.filter(pk=customer.pk))
    go_on()
    return Run.objects.get(playbook=playbook, customer=customer)


def test_steps_are_done_on_their_days_in_order_and_each_once(manager, customer, clock):
    book = published(
        manager, step(title="First"), step(title="Second", after=3), step(after=5, unit="workday")
    )
    run = start(book, customer, manager)
    assert Task.objects.get().title == "First" and run.due_at == time.day_start(dt.date(2026, 3, 12))
    go_on()
    assert Task.objects.count() == 1
    clock(3)
    go_on()
    assert [task.title for task in Task.objects.order_by("pk")] == ["First", "Second"]
    clock(6)  # a Sunday: five working days after Monday are the next Monday
    go_on()
    assert Task.objects.count() == 2
    clock(7)
    go_on()
    run.refresh_from_db()
    assert (Task.objects.count(), run.standing, run.next_key) == (3, "finished", None)


def test_a_task_is_its_owners_and_says_what_the_step_says(manager, analyst, customer, clock):
    say = {"due_days": 2, "priority": 4, "body": "Ask why", "items": ["One", "Two"], "role": "champion"}
    start(published(manager, step("call", "Call them", params=say)), customer, manager)
    task = Task.objects.get()
    assert (task.owner, task.customer, task.priority) == (analyst, customer, 4)
    assert task.due_on == dt.date(2026, 3, 11) and [item.text for item in task.items.all()] == ["One", "Two"]
    assert "Rita Prado" in task.body and "Ask why" in task.body


def test_without_anybody_to_do_it_the_step_fails_in_words_and_the_run_goes_on(manager, clock):
    alone = factories.customer()
    book = published(manager, step(params={"owner": "commercial_owner"}), step("field"))
    book.owner = None
    book.save()
    Customer.objects.filter(pk=alone.pk).update(owner=None)
    run = start(book, alone, factories.user(role="manager"))
    assert came_to(run)[1][1] == "done"
    assert Task.objects.get().owner == run.started_by  # who starts it is asked last


def test_a_condition_that_does_not_hold_skips_the_step(manager, customer, clock):
    tagged = {"kind": "tag", "value": "VIP"}
    book = published(
        manager,
        step("field"),
        step("task", "Only for VIPs", condition=tagged),
        step(condition={"kind": "red"}),
    )
    run = start(book, customer, manager)
    assert came_to(run) == [(1, "done"), (2, "done"), (3, "skipped")]
    assert RunStep.objects.get(run=run, key=3).why == "condition"


def test_a_branch_leads_past_steps_or_to_the_end(manager, customer, clock):
    book = published(
        manager,
        step("field", branch={"kind": "tag", "value": "vip"}, branch_to=3),
        step(title="Passed over"),
        step(title="Here", branch={"kind": "done", "step": 3}, branch_to=0),
        step(title="Last"),
    )
    run = start(book, customer, manager)
    assert [key for key, _state in came_to(run)] == [1, 3, 4]


def test_a_wait_ends_when_what_it_waits_for_comes(manager, customer, clock):
    waits = step("wait", after=1, params={"until": {"kind": "done", "step": 1}, "at_most": 5})
    book = published(manager, step(title="Do it"), waits, step(title="Then", after=1))
    run = start(book, customer, manager)
    clock(1)
    go_on()
    assert came_to(run) == [(1, "done"), (2, "waiting")]
    task_done(actor=manager, task=Task.objects.get())
    clock(1.1)
    go_on()
    assert came_to(run)[1:] == [(2, "done"), (3, "done")]
    assert RunStep.objects.get(run=run, key=2).why == "held"


def test_a_wait_that_waits_in_vain_ends_on_its_last_day_and_branches(manager, customer, clock):
    waits = step(
        "wait",
        params={"until": {"kind": "accepted", "step": 1}, "at_most": 4},
        branch={"kind": "not_accepted", "step": 1},
        branch_to=4,
    )
    book = published(manager, step("offer"), waits, step(title="They took it"), step(title="Ask again"))
    run = start(book, customer, manager)
    clock(3.4)
    go_on()
    assert came_to(run)[-1] == (2, "waiting")
    clock(4)
    go_on()
    assert [key for key, _state in came_to(run)] == [1, 2, 4]
    assert RunStep.objects.get(run=run, key=2).why == "timed_out"


def test_an_offer_is_accepted_or_declined(manager, analyst, customer, clock):
    run = start(published(manager, step("offer")), customer, manager)
    row = offer_answer(actor=analyst, step=RunStep.objects.get(run=run), answer="accepted")
    assert (row.answer, row.amount_cents) == ("accepted", 10_000) and row.answered_at
    with pytest.raises(ValidationError, match="accepted or declined"):
        offer_answer(actor=analyst, step=row, answer="perhaps")


def test_stage_and_tag_steps_change_the_customer_once(manager, customer, clock):
    run = start(published(manager, step("stage"), step("field"), step("field")), customer, manager)
    customer.refresh_from_db()
    assert customer.stage == "support" and [tag.name for tag in customer.tags.all()] == ["vip"]
    assert came_to(run) == [(1, "done"), (2, "done"), (3, "skipped")]


def test_a_mail_is_planned_for_each_person_of_the_roles_and_nobody_else(manager, customer, clock):
    factories.contact(customer, role="champion", opted_out=True)
    factories.contact(customer, role="billing")
    run = start(published(manager, step("email")), customer, manager)
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["playbook"]
    assert RunStep.objects.get(run=run).mails == 1


def test_without_people_of_the_role_the_step_says_so(manager, analyst, clock):
    lonely = factories.customer(owner=analyst)
    run = start(published(manager, step("email"), step()), lonely, manager)
    row = RunStep.objects.get(run=run, key=1)
    assert (row.state, row.why) == ("failed", "nobody") and came_to(run)[1] == (2, "done")


def test_a_run_is_started_once_at_a_time(manager, customer, clock):
    book = published(manager, step(after=5))
    for left_out in (0, 1):
        batch = runs_start(actor=manager, playbook=book, customers=Customer.objects.all())
        assert (batch.total, batch.left_out) == (1 - left_out, left_out)


def test_a_stopped_run_does_nothing_more(manager, customer, clock):
    run = start(published(manager, step(after=2)), customer, manager)
    with pytest.raises(ValidationError, match="Say why"):
        run_stop(actor=manager, run=run, why=" ")
    run_stop(actor=manager, run=run, why="They asked us to")
    clock(3)
    go_on()
    run_advance(run=run, at=time.now())
    run.refresh_from_db()
    assert (Task.objects.count(), run.standing, run.end_why) == (0, "stopped", "They asked us to")


def test_runs_of_an_archived_customer_stop(manager, customer, clock):
    run = start(published(manager, step(after=2)), customer, manager)
    Customer.objects.update(archived_at=time.now())
    clock(2)
    go_on()
    run.refresh_from_db()
    assert (run.standing, run.end_why) == ("stopped", "archived")


def test_a_run_keeps_its_version_until_a_change_is_applied_on_purpose(manager, customer, clock):
    book = published(manager, step(title="One"), step(title="Two", after=2), step(title="Three", after=4))
    run = start(book, customer, manager)
    draft = draft_open(actor=manager, playbook=book)
    _one, two, three = draft.steps.all()
    step_remove(actor=manager, step=two)
    step_update(actor=manager, step=three, values={"title": "Third", "after": 1})
    values = {"title": "Fourth", "after": 1, "params": {"owner": "owner"}}
    step_add(actor=manager, playbook=book, kind="task", values=values)
    playbook_publish(actor=manager, playbook=book)
    run.refresh_from_db()
    assert run.running_version.number == 1
    book.refresh_from_db()
    assert runs_apply(actor=manager, playbook=book) == 1
    clock(1)
    go_on()
    assert [task.title for task in Task.objects.order_by("pk")] == ["One", "Third", "Fourth"]
    run.refresh_from_db()
    assert (run.running_version.number, run.standing) == (2, "finished")


def test_a_published_version_never_changes(manager, customer):
    book = published(manager)
    assert book.published is not None
    with pytest.raises(ValidationError, match="never changes"):
        step_update(actor=manager, step=book.published.steps.get(), values={"title": "Other"})
