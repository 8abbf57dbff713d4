"""What the mail provider tells: only its own signed calls are heard; bounces and complaints stop further mails."""

import base64
import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEntry
from core import mail, time
from core.models import OutgoingMail
from surveys.addresses import address_hash
from surveys.models import Invitation, Suppression
from surveys.services.budget import is_suppressed
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "zelo:quiet-Lamp-42"
HOOK = "/hooks/mail/postmark/"


@pytest.fixture
def provider(settings):
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "POSTMARK_SERVER_TOKEN": "token"}


@pytest.fixture
def sent():
    """An invitation whose mail left."""
    invitation = factories.survey_invitation(
        factories.contact(email="Rui@Vale.test"), state="sent", sent_at=time.now()
    )
    key = f"invitation:{invitation.pk}:0"
    factories.contact_mail(invitation.contact, key=key, invitation=invitation, counted_at=time.now())
    mail.queue(kind="survey", to="Rui@Vale.test", subject="", body_text="", key=key)
    OutgoingMail.objects.update(state="done")
    return invitation


def told(event: dict, secret: str = SECRET, path: str = HOOK):
    token = base64.b64encode(secret.encode()).decode()
    body = {
        "MessageID": "8a1d",
        "Recipient": "rui@vale.test",
        "Email": "rui@vale.test",
        "DeliveredAt": "2026-03-10T15:00:00Z",
        "BouncedAt": "2026-03-10T15:00:00Z",
        "Metadata": {"mail": str(OutgoingMail.objects.get().pk)},
        **event,
    }
    return Client().post(
        path, json.dumps(body), content_type="application/json", headers={"authorization": f"Basic {token}"}
    )


BOUNCE = {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1}


def test_a_bounce_stops_all_mail_to_the_address(provider, sent):
    for _ in range(2):
        assert told(BOUNCE).status_code == 200
    row = Suppression.objects.get()
    assert (row.kind, row.why) == ("all", "bounced")
    assert is_suppressed(address_hash("rui@vale.test"), "playbook")
    sent.refresh_from_db()
    assert (sent.state, sent.bounced_at) == ("bounced", dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC))
    assert AuditEntry.objects.filter(action="contact.suppressed").count() == 1


def test_a_complaint_stops_all_mail_too(provider, sent):
    told({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512})
    assert Suppression.objects.get().why == "complained"


def test_a_delivery_is_noted_on_the_invitation(provider, sent):
    told({"RecordType": "Delivery"})
    assert Invitation.objects.get().state == "delivered"
    assert not Suppression.objects.exists()


def test_a_full_mailbox_stops_nothing(provider, sent):
    told({"RecordType": "Bounce", "Type": "Transient", "TypeCode": 2})
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("secret", ["zelo:wrong", "", "other:quiet-Lamp-42"])
def test_a_stranger_is_not_heard(provider, sent, secret):
    assert told(BOUNCE, secret=secret).status_code == 400
    assert not Suppression.objects.exists()


def test_without_a_secret_or_for_another_provider_nothing_is_there(provider, sent, settings):
    assert told(BOUNCE, path="/hooks/mail/mailgun/").status_code == 404
    assert told(BOUNCE, path="/hooks/mail/nobody/").status_code == 404
    settings.ANYMAIL = {}
    assert told(BOUNCE).status_code == 404


def test_the_settings_of_a_provider_are_those_of_its_manual():
    from config.mail_provider import provider_settings

    environment = {"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_WEBHOOK_SECRET": "", "MAILGUN": "no"}
    assert provider_settings(environment) == {"MAILGUN_API_KEY": "k"}
    call_command("check")
