"""Survey mails: what stands in them, when they leave, and that no usable link stays behind."""

import datetime as dt
import re

import pytest
from django.core import mail as django_mail
from django.core.management import call_command

from core import mail
from core.models import OutgoingMail
from customers.models import Contact
from surveys.addresses import address_hash
from surveys.models import Campaign, ContactMail, Invitation, Link, Suppression
from surveys.services import campaigns, planning
from tests import factories

pytestmark = pytest.mark.django_db
DAYS = 24 * 3600


@pytest.fixture
def campaign(manager, clock):
    """A running NPS campaign with one person; Tuesday noon in São Paulo."""
    owner = factories.user(name="Ana Prado", email="ana@zelo.test")
    firm = factories.customer(name="Vale Verde", owner=owner)
    factories.contact(firm, email="rui@vale.test", name="Rui Melo", locale="en")
    survey = factories.survey(kind="nps", brand_name="Caixa Clara", brand_colour="#ffcc00")
    one = campaigns.campaign_create(
        actor=manager, survey=survey, values={"name": "Spring", "daily_share": 100, "reminders": 2}
    )
    campaigns.campaign_start(actor=manager, campaign=one, at=clock.now())
    return one


def send(campaign, clock):
    planning.plan(campaign, at=clock.now())
    mail.send_due()
    return django_mail.outbox


def answer(invitation):
    factories.response(invitation.customer, contact=invitation.contact, invitation=invitation)


def test_the_mail_shows_the_whole_scale_and_each_number_is_a_link(campaign, clock):
    (message,) = send(campaign, clock)
    html = message.alternatives[0].content
    for body in (message.body, html):
        found = re.findall(r"/s/([\w-]{32})/\?score=(\d+)", body)
        assert [int(score) for _, score in found] == list(range(11))
        assert len({token for token, _ in found}) == 1
    assert message.to == ["rui@vale.test"]
    assert "Hello Rui" in message.body
    assert "Caixa Clara" in message.subject
    assert message.extra_headers["Reply-To"] == "ana@zelo.test"


def test_each_mail_can_be_stopped_with_one_click(campaign, clock):
    (message,) = send(campaign, clock)
    address = re.fullmatch(
        r"<(http\S+/unsubscribe/[\w-]{32}/\?kind=surveys)>", message.extra_headers["List-Unsubscribe"]
    )
    assert address
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address[1] in message.body


@pytest.mark.parametrize(
    ("locale", "word"), [("pt-BR", "Olá, Rui"), ("en", "Hello Rui"), ("es", "Hola, Rui")]
)
def test_the_mail_speaks_the_persons_language(campaign, clock, locale, word):
    Contact.objects.update(locale=locale)
    (message,) = send(campaign, clock)
    assert word in message.body
    assert f'lang="{locale}"' in message.alternatives[0].content


def test_names_with_markup_stay_text(campaign, clock):
    Contact.objects.update(name="<b>Rui</b>")
    (message,) = send(campaign, clock)
    assert "<b>Rui" not in message.alternatives[0].content
    assert "<b>Rui</b>" in message.body


def test_a_dump_of_the_database_holds_no_usable_link(campaign, clock, tmp_path):
    (message,) = send(campaign, clock)
    tokens = set(re.findall(r"/(?:s|unsubscribe)/([\w-]{32})", message.body))
    assert len(tokens) == 2
    call_command("dumpdata", output=str(tmp_path / "dump.json"), verbosity=0)
    dump = (tmp_path / "dump.json").read_text()
    assert "rui@vale.test" in dump
    assert not [token for token in tokens if token in dump]
    assert Link.objects.count() == 2


def test_a_mail_waits_for_the_working_hours_where_the_contact_is(campaign, clock):
    clock.wait(8 * 3600)  # 20:00
    assert send(campaign, clock) == []
    waiting = OutgoingMail.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 0)
    clock.wait((waiting.due_at - clock.now()).total_seconds())
    assert len(send(campaign, clock)) == 1


def test_reminders_go_once_or_twice_to_who_has_not_answered(campaign, clock):
    send(campaign, clock)
    for expected in (1, 2, 3, 3):
        assert len(django_mail.outbox) == expected
        clock.wait(6 * DAYS)
        clock.at = clock.at.replace(hour=15)
        while clock.now().astimezone(dt.UTC).weekday() > 4:
            clock.wait(DAYS)
        send(campaign, clock)
    assert django_mail.outbox[1].subject.startswith("Reminder")
    assert Invitation.objects.get().reminders == 2


def test_who_answered_is_not_reminded(campaign, clock):
    send(campaign, clock)
    answer(Invitation.objects.get())
    clock.wait(6 * DAYS)
    send(campaign, clock)
    assert len(django_mail.outbox) == 1


def test_an_answer_by_a_machine_does_not_save_the_person_from_the_reminder(campaign, clock):
    send(campaign, clock)
    invitation = Invitation.objects.get()
    factories.response(invitation.customer, invitation=invitation, held=True)
    clock.wait(6 * DAYS)
    send(campaign, clock)
    assert len(django_mail.outbox) == 2


def test_opting_out_between_planning_and_sending_counts(campaign, clock):
    planning.plan(campaign, at=clock.now())
    Suppression.objects.create(address_hash=address_hash("rui@vale.test"), kind="surveys", why="asked")
    mail.send_due()
    assert django_mail.outbox == []
    assert mail.state_of(OutgoingMail.objects.get()) == "dropped"
    assert ContactMail.objects.get().dropped_why == "suppressed"
    assert Invitation.objects.get().state == "dropped"


def test_a_mail_caught_by_a_pause_waits(campaign, clock):
    planning.plan(campaign, at=clock.now())
    Campaign.objects.update(state="paused")
    mail.send_due()
    assert django_mail.outbox == []
    assert mail.state_of(OutgoingMail.objects.get()) == "waiting"


def test_sending_marks_the_invitation_and_starts_its_days(campaign, clock):
    send(campaign, clock)
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.sent_at) == ("sent", clock.now())
    assert invitation.expires_at == clock.now() + dt.timedelta(days=30)


def test_two_bells_at_once_send_one_mail(campaign, clock):
    send(campaign, clock)
    send(campaign, clock)
    assert len(django_mail.outbox) == 1


def test_an_unclear_mail_is_listed_and_counted_but_not_repeated(campaign, clock, settings):
    settings.EMAIL_BACKEND = "tests.core.test_mail.Breaking"
    send(campaign, clock)
    assert [row.to for row in mail.unclear()] == ["rui@vale.test"]
    clock.wait(3 * DAYS)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(campaign, clock)
    assert len(django_mail.outbox) == 1
    assert ContactMail.objects.get().state == "counted"


def test_an_unreachable_server_costs_no_budget_twice(campaign, clock, settings):
    settings.EMAIL_BACKEND = "tests.core.test_mail.Busy"
    send(campaign, clock)
    assert OutgoingMail.objects.get().state == "waiting"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.wait(3600)
    assert len(send(campaign, clock)) == 1
