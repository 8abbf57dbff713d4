"""A rehearsal counts what a real replay of the same days does: starts, tasks by person and week."""

import datetime as dt
from collections import Counter

import pytest

from config import pipeline
from core import time
from core.models import Event
from customers.models import Customer
from customers.services.history import history_record
from metrics.models import CustomerDay, HealthDay, Night, ScorecardVersion
from metrics.scope import cell, cell_of
from playbooks.alerts import night
from playbooks.models import AlertRule, Playbook, PlaybookStudy, PlaybookVersion, Run, Task
from playbooks.plays.rehearsal import rehearse, summary
from playbooks.services import studies
from playbooks.services.tasks import task_done
from tests import factories
from tests.playbooks.plays import published, step

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 3, 2)  # a Monday
DAYS = 40
LAST = FIRST + (DAYS - 1) * DAY
SCORES = {  # by customer: the score from a day on
    "falls and recovers": {0: 80, 6: 30, 15: 75, 22: 35},
    "falls for good": {0: 75, 10: 20},
    "never falls": {0: 90},
    "red from the start": {0: 25, 30: 85},
}


@pytest.fixture
def company(analyst, manager):
    """Four customers of two people, with an alert rule for a band that fell."""
    AlertRule.objects.all().delete()
    AlertRule.objects.create(kind="band", days=5)
    version = ScorecardVersion.objects.first() or ScorecardVersion.objects.create(definition={})
    people = [analyst, manager]
    return version, {
        name: factories.customer(name=name, owner=people[n % 2], segment="mid", stage="ongoing")
        for n, name in enumerate(SCORES)
    }


def told(company, day):
    """Write what the night of a day finds: scores and daily rows."""
    version, customers = company
    for name, customer in customers.items():
        score = next(
            value for at, value in sorted(SCORES[name].items(), reverse=True) if at <= (day - FIRST).days
        )
        band = 3 if score >= 70 else 2 if score >= 40 else 1
        HealthDay.objects.create(
            day=day, customer=customer, version=version, score=score * 100, band=band, coverage=9000
        )
        left = name == "falls for good" and day >= FIRST + 25 * DAY
        CustomerDay.objects.create(
            day=day, customer=customer, segment="mid", stage="ongoing", mrr_cents=0 if left else 10_000,
            opening_mrr_cents=0 if left else 10_000, owner_id=customer.owner_id,
        )  # fmt: skip


def replay(company, monkeypatch, *, each_day=lambda day: None):
    """Live the days one after the other: facts, the night's alerts, what it starts, what is due, tasks done in time."""
    for n in range(DAYS):
        day = FIRST + n * DAY
        now = dt.datetime.combine(day + DAY, dt.time(2), time.workspace_zone())
        monkeypatch.setattr(time, "now", lambda now=now: now)
        told(company, day)
        each_day(day)
        for low in {cell_of(key) for key in Customer.objects.values_list("pk", flat=True)}:
            night.evaluate(day, day, cell(low))
        Event.objects.filter(state="waiting").update(due_at=now)
        for task in Task.objects.open().filter(due_on__lte=day + DAY):
            task_done(actor=None, task=task)
        Playbook.objects.update(looked_at=None)
        pipeline.finish(["events", "playbook starts", "playbook runs"])


def lived():
    zone = time.workspace_zone()
    tasks: Counter = Counter()
    for task in Task.objects.all():
        day = task.run_step.reached_at.astimezone(zone).date()
        tasks[task.owner_id, day - day.weekday() * DAY] += 1
    return sorted(Run.objects.values_list("customer", "started_on")), tasks


def rehearsed(book):
    found = rehearse(book.published, LAST)
    return sorted((one.customer, one.on) for one in found.starts), found.tasks


def test_the_rehearsal_of_a_playbook_started_by_alerts_is_what_was_lived(manager, company, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: dt.datetime.combine(FIRST, dt.time(1), time.workspace_zone()))
    book = published(
        manager,
        step(title="Look", params={"due_days": 1}),
        step("call", "Call", after=2, unit="workday"),
        step("wait", after=3, unit="workday", params={"until": {"kind": "alert_over"}, "at_most": 4},
             branch={"kind": "green"}, branch_to=5),
        step(title="Escalate", after=3, unit="workday", condition={"kind": "red"}),
        step(title="Note", after=4, unit="workday", condition={"kind": "done", "step": 2}),
        on=True, starts="alert", start_values=["band"], again_days=5,
    )  # fmt: skip
    replay(company, monkeypatch)
    assert rehearsed(book) == lived()
    starts, tasks = lived()
    assert len(starts) == 3 and sum(tasks.values()) >= 7


