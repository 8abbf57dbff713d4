"""Mails leave at most once."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend

from core import mail, time
from core.models import OutgoingMail

HERE = "tests.core.test_mail"


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("no server")


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"a@b.com": (550, b"no such person")})


class Busy(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"try later")


class Breaking(EmailBackend):
    """Takes the mail, then the line breaks before it says so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected("gone")


class Killed(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise KeyboardInterrupt


@pytest.fixture
def queued(db) -> OutgoingMail:
    return mail.queue(kind="test", to="a@b.com", subject="Hello", body_text="Text", key="test:1")


def use(settings, backend: type) -> None:
    settings.EMAIL_BACKEND = f"{HERE}.{backend.__name__}"


def state(row: OutgoingMail) -> str:
    row.refresh_from_db()
    return mail.state_of(row)


def later(row: OutgoingMail, minutes: int) -> None:
    """Let time pass for a row: everything it remembers lies further back."""
    row.refresh_from_db()
    row.due_at -= dt.timedelta(minutes=minutes)
    if row.leased_until:
        row.leased_until -= dt.timedelta(minutes=minutes)
    row.save()


def test_a_mail_is_sent_once_however_often_the_bell_rings(queued):
    assert [mail.send_due(), mail.send_due(), mail.send_due()] == [1, 0, 0]
    assert [message.subject for message in django_mail.outbox] == ["Hello"]
    assert state(queued) == "sent"


def test_the_same_key_twice_is_one_mail(queued):
    mail.queue(kind="test", to="a@b.com", subject="Again", body_text="Text", key="test:1")
    assert OutgoingMail.objects.get().subject == "Hello"


def test_a_mail_whose_server_cannot_be_reached_is_tried_again_later(queued, settings):
    use(settings, Unreachable)
    mail.send_due()
    assert state(queued) == "waiting"
    assert "no server" in queued.error
    assert mail.send_due() == 0, "not at once"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    later(queued, 10)
    mail.send_due()
    assert state(queued) == "sent"


def test_a_server_that_is_busy_is_asked_again(queued, settings):
    use(settings, Busy)
    mail.send_due()
    assert state(queued) == "waiting"


def test_trying_ends(queued, settings):
    use(settings, Unreachable)
    for _ in range(mail.MOST_ATTEMPTS):
        mail.send_due()
        later(queued, 60 * 24)
    assert state(queued) == "failed"
    assert mail.send_due() == 0


def test_a_refused_recipient_is_not_asked_again(queued, settings):
    use(settings, Refusing)
    mail.send_due()
    assert state(queued) == "failed"


@pytest.mark.parametrize("backend", [Breaking, Killed])
def test_a_mail_that_may_have_left_is_unclear_and_never_sent_again_by_itself(queued, settings, backend):
    use(settings, backend)
    try:
        mail.send_due()
    except KeyboardInterrupt:
        later(queued, 6)  # the process died; its lease runs out
    assert state(queued) == "unclear"
    assert list(mail.unclear()) == [queued]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    later(queued, 60 * 24)
    assert mail.send_due() == 0
    assert len(django_mail.outbox) == 1

    assert mail.send_again(queued)
    mail.send_due()

    assert state(queued) == "sent"
    assert len(django_mail.outbox) == 2


def test_only_unclear_and_failed_mails_are_sent_again(queued):
    assert not mail.send_again(queued)
    mail.send_due()
    assert not mail.send_again(queued)
    assert mail.send_due() == 0


def test_a_mail_someone_is_sending_is_not_taken_by_another(queued):
    OutgoingMail.objects.update(state="running", leased_until=time.now() + dt.timedelta(minutes=1))
    assert mail.send_due() == 0
    assert state(queued) == "sending"


@pytest.mark.parametrize(("server", "kept"), [("", True), ("smtp://mail.example.com", False)])
def test_a_body_with_a_secret_is_forgotten_once_a_real_server_took_it(db, settings, server, kept):
    settings.EMAIL_URL = server
    row = mail.queue(
        kind="test", to="a@b.com", subject="Key", body_text="https://key", key="test:2", secret=True
    )
    mail.send_due()
    (sent,) = django_mail.outbox
    assert "https://key" in sent.body
    assert mail.SECRET not in sent.extra_headers
    row.refresh_from_db()
    assert bool(row.body_text) is kept
