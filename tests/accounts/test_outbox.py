"""The outbox page: what was sent, what nobody knows, and sending it again."""

import datetime as dt

from accounts.models import AuditEntry
from core import mail, time
from core.models import OutgoingMail, WorkState


def unclear_mail() -> OutgoingMail:
    row = mail.queue(kind="test", to="a@b.com", subject="Hello", body_text="https://secret", key="test:1")
    OutgoingMail.objects.update(
        state=WorkState.RUNNING, attempts=1, leased_until=time.now() - dt.timedelta(minutes=1)
    )
    return row


def test_an_unclear_mail_is_listed_and_sent_again_only_by_an_admin(admin, login):
    row = unclear_mail()
    client = login(admin)
    page = client.get("/settings/outbox/", {"only": "unclear"})
    assert [(listed.pk, state) for listed, state, _why in page.context["lines"]] == [(row.pk, "unclear")]
    assert page.context["unclear_count"] == 1

    client.post(f"/settings/outbox/{row.pk}/again/")
    assert mail.send_due() == 1

    page = client.get("/settings/outbox/")
    assert [state for _listed, state, _why in page.context["lines"]] == ["sent"]
    assert AuditEntry.objects.filter(action="mail.sent_again", actor=admin).count() == 1


def test_a_mail_that_was_sent_meanwhile_is_not_sent_again(admin, login):
    row = mail.queue(kind="test", to="a@b.com", subject="Hello", body_text="Text", key="test:1")
    mail.send_due()
    page = login(admin).post(f"/settings/outbox/{row.pk}/again/", follow=True)
    assert "nothing was done" in page.content.decode()
    assert mail.send_due() == 0
    assert not AuditEntry.objects.exists()


def test_bodies_are_shown_only_where_mails_do_not_leave(admin, login, settings):
    unclear_mail()
    client = login(admin)
    assert "https://secret" in client.get("/settings/outbox/").content.decode()
    settings.EMAIL_URL = "smtp://mail.example.com"
    assert "https://secret" not in client.get("/settings/outbox/").content.decode()


def test_failed_mails_are_found(admin, login):
    row = mail.queue(kind="test", to="a@b.com", subject="Hello", body_text="Text", key="test:1")
    assert not login(admin).get("/settings/outbox/", {"only": "failed"}).context["lines"]
    OutgoingMail.objects.update(state=WorkState.FAILED)
    ((listed, state, _why),) = login(admin).get("/settings/outbox/", {"only": "failed"}).context["lines"]
    assert (listed.pk, state) == (row.pk, "failed")
