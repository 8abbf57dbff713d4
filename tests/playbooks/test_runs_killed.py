"""Workers of runs are killed before one statement after the other: the same runs, tasks and mails as without."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from core import time
from core.models import OutgoingMail
from customers.models import Customer
from playbooks.models import Run, RunStep, Task
from playbooks.services import advancing
from playbooks.services.runs import runs_start
from tests import factories
from tests.metrics.outside import Outside
from tests.playbooks.plays import published, step

pytestmark = pytest.mark.django_db(transaction=True)
NOON = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
FIRMS = 3
STATEMENTS = FIRMS * 120  # of a whole run, roughly; a point beyond its end kills nothing
KILLED = -9


def work_all() -> None:
    """Go on where the last worker left off: its leases have run out by then."""
    Run.objects.filter(leased_until__isnull=False).update(leased_until=time.now() - dt.timedelta(seconds=1))
    while advancing.work():
        pass


def came(firms: list[Customer]) -> list[tuple[Any, ...]]:
    """Return what there is of each customer: steps, tasks, mails, tags, stage; without keys."""
    return [
        (
            list(RunStep.objects.filter(run__customer=firm).order_by("key").values_list("key", "state")),
            sorted(Task.objects.filter(customer=firm).values_list("title", flat=True)),
            OutgoingMail.objects.filter(to__in=firm.contacts.values("email")).count(),
            sorted(firm.tags.values_list("name", flat=True)),
            Customer.objects.get(pk=firm.pk).stage,
            Run.objects.get(customer=firm).standing,
        )
        for firm in firms
    ]


def _once(actor, folder: Path, kill_at: int) -> tuple[int, list[tuple[Any, ...]]]:
    """Run a playbook for some customers with a worker killed at a statement, then with one that lives."""
    firms = [factories.customer(owner=actor, stage="ongoing") for _n in range(FIRMS)]
    for firm in firms:
        factories.contact(firm, role="champion")
    book = published(
        actor,
        step(title="First", params={"items": ["One", "Two"]}),
        step("field"),
        step("email"),
        step("stage", condition={"kind": "tag", "value": "vip"}),
        step("call", title="Second"),
    )
    runs_start(
        actor=actor, playbook=book, customers=Customer.objects.filter(pk__in=[one.pk for one in firms])
    )
    with Outside(folder) as outside:
        code = outside.run(work_all, kill_at=kill_at)
        assert outside.run(work_all) == 0
    return code, came(firms)


def _kill_everywhere(actor, folder: Path, points: int) -> None:
    code, without = _once(actor, folder, 0)
    assert code == 0 and without[0][-1] == "finished" and len(without[0][1]) == 2
    killed = 0
    for n in range(points):
        code, found = _once(actor, folder, 1 + n * STATEMENTS // points)
        assert found == without, f"killed before statement {1 + n * STATEMENTS // points}"
        killed += code == KILLED
    assert killed >= points * 0.6


def test_killed_workers_leave_the_same_runs_and_tasks(manager, monkeypatch, tmp_path):
    monkeypatch.setattr(time, "now", lambda: NOON)
    _kill_everywhere(manager, tmp_path, 5)


@pytest.mark.long
def test_workers_killed_at_fifty_points_leave_the_same_runs_and_tasks(manager, monkeypatch, tmp_path):
    monkeypatch.setattr(time, "now", lambda: NOON)
    _kill_everywhere(manager, tmp_path, 50)