def test_the_rehearsal_of_a_playbook_started_by_a_stage_is_what_was_lived(manager, company, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: dt.datetime.combine(FIRST, dt.time(1), time.workspace_zone()))
    book = published(
        manager, step(), step(after=3, condition={"kind": "score_below", "value": "50"}),
        on=True, starts="stage", start_values=["support"],
    )  # fmt: skip
    moves = {FIRST + 4 * DAY: "falls for good", FIRST + 20 * DAY: "never falls"}

    def move(day):
        if day in moves:
            customer = company[1][moves[day]]
            history_record(
                customer=customer, field="stage", value="support", valid_from=day, decided_by="rule",
                actor=None, before="ongoing",
            )  # fmt: skip

    replay(company, monkeypatch, each_day=move)
    assert rehearsed(book) == lived() and len(lived()[0]) == 2


def test_the_rehearsal_of_a_playbook_before_renewals_is_what_was_lived(manager, company, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: dt.datetime.combine(FIRST, dt.time(1), time.workspace_zone()))
    for n, customer in enumerate(company[1].values()):
        factories.contract(customer, starts_on=FIRST - 300 * DAY, ends_on=FIRST + (61 + n * 9) * DAY)
    book = published(manager, step(after=10), on=True, starts="renewal", days_before=60)
    replay(company, monkeypatch)
    assert rehearsed(book) == lived() and len(lived()[0]) == 4


def test_a_study_says_what_it_comes_to_and_writes_nothing_else(manager, company, monkeypatch, login):
    monkeypatch.setattr(time, "now", lambda: dt.datetime.combine(FIRST, dt.time(1), time.workspace_zone()))
    book = published(manager, step(), starts="alert", start_values=["band"], again_days=0)
    for n in range(DAYS):
        told(company, FIRST + n * DAY)
    assert book.published is not None
    result = summary(book.published, LAST)
    assert (result["starts"], result["customers"], result["tasks"]) == (3, 2, 3)
    assert result["months"] == {"2026-03": 3} and result["judged"] == 0
    assert not Run.objects.exists() and not Task.objects.exists()


def test_losses_and_false_alarms_are_told_90_days_later(manager, company, monkeypatch):
    book = published(manager, step(), starts="renewal", days_before=60)
    customers = company[1]
    for name in ("falls for good", "never falls"):
        factories.contract(customers[name], starts_on=FIRST - 300 * DAY, ends_on=FIRST + 65 * DAY)
    for n in range(DAYS + 70):
        told(company, FIRST + n * DAY)
    assert book.published is not None
    result = summary(book.published, FIRST + (DAYS + 69) * DAY)
    assert (result["starts"], result["judged"], result["left"], result["false_alarms"]) == (2, 2, 1, 1)


def test_a_rehearsal_is_asked_for_done_in_the_background_and_shown(manager, company, monkeypatch, login):
    book = published(manager, step(), starts="alert", start_values=["band"], again_days=0)
    for n in range(DAYS):
        told(company, FIRST + n * DAY)
    client, url = login(manager), f"/playbooks/{book.pk}/rehearsal/"
    client.post(url)
    assert not PlaybookStudy.objects.exists()  # no night is finished yet
    Night.objects.create(day=LAST, state="done", finished_at=time.now())
    client.post(url)
    client.post(url)
    assert PlaybookStudy.objects.count() == 1 and "is going on" in client.get(url).content.decode()
    assert studies.due() and studies.work() == 1
    page = client.get(url).content.decode()
    assert "Starts in 12 months" in page and "falls for good" in page and not studies.due()


def test_without_any_night_nothing_is_rehearsed(manager):
    book = published(manager, starts="alert", start_values=["band"])
    assert rehearse(PlaybookVersion.objects.get(playbook=book), LAST).starts == []
