"""The sender is killed before one statement after the other: every contact has got the mail once or not at all."""

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from core import mail, time
from core.models import OutgoingMail
from surveys.models import Campaign, ContactMail, Invitation, Link
from surveys.services import campaigns, planning
from tests import factories
from tests.metrics.outside import Outside

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4
NOON = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
KILLED = -9


class ToFile(BaseEmailBackend):
    """A mail server that takes everything: one line a mail, on disk before it says so."""

    def send_messages(self, messages):
        with Path(os.environ["MAILS_TAKEN"]).open("a") as file:
            for message in messages:
                file.write(f"{message.to[0]}\n")
            file.flush()
            os.fsync(file.fileno())
        return len(messages)


@pytest.fixture
def sending(settings, monkeypatch, tmp_path):
    """Send outside, in working hours, to a file; returns it."""
    taken = tmp_path / "taken"
    taken.touch()
    settings.EMAIL_BACKEND = "tests.surveys.test_sender_killed.ToFile"
    monkeypatch.setenv("MAILS_TAKEN", str(taken))
    monkeypatch.setattr(time, "now", lambda: NOON)
    return taken


def send_all() -> None:
    while mail.send_due():
        pass


def _run(manager, taken: Path, tmp_path: Path, kill_at: int) -> int:
    """Send one campaign with a sender killed at a statement, then with one that lives; return the first's exit."""
    for model in (Link, ContactMail, Invitation, Campaign, OutgoingMail):
        model.objects.all().delete()
    taken.write_text("")
    people = [factories.contact() for _ in range(PEOPLE)]
    one = campaigns.campaign_create(
        actor=manager, survey=factories.survey(), values={"name": f"Killed {kill_at}", "daily_share": 100}
    )
    campaigns.campaign_start(actor=manager, campaign=one, at=NOON)
    planning.plan(one, at=NOON)
    OutgoingMail.objects.exclude(to__in=[person.email for person in people]).delete()
    with Outside(tmp_path) as outside:
        code = outside.run(send_all, kill_at=kill_at)
        assert outside.run(send_all) == 0
    got = Counter(taken.read_text().split())
    assert max(got.values(), default=0) <= 1, got
    states = Counter(OutgoingMail.objects.values_list("state", flat=True))
    assert states["running"] <= 1, "only the mail in hand is unclear"
    assert states["done"] + states["running"] == PEOPLE
    assert states["done"] <= len(got) <= PEOPLE
    return code


def _kill_everywhere(manager, taken: Path, tmp_path: Path, points: int) -> None:
    assert _run(manager, taken, tmp_path, kill_at=0) == 0
    total = PEOPLE * 25  # statements of a run, roughly; a point beyond its end kills nothing
    killed = [
        _run(manager, taken, tmp_path, kill_at=1 + n * total // points) == KILLED for n in range(points)
    ]
    assert sum(killed) >= points * 0.6


def test_every_contact_got_no_mail_or_one(manager, sending, tmp_path):
    _kill_everywhere(manager, sending, tmp_path, 5)


@pytest.mark.long
def test_every_contact_got_no_mail_or_one_at_fifty_kills(manager, sending, tmp_path):
    _kill_everywhere(manager, sending, tmp_path, 50)
