"""Notes with mentions and pins; files that are kept, handed out safely, put aside."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditValue, Workspace
from core.models import OutgoingMail
from customers.filetypes import LIMIT_BYTES
from customers.models import Attachment, Note
from customers.services.files import file_create
from customers.services.notes import note_archive, note_create, note_update
from tests import factories

pytestmark = pytest.mark.django_db


def test_who_is_mentioned_gets_one_mail_in_their_language(manager):
    bia = factories.user(name="Bia Reis", language="en")
    factories.user(name="Rui Dias")
    customer = factories.customer(name="Acme")
    note = note_create(actor=manager, customer=customer, body=" @Bia please call ")
    assert list(note.mentions.all()) == [bia]
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.key) == (bia.email, f"mention:{note.pk}:{bia.pk}")
    assert "mentioned you on Acme" in mail.subject
    assert f"/customers/{customer.pk}/" in mail.body_text
    note_update(actor=manager, note=note, body="@Bia and @Rui please call")
    assert OutgoingMail.objects.count() == 2
    assert AuditValue.objects.get(entry__action="note.updated", field="body").before == "@Bia please call"


def test_who_may_not_see_the_customer_is_not_told(manager):
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    factories.user(name="Bia Reis", role="analyst")
    note = note_create(actor=manager, customer=factories.customer(), body="@Bia look")
    assert not note.mentions.exists()
    assert not OutgoingMail.objects.exists()


def test_a_note_is_corrected_by_its_author_or_a_manager(manager, analyst):
    customer = factories.customer(owner=analyst)
    note = note_create(actor=manager, customer=customer, body="x")
    with pytest.raises(PermissionDenied):
        note_update(actor=analyst, note=note, body="y")
    with pytest.raises(PermissionDenied):
        note_archive(actor=analyst, note=note, archived=True)
    with pytest.raises(ValidationError):
        note_update(actor=manager, note=note, body="  ")


def test_a_note_is_written_pinned_put_aside_and_brought_back_in_the_pages(login, analyst):
    customer = factories.customer(owner=analyst)
    client = login(analyst)
    base = f"/customers/{customer.pk}/notes"
    assert client.post(f"{base}/new/", {"body": ""}).status_code == 422
    assert client.post(f"{base}/new/", {"body": "Called"}).status_code == 302
    note = Note.objects.get()
    assert client.post(f"{base}/{note.pk}/edit/", {"body": "Called twice"}).status_code == 302
    for pinned in (True, False):
        assert client.post(f"{base}/{note.pk}/pin/").status_code == 302
        assert (Note.objects.get().pinned_at is not None) is pinned
    for archived in (True, False):
        assert client.post(f"{base}/{note.pk}/archive/").status_code == 302
        assert (Note.objects.get().archived_at is not None) is archived
    assert client.get(f"{base}/{note.pk}/pin/").status_code == 405
    assert Note.objects.get().body == "Called twice"


def test_a_file_is_kept_and_handed_out_as_a_download_only(login, analyst, viewer):
    customer = factories.customer(owner=analyst)
    client = login(analyst)
    upload = SimpleUploadedFile("plano.pdf", b"%PDF-1.7 text", content_type="text/html")
    assert client.post(f"/customers/{customer.pk}/files/new/", {"file": upload}).status_code == 302
    row = Attachment.objects.get()
    assert (row.content_type, row.size, row.added_by) == ("application/pdf", 13, analyst)
    response = login(viewer).get(f"/customers/{customer.pk}/files/{row.pk}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 text"
    assert response["Content-Disposition"] == 'attachment; filename="plano.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert client.post(f"/customers/{customer.pk}/files/{row.pk}/archive/").status_code == 302
    assert client.get(f"/customers/{customer.pk}/files/{row.pk}/").status_code == 404
    assert Attachment.objects.filter(pk=row.pk).exists()


def test_a_stranger_gets_no_file(login, analyst, manager):
    Workspace.get()
    Workspace.objects.update(restrict_visibility=True)
    customer = factories.customer()
    row = file_create(actor=manager, customer=customer, upload=SimpleUploadedFile("a.txt", b"secret"))
    assert login(analyst).get(f"/customers/{customer.pk}/files/{row.pk}/").status_code == 404
    other = factories.customer(owner=analyst)
    assert login(analyst).get(f"/customers/{other.pk}/files/{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.html", b"<script>", "not kept"),
        ("a.pdf", b"<html>", "not what its name says"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"x" * (LIMIT_BYTES + 1), "at most"),
    ],
    ids=["kind", "content", "empty", "large"],
)
def test_a_file_that_is_not_kept_is_refused_with_the_reason(manager, name, content, says):
    upload = SimpleUploadedFile(name, content)
    with pytest.raises(ValidationError) as refused:
        file_create(actor=manager, customer=factories.customer(), upload=upload)
    assert says in refused.value.messages[0]
    assert not Attachment.objects.exists()
