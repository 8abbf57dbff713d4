"""Without a mail server mails stay here as files, and can be read."""

import pytest
from django.core.mail import EmailMultiAlternatives

from core import local_outbox
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> int:
    row = OutgoingMail.objects.create(kind="survey", to="rui@vale.test", subject="", key="k", state="done")
    message = EmailMultiAlternatives(
        "Olá — uma pergunta", "Text é", to=[row.to], headers={local_outbox.NUMBER: str(row.pk)}
    )
    message.attach_alternative(
        "<p style='color:red'>Number <a href='https://x.test/s/abc/?score=9'>9</a>", "text/html"
    )
    local_outbox.EmailBackend().send_messages([message])
    return row.pk


def test_a_mail_is_kept_whole_and_read_back(kept):
    found = local_outbox.read(kept)
    assert found is not None
    assert (found.subject, found.text.strip()) == ("Olá — uma pergunta", "Text é")
    assert "score=9" in found.html


def test_an_admin_reads_it_and_its_html_stands_in_a_sandbox(kept, admin, login):
    client = login(admin)
    assert "Olá — uma pergunta" in client.get(f"/settings/outbox/{kept}/").content.decode()
    html = client.get(f"/settings/outbox/{kept}/html/")
    assert b"score=9" in html.content
    policy = html.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_with_a_real_server_nothing_is_read_here(kept, admin, login, settings):
    settings.EMAIL_URL = "smtp://mail.example.com"
    assert login(admin).get(f"/settings/outbox/{kept}/").status_code == 404


def test_forgetting_takes_the_file_away(kept):
    assert local_outbox.forget([kept, 999]) == 1
    assert local_outbox.read(kept) is None
