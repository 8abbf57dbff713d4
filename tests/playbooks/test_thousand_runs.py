"""A thousand runs started at once: the page answers at once, two workers are through within a minute."""

import time as clock

import pytest
from django.urls import reverse

from customers.models import Customer
from playbooks.models import Run, Task
from playbooks.services import advancing
from tests.metrics.outside import Outside, ended
from tests.playbooks.plays import published, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
FIRMS = 1000


def work_all() -> None:
    while advancing.work():
        pass


def test_a_thousand_runs_are_begun_within_a_minute_on_two_workers(manager, login, tmp_path):
    Customer.objects.bulk_create(
        Customer(external_id=f"t{n}", name=f"Firm {n}", owner=manager) for n in range(FIRMS)
    )
    book = published(manager, step(), step("field"), step("call", after=2))
    client, keys = login(manager), [str(key) for key in Customer.objects.values_list("pk", flat=True)]
    begun = clock.monotonic()
    sent = client.post(reverse("portfolio_bulk"), {"id": keys, "playbook": book.pk, "holdout": "0"})
    answered = clock.monotonic() - begun
    assert sent.status_code == 302 and Run.objects.count() == FIRMS and not Task.objects.exists()
    begun = clock.monotonic()
    with Outside(tmp_path) as outside:
        assert [ended(process) for process in [outside.start(work_all), outside.start(work_all)]] == [0, 0]
    worked = clock.monotonic() - begun
    print(f"\n{FIRMS} runs: the page answered after {answered:.1f} s, two workers took {worked:.1f} s")
    assert Task.objects.count() == FIRMS and Run.objects.filter(next_key=3).count() == FIRMS
    assert answered < 5 and worked < 60
