"""Mails of playbooks keep the contact budget and say what they should; a webhook that is down stops nothing."""

import datetime as dt

import pytest
from django.core import mail as outbox

from core import mail, time
from core.models import OutgoingMail
from core.outgoing import addresses
from core.outgoing.client import Answer
from customers.models import Customer
from playbooks.models import Run, RunStep
from playbooks.services import hooks
from playbooks.services.runs import run_stop, runs_start
from surveys.models import ContactMail, Invitation
from tests import factories
from tests.playbooks.plays import came_to, go_on, published, step

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)  # a Tuesday, 12:00 in São Paulo


@pytest.fixture
def clock(monkeypatch, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def turn(days: float = 0) -> None:
        monkeypatch.setattr(time, "now", lambda: NOON + dt.timedelta(days=days))

    turn()
    return turn


@pytest.fixture
def customer(analyst, clock):
    one = factories.customer(owner=analyst, name="Vale Verde")
    factories.contact(one, role="champion", name="Rita Prado", email="rita@vale.example", locale="en")
    return one


def start(manager, customer, *steps):
    runs_start(
        actor=manager, playbook=published(manager, *steps), customers=Customer.objects.filter(pk=customer.pk)
    )
    go_on()
    return Run.objects.latest("pk")


def send():
    OutgoingMail.objects.update(due_at=time.now())
    while mail.send_due():
        pass
    return list(outbox.outbox)


def test_a_mail_has_its_fields_filled_its_links_and_a_way_to_stop(manager, analyst, customer):
    texts = {
        "subject": "News for {{ customer }}",
        "body": "Hello {{ first_name }}, ask {{ owner }}. {{customer}} has {{ name }}.",
        "links": [{"kind": "case", "label": "A case", "url": "https://a.example/case"}],
    }
    start(manager, customer, step("email", params=texts))
    (one,) = send()
    assert (one.to, one.subject) == (["rita@vale.example"], "News for Vale Verde")
    assert f"Hello Rita, ask {analyst.name}. Vale Verde has Rita Prado." in one.body
    assert "A case: https://a.example/case" in one.body and "/unsubscribe/" in one.body
    assert one.extra_headers["Reply-To"] == analyst.email and "List-Unsubscribe" in one.extra_headers


def test_a_name_with_braces_is_never_read_as_a_field(manager, customer):
    customer.contacts.update(name="{{ owner_email }} Prado")
    start(manager, customer, step("email", params={"body": "Dear {{ name }}"}))
    (one,) = send()
    assert "Dear {{ owner_email }} Prado" in one.body


def test_an_invitation_carries_a_calendar_file(manager, analyst, customer):
    say = {"in_days": 2, "at": "14:30", "minutes": 45, "place": "https://meet.example/x"}
    run = start(manager, customer, step("meeting", params=say | {"body": "On {{ meeting_time }}"}))
    (one,) = send()
    name, content, kind = one.attachments[0]
    text = content.replace("\r\n ", "")
    assert name == "invite.ics" and kind.startswith("text/calendar; method=REQUEST")
    assert "DTSTART:20260312T173000Z" in text and "DTEND:20260312T181500Z" in text
    assert f"ORGANIZER:mailto:{analyst.email}" in text and "mailto:rita@vale.example" in text
    assert "12 Mar 2026, 14:30" in one.body and RunStep.objects.get(run=run).moment is not None


def test_mails_keep_the_contact_budget_one_a_day(manager, customer, clock):
    start(manager, customer, step("email"), step("email"))
    assert len(send()) == 1
    held = ContactMail.objects.get(state="planned")
    assert held.held_by == "playbook_day"
    clock(1)
    assert len(send()) == 2


def test_no_mail_leaves_at_night_or_after_the_playbook_was_stopped(manager, customer, clock):
    clock(0.5)  # midnight
    run = start(manager, customer, step("email"), step(after=9))
    assert send() == []
    run_stop(actor=manager, run=run, why="They asked")
    clock(1)
    assert send() == [] and ContactMail.objects.get().dropped_why == "stopped"


def test_a_survey_step_asks_and_knows_the_answer(manager, customer, clock):
    survey = factories.survey(kind="csat")
    waits = step("wait", params={"until": {"kind": "answered", "step": 1}, "at_most": 9})
    run = start(manager, customer, step("survey", params={"survey": survey.pk, "roles": ["champion"]}), waits)
    asked = Invitation.objects.get(survey=survey)
    assert len(send()) == 1 and came_to(run)[-1] == (2, "waiting")
    factories.response(customer, survey="csat", score=5, invitation=asked)
    clock(0.1)
    go_on()
    assert RunStep.objects.get(run=run, key=2).why == "held"


def test_a_field_without_a_value_fails_the_step_by_name_and_sends_nothing(manager, customer):
    run = start(manager, customer, step("email", params={"body": "Due {{ renewal_date }}"}), step())
    row = RunStep.objects.get(run=run, key=1)
    assert (row.state, row.why, row.detail) == ("failed", "no_value", "renewal_date")
    assert send() == [] and came_to(run)[1] == (2, "done")


def test_a_webhook_is_told_once_and_the_run_does_not_wait_for_it(manager, customer, monkeypatch):
    sent = []

    def post(url, body, headers):
        sent.append((url, headers["webhook-id"]))
        return Answer(200)

    monkeypatch.setattr(hooks, "post", post)
    run = start(manager, customer, step("webhook"), step())
    assert came_to(run) == [(1, "sending"), (2, "done")]
    assert hooks.due() and hooks.send() == 1 and hooks.send() == 0
    row = RunStep.objects.get(run=run, key=1)
    assert sent == [("https://hook.example/zelo", f"step_{row.pk}")] and row.state == "done"


def test_a_webhook_that_is_down_is_tried_again_then_told_at_its_step(manager, customer, clock, monkeypatch):
    monkeypatch.setattr(hooks, "post", lambda *_args: Answer(503))
    run = start(manager, customer, step("webhook"), step())
    tries = 0
    for n in range(60):
        clock(n)
        tries += hooks.send()
    row = RunStep.objects.get(run=run, key=1)
    assert (tries, row.state, row.why, row.detail) == (6, "failed", "down", "HTTP 503")
    run.refresh_from_db()
    assert run.standing == "finished"


def test_a_webhook_into_our_own_network_is_refused(manager, customer, monkeypatch):
    monkeypatch.setattr(addresses, "system_resolve", lambda host, port: ["10.0.0.7"])
    run = start(manager, customer, step("webhook"))
    hooks.send()
    row = RunStep.objects.get(run=run)
    assert row.state == "failed" and "inside a network" in row.detail
