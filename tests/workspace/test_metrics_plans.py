"""Action plans of figures: opened by who sets targets, worked on by their owner, followed on the figure's page."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from core import time
from metrics.models import ActionPlan
from metrics.services.plans import plan_close, plan_open, step_add, step_done
from tests import factories
from tests.workspace.metrics_data import DAY, finish_nights, first_of_month, pays

pytestmark = pytest.mark.django_db


@pytest.fixture
def nights(analyst):
    begin = first_of_month(4)
    finish_nights(begin)
    pays(factories.customer(segment="mid", owner=analyst, started_on=begin), (begin, 100_000))
    return begin


def opened(owner, **fields) -> ActionPlan:
    fields = {"key": "mrr", "cause": "Two left", "due_on": time.today() + 20 * DAY, **fields}
    return plan_open(actor=owner, owner=owner, **fields)


def test_a_plan_is_opened_with_its_steps_and_the_figure_as_it_is(nights, manager, analyst, login):
    sent = {
        "slice": "segment=mid",
        "cause": "Seats were taken away",
        "owner": analyst.pk,
        "due_on": (time.today() + 20 * DAY).isoformat(),
        "step1": "Ask the five largest",
        "step3": "Offer a smaller plan",
    }
    client = login(manager)
    assert client.post("/metrics/mrr/plans/new/", sent).status_code == 302
    plan = ActionPlan.objects.get()
    assert (plan.slice, plan.owner, plan.value) == ("segment=mid", analyst, Decimal(1000))
    assert [step.what for step in plan.steps.all()] == ["Ask the five largest", "Offer a smaller plan"]
    page = client.get("/metrics/mrr/?segment=mid")
    assert "Seats were taken away" in page.content.decode()
    assert "Seats were taken away" not in client.get("/metrics/mrr/").content.decode()
    assert "Seats were taken away" in client.get("/metrics/").content.decode()
    assert AuditEntry.objects.get(action="plan.opened").actor == manager


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cause": "  "}, "cause"),
        ({"due_on": dt.date(2020, 1, 1)}, "due_on"),
        ({"key": "happiness"}, "key"),
        ({"slice": "segment=tiny"}, "slice"),
        ({"steps": ["x" * 201]}, "what"),
    ],
)
def test_a_plan_that_makes_no_sense_says_what_is_wrong_and_is_not_there(manager, wrong, field):
    with pytest.raises(ValidationError) as refused:
        opened(manager, **wrong)
    assert field in refused.value.message_dict
    assert not ActionPlan.objects.exists()


def test_nobody_that_left_owns_a_plan(manager):
    with pytest.raises(ValidationError, match="cannot sign in"):
        opened(factories.user(is_active=False))


def test_one_plan_is_open_at_a_time_and_the_next_after_it_is_closed(manager):
    plan = opened(manager)
    with pytest.raises(ValidationError, match="open plan already"):
        opened(manager)
    with pytest.raises(ValidationError, match="what came of it"):
        plan_close(actor=manager, plan=plan, outcome=" ")
    plan_close(actor=manager, plan=plan, outcome="Calls helped")
    with pytest.raises(ValidationError, match="closed"):
        step_add(actor=manager, plan=plan, what="More")
    opened(manager)
    assert ActionPlan.objects.filter(closed_on__isnull=True).count() == 1


def test_its_owner_works_on_it_and_another_analyst_does_not(nights, manager, analyst, login):
    plan = opened(manager)
    ActionPlan.objects.update(owner=analyst)
    step = step_add(actor=manager, plan=plan, what="Call")
    owner, other = login(analyst), login(factories.user(role="analyst"))
    tick = f"/metrics/plans/{plan.pk}/steps/{step.pk}/"
    assert other.post(tick, {"done": "1"}).status_code == 403
    assert other.get(f"/metrics/plans/{plan.pk}/edit/").status_code == 403
    assert owner.post(tick, {"done": "1"}).status_code == 302
    step.refresh_from_db()
    assert step.done_on == time.today()
    owner.post(tick, {})
    step.refresh_from_db()
    assert step.done_on is None
    owner.post(f"/metrics/plans/{plan.pk}/steps/new/", {"what": "Write", "due_on": ""})
    assert plan.steps.count() == 2
    owner.post(f"/metrics/plans/{plan.pk}/over/", {"outcome": "It rose again"})
    plan.refresh_from_db()
    assert plan.closed_on == time.today()
    assert "It rose again" in owner.get("/metrics/mrr/").content.decode()


def test_ticking_twice_changes_nothing(manager):
    step = step_add(actor=manager, plan=opened(manager), what="Call")
    for _ in range(2):
        step_done(actor=manager, step=step, done=True)
    assert AuditEntry.objects.filter(action="plan.step_done").count() == 1


def test_what_is_overdue_is_shown(nights, manager, login):
    late = opened(manager)
    ActionPlan.objects.filter(pk=late.pk).update(
        opened_on=time.today() - 30 * DAY, due_on=time.today() - 3 * DAY
    )
    other = opened(manager, key="nps")
    other.steps.create(position=1, what="Ask", due_on=time.today() - DAY)
    page = login(manager).get("/metrics/targets/").content.decode()
    assert "Overdue since" in page
    assert "1 step is overdue" in page


def test_plans_over_the_api(nights, manager, analyst):
    api = APIClient()
    api.force_authenticate(manager)
    sent = {
        "key": "fcr",
        "cause": "No bank data",
        "owner": analyst.email,
        "due_on": (time.today() + 9 * DAY).isoformat(),
    }
    made = api.post("/api/v1/action-plans/", sent, format="json").json()
    url = f"/api/v1/action-plans/{made['id']}/"
    step = api.post(f"{url}steps/", {"what": "Ask for it"}, format="json").json()["steps"][0]
    api.force_authenticate(analyst)
    done = api.post(f"{url}done/", {"step": step["id"]}, format="json").json()
    assert done["steps"][0]["done_on"] == time.today().isoformat()
    assert api.post("/api/v1/action-plans/", sent, format="json").status_code == 403
    assert api.post(f"{url}close/", {"outcome": "It helped"}, format="json").json()["outcome"] == "It helped"
    assert api.get("/api/v1/action-plans/?open=true").json()["results"] == []
    wrong = {**sent, "due_on": "2020-01-01"}
    api.force_authenticate(manager)
    refused = api.post("/api/v1/action-plans/", wrong, format="json")
    assert refused.status_code == 400
    assert "due_on" in refused.json()["errors"]


@pytest.mark.parametrize("wrong", [{"due_on": dt.date(2025, 12, 31)}, {"closed_on": dt.date(2025, 12, 31)}])
def test_the_database_refuses_a_plan_that_ends_before_it_begins(manager, wrong):
    rows = {"key": "mrr", "cause": "x", "owner": manager, "opened_on": dt.date(2026, 1, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionPlan.objects.create(**{**rows, "due_on": dt.date(2026, 2, 1), **wrong})


def test_the_database_refuses_a_second_open_plan_and_a_second_step_in_a_place(manager):
    rows = {"key": "mrr", "cause": "x", "owner": manager, "opened_on": dt.date(2026, 1, 1)}
    plan = ActionPlan.objects.create(**rows, due_on=dt.date(2026, 2, 1))
    plan.steps.create(position=1, what="Call")
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.steps.create(position=1, what="Write")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionPlan.objects.create(**rows, due_on=dt.date(2026, 2, 1))
