"""Random histories of runs: never a step twice, never a mail inside the quiet time, never two runs at a time."""

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core import mail, time
from core.models import OutgoingMail
from customers.models import Contact, Customer
from playbooks.models import Run, RunStep, Task
from playbooks.services import advancing
from playbooks.services.playbooks import draft_open, playbook_publish, step_move, step_remove
from playbooks.services.runs import run_stop, runs_apply, runs_start
from playbooks.services.tasks import task_done
from surveys.budget import Sent, quiet_time_broken
from surveys.limits import limits_of
from surveys.models import ContactBudget, ContactMail
from tests import factories
from tests.playbooks.plays import MAIL, published, step

NOON = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
KINDS = ("task", "email", "wait", "offer", "field")
CONDITIONS: tuple[dict[str, object], ...] = (
    {},
    {"kind": "done", "step": 1},
    {"kind": "not_done", "step": 1},
    {"kind": "red"},
)

steps_of = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 4), st.sampled_from(CONDITIONS), st.booleans()),
    min_size=1,
    max_size=6,
)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("time"), st.integers(1, 80)),  # hours
        st.tuples(st.sampled_from(["start", "work", "send", "done", "stop", "change"]), st.integers(0, 3)),
    ),
    min_size=3,
    max_size=25,
)


class Histories(TestCase):
    """The same people and rules in every history; each begins anew."""

    def setUp(self):
        self.actor = factories.user(role="manager")

    def write(self, drawn):
        day, made = 0, [step("task")]
        for n, (kind, later, condition, ends) in enumerate(drawn, start=2):
            day += later
            params: dict[str, object] = (
                {"until": {"kind": "done", "step": 1}, "at_most": 1 + later} if kind == "wait" else {}
            )
            branch: dict[str, Any] = (
                {"branch": {"kind": "done", "step": 1}, "branch_to": 0} if ends and n > 4 else {}
            )
            made.append(step(kind, after=day, condition=condition, params=params, **branch))
        return published(self.actor, *made)

    def live(self, drawn, what):
        firms = [factories.customer(owner=self.actor) for _n in range(2)]
        for firm in firms:
            factories.contact(firm, role="champion", email="the.same@person.example")
        books = [self.write(drawn), published(self.actor, step("email", params=MAIL), step("email", after=1))]
        clock = [NOON]
        with mock.patch.object(time, "now", lambda: clock[0]):
            for name, n in what:
                if name == "time":
                    clock[0] += dt.timedelta(hours=n)
                else:
                    self.happen(name, n, books, firms)
            clock[0] += dt.timedelta(days=40)
            self.happen("work", 0, books, firms)
        self.hold()

    def happen(self, name, n, books, firms):
        if name == "start":
            wanted = Customer.objects.filter(pk=firms[n % 2].pk)
            runs_start(actor=self.actor, playbook=books[n // 2], customers=wanted)
        elif name == "work":
            Run.objects.filter(state="running").update(leased_until=time.now() - dt.timedelta(minutes=1))
            while advancing.work():
                pass
        elif name == "send":
            OutgoingMail.objects.filter(state="waiting").update(due_at=time.now())
            mail.send_due()
        elif name == "done":
            for task in Task.objects.open().order_by("pk")[: n + 1]:
                task_done(actor=None, task=task)
        elif name == "stop":
            for run in Run.objects.running().order_by("pk")[:1]:
                run_stop(actor=self.actor, run=run, why="Enough")
        else:
            self.change(books[0], n)

    def change(self, book, n):
        draft = draft_open(actor=self.actor, playbook=book)
        free = [
            one for one in draft.steps.all() if not one.condition and not one.branch and one.kind != "wait"
        ]
        rest = [one for one in free if one.key != 1]
        if rest and draft.steps.count() > 2:
            one = rest[n % len(rest)]
            step_remove(actor=self.actor, step=one) if n % 2 else step_move(
                actor=self.actor, step=one, up=False
            )
        try:
            playbook_publish(actor=self.actor, playbook=book)
        except ValidationError:
            return  # the order does not hold any more: the draft says so
        book.refresh_from_db()
        runs_apply(actor=self.actor, playbook=book)

    def hold(self):
        keys = list(RunStep.objects.values_list("run", "key"))
        assert len(keys) == len(set(keys))
        tasks = list(RunStep.objects.filter(task__isnull=False).values_list("task", flat=True))
        assert len(tasks) == len(set(tasks)) == Task.objects.count()
        running = list(Run.objects.running().values_list("playbook", "customer"))
        assert len(running) == len(set(running))
        limits = limits_of(ContactBudget.get())
        for contact in Contact.objects.all():
            counted = ContactMail.objects.exclude(counted_at=None)
            sent = [
                Sent(one.counted_at, one.kind, one.reminder, one.address_hash == hashed)
                for hashed in {row.address_hash for row in contact.contact_mails.all()}
                for one in counted
                if one.counted_at and (one.address_hash == hashed or one.customer_id == contact.customer_id)
            ]
            assert quiet_time_broken(sent, limits) == []

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(steps_of, happenings)
    def test_never_a_step_twice_never_a_mail_inside_the_quiet_time(self, drawn, what):
        self.live(drawn, what)

    @pytest.mark.long
    @settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
    @given(steps_of, happenings)
    def test_ten_thousand_histories(self, drawn, what):
        self.live(drawn, what)
