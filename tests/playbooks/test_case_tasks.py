"""A low answer opens a task for the owner, and the two are closed together, once."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from config import pipeline
from core import time
from customers.models import Customer
from customers.services.owners import OwnerFunction, owners_set
from playbooks.models import Task
from playbooks.services.tasks import comment_add, task_done, task_drop
from surveys.models import LoopCase
from surveys.services.answers import Given, response_record
from surveys.services.loop import case_close
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 3, 9, 13, 0, tzinfo=dt.UTC)  # 10:00 in São Paulo


@pytest.fixture
def ana():
    return factories.user(name="Ana", role="analyst", language="en")


@pytest.fixture
def customer(ana):
    return factories.customer(owner=ana)


def answered(customer, score=3, kind="nps", at=MONDAY) -> Any:
    invitation = factories.survey_invitation(
        factories.contact(customer), survey=factories.survey(kind=kind, name=f"{kind} {score}")
    )
    response_record(invitation=invitation, given=Given(score, "", False, []), language="en", at=at)
    pipeline.finish(["events"])
    return LoopCase.objects.filter(response__invitation=invitation).first()


@pytest.mark.parametrize(
    ("kind", "score", "opens"),
    [("nps", 6, 1), ("nps", 7, 0), ("csat", 2, 1), ("csat", 3, 0), ("ces", 3, 1), ("ces", 4, 0)],
)
def test_a_detractor_a_csat_of_2_and_a_ces_of_3_open_a_task(customer, kind, score, opens):
    answered(customer, score, kind)
    assert Task.objects.count() == opens


def test_the_task_is_the_owners_and_due_by_the_calendar_and_tells_of_both_clocks(ana, customer, client):
    case = answered(customer)
    task = Task.objects.get()
    assert (task.owner, task.customer, task.case) == (ana, customer, case)
    assert task.title == "Answer a low NPS score: 3"
    assert (task.due_on, task.due_at) == (dt.date(2026, 3, 11), dt.time(10, 0))
    assert case.due_working_at == dt.datetime(2026, 3, 10, 20, 0, tzinfo=dt.UTC)  # 16 h of 9 to 18
    client.force_login(ana)
    page = client.get(reverse("task", args=[task.pk])).content.decode()
    assert reverse("survey_case", args=[case.pk]) in page and "Due by working hours" in page
    assert (
        reverse("task", args=[task.pk]) in client.get(reverse("survey_case", args=[case.pk])).content.decode()
    )


def test_hearing_twice_or_answering_again_opens_no_second_task(customer):
    case = answered(customer)
    given = Given(1, "Worse", False, [])
    response_record(invitation=case.response.invitation, given=given, language="en", at=MONDAY, answered=True)
    pipeline.finish(["events"])
    assert Task.objects.count() == 1


def test_closing_the_case_does_the_task_in_the_name_of_who_closed_it(ana, customer):
    case = answered(customer)
    case_close(actor=ana, case=case, done="Called her", at=time.now())
    pipeline.finish(["events"])
    task = Task.objects.get()
    assert (task.state, task.closed_by) == ("done", ana)


def test_doing_the_task_closes_the_case_with_the_last_comment(ana, customer):
    case = answered(customer)
    task = Task.objects.get()
    comment_add(actor=ana, task=task, text="Sent the new invoice")
    task_done(actor=ana, task=task)
    task_done(actor=ana, task=task)
    pipeline.finish(["events"])
    case.refresh_from_db()
    assert (case.done, case.closed_by) == ("Sent the new invoice", ana)
    assert Task.objects.get().state == "done"


def test_a_task_given_up_leaves_its_case_open(ana, customer):
    case = answered(customer)
    task_drop(actor=ana, task=Task.objects.get())
    case.refresh_from_db()
    assert case.closed_at is None


def test_without_an_owner_the_task_waits_until_the_customer_gets_one(ana):
    nobodys = factories.customer()
    answered(nobodys)
    assert not Task.objects.exists()
    owners_set(
        actor=None,
        customers=Customer.objects.filter(pk=nobodys.pk),
        function=OwnerFunction.CS,
        successor=ana,
        action="customer.updated",
    )
    pipeline.finish(["events"])
    assert Task.objects.get().owner == ana
