"""A person's data: handed out whole, and erased so that no table, file or log tells who it was, and no figure moves."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from accounts import audit
from accounts.models import AuditEntry
from core import events, local_outbox, mail, time
from core.models import OutgoingMail
from customers.erased import ErasedPeople
from customers.models import Attachment, Contact, DataRequest, ErasedMark, Note, Touchpoint
from customers.services.contacts import contact_create
from customers.services.privacy import data_request_make
from ingest.intake.taking import take
from ingest.models import Batch, IntakePerson, Rejection, RowChange
from ingest.notes import note_sentence
from ingest.services.upload import upload_apply
from metrics.models import UsageDay, UsageEvent
from surveys.addresses import address_hash
from surveys.models import ContactMail, Link, Response, ResponseVersion, Suppression
from surveys.services.suppressions import suppression_add
from surveys.tokens import link_new
from tests import factories
from tests.ingest.files import csv_text, run_import
from tests.nights import run, snapshot

pytestmark = pytest.mark.django_db
ADDRESS, NAME, PHONE = "Rui.Melo@vale.test", "Rui Gonçalves Melo", "+55 11 98765-4321"
COMMENT = "The export lost my whole January, and nobody called me back."
TODAY = dt.date(2026, 3, 10)
NOON = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
TRACES = ("rui.melo", "vale.test", "gonçalves melo", "gon\\u00e7alves melo", "98765", "lost my whole january")


@pytest.fixture
def person(admin) -> Contact:
    """A contact who left traces everywhere."""
    firm = factories.customer(name="Vale Verde", started_on=dt.date(2025, 1, 1))
    one = factories.contact(firm, email=ADDRESS, name=NAME, phone=PHONE, external_id="u-77", role="champion")
    factories.contact(factories.customer(), email=ADDRESS.lower(), name=NAME)
    factories.subscription(firm, starts_on=dt.date(2025, 1, 1))
    invitation = factories.survey_invitation(one, state="sent", sent_at=NOON, event_subject=f"Ask {NAME}")
    answer = factories.response(
        firm,
        contact=one,
        invitation=invitation,
        comment=COMMENT,
        score=3,
        answered_at=NOON - dt.timedelta(days=3),
    )
    ResponseVersion.objects.create(response=answer, number=1, score=3, comment=COMMENT)
    link_new(Link.Purpose.ANSWER, invitation=invitation)
    factories.contact_mail(one, key="invitation:1:0", invitation=invitation, counted_at=NOON)
    factories.ticket(firm, contact=one, subject=f"{NAME} cannot log in")
    factories.touchpoint(firm, summary=f"Called {NAME.upper()}, who said: {COMMENT}")
    Note.objects.create(customer=firm, author=admin, body=f"Write to {ADDRESS} only")
    for login in (ADDRESS, ADDRESS.lower(), "u-77", "someone else"):
        factories.usage(firm, person=login, occurred_at=NOON - dt.timedelta(days=2))
    suppression_add(actor=None, contact=one, kind="playbooks", why="asked", at=NOON)
    audit.record(
        actor=admin, action="contact.updated", subject=one, changes={"name": ("Rui", NAME)}, label=NAME
    )
    audit.record(actor=admin, action="customer.updated", subject=firm, changes={"tags": ([], [ADDRESS])})
    events.emit("contact.told", customer_id=firm.pk, who=ADDRESS)
    _imported(one)
    _mailed()
    return one


def _imported(one: Contact) -> None:
    batch = Batch.objects.create(
        kind="contacts", channel="upload", filename="c.csv", preview=[{"email": ADDRESS}]
    )
    batch.file.save("c.csv", ContentFile(f"email,name\n{ADDRESS},{NAME}\n".encode()))
    other = Batch.objects.create(kind="contacts", channel="upload", filename="other.csv")
    other.file.save("other.csv", ContentFile(b"email,name\na@b.test,Ana\n"))
    Rejection.objects.create(batch=batch, line=2, code="missing", row=[ADDRESS, NAME])
    RowChange.objects.create(batch=batch, table="customers_contact", row_id=one.pk, after={"phone": PHONE})


def _mailed() -> None:
    row = mail.queue(kind="t", to=ADDRESS, subject=f"Hello {NAME}", body_text=COMMENT, key="m:1")
    OutgoingMail.objects.update(state="done")
    mail.queue(kind="t", to=ADDRESS, subject="waits", body_text="x", key="m:2")
    message = EmailMessage("Hello", COMMENT, to=[ADDRESS], headers={local_outbox.NUMBER: str(row.pk)})
    local_outbox.EmailBackend().send_messages([message])


def everything(tmp_path, settings) -> str:
    """Return every row of every table and every file we keep, as one text."""
    call_command("dumpdata", output=str(tmp_path / "all.json"), verbosity=0)
    text: str = (tmp_path / "all.json").read_text()
    for folder in ("media", "outbox"):
        for file in (tmp_path / folder).rglob("*"):
            text += file.read_text(errors="replace") if file.is_file() else ""
    return text.lower()


def figures() -> list[tuple]:
    run(TODAY - dt.timedelta(days=5), TODAY)
    return snapshot()


def erase(contact: Contact) -> None:
    from workspace.privacy.erase import erase_contact

    erase_contact(actor=None, contact=contact, today=TODAY, at=NOON)


def test_no_table_file_or_log_tells_who_it_was(person, tmp_path, settings):
    before = everything(tmp_path, settings)
    assert not [trace for trace in TRACES[:3] if trace not in before], "the traces are there before"
    erase(person)
    after = everything(tmp_path, settings)
    assert [trace for trace in TRACES if trace in after] == []


def test_the_figures_do_not_change_by_a_digit(person):
    before = figures()
    answers = list(Response.objects.values_list("score", "customer_id", "answered_at", "contact_id"))
    people = UsageDay.objects.values("person").distinct().count()
    erase(person)
    assert figures() == before
    assert list(Response.objects.values_list("score", "customer_id", "answered_at", "contact_id")) == answers
    assert UsageDay.objects.values("person").distinct().count() == people


def test_the_address_stays_stopped_and_links_open_nothing(person):
    erase(person)
    assert Suppression.objects.get().address_hash == address_hash(ADDRESS)
    assert not Link.objects.exists()
    assert not ContactMail.objects.filter(address_hash=address_hash(ADDRESS)).exists()
    assert not OutgoingMail.objects.filter(state="waiting").exists()


def test_others_keep_what_is_theirs(person):
    erase(person)
    assert Batch.objects.exclude(file="").get().filename == "other.csv"
    assert UsageDay.objects.filter(person__contains="u-77").count() == 0
    assert AuditEntry.objects.filter(action="contact.updated").exists(), (
        "that something changed is still told"
    )


def test_an_erasure_that_was_killed_is_done_again(person, tmp_path, settings, monkeypatch):
    from workspace.privacy import erase as module

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_own_texts", killed)
        with pytest.raises(KeyboardInterrupt):
            erase(person)
    erase(person)
    after = everything(tmp_path, settings)
    assert [trace for trace in TRACES if trace in after] == []


def test_the_copy_holds_everything_about_the_person(person, admin, login):
    asked = data_request_make(
        actor=admin, contact=person, kind="export", requested_on=time.today(), today=time.today()
    )
    response = login(admin).post(f"/settings/privacy/{asked.pk}/export/")
    packed = zipfile.ZipFile(io.BytesIO(response.content))
    held = json.loads(packed.read("person.json"))
    assert held["contacts"][0]["email"] == ADDRESS
    assert held["answers"][0]["comment"] == COMMENT
    assert {"contacts.csv", "answers.csv", "invitations.csv", "stopped_mail.csv", "tickets.csv"} <= set(
        packed.namelist()
    )
    assert "'+55" in packed.read("contacts.csv").decode(), "no cell runs as a formula"
    asked.refresh_from_db()
    assert asked.done_at is not None


def test_a_request_shows_its_deadline_and_is_erased_only_with_the_address_typed(person, admin, login):
    client = login(admin)
    client.post(
        "/settings/privacy/", {"email": ADDRESS.lower(), "kind": "erase", "requested_on": "2026-03-01"}
    )
    asked = DataRequest.objects.get()
    assert asked.due_on == dt.date(2026, 3, 16)
    client.post(f"/settings/privacy/{asked.pk}/erase/", {"email": "other@vale.test"})
    assert asked.contact_id is not None
    assert Contact.objects.get(pk=asked.contact_id).erased_at is None
    page = client.post(f"/settings/privacy/{asked.pk}/erase/", {"email": ADDRESS}, follow=True)
    assert b"This person is erased" in page.content
    assert set(Contact.objects.values_list("name", flat=True)) == {""}, "at both customers"
    assert {"privacy.requested", "privacy.erased"} <= set(AuditEntry.objects.values_list("action", flat=True))
    assert client.post(f"/settings/privacy/{asked.pk}/export/").status_code == 404


def test_an_unknown_address_is_told(admin, login):
    page = login(admin).post(
        "/settings/privacy/", {"email": "no@one.test", "kind": "export", "requested_on": "2026-03-01"}
    )
    assert page.status_code == 422
    assert b"There is no contact with this address" in page.content


def test_the_commands_do_the_same(person, tmp_path):
    call_command("export_contact", ADDRESS, tmp_path / "copy.zip")
    assert zipfile.is_zipfile(tmp_path / "copy.zip")
    with pytest.raises(CommandError):
        call_command("erase_contact", ADDRESS)
    call_command("erase_contact", ADDRESS, "--yes")
    with pytest.raises(CommandError):
        call_command("export_contact", ADDRESS, tmp_path / "copy.zip")


def test_an_old_file_brings_no_erased_person_back(person, tmp_path):
    firm = person.customer
    erase(person)
    logins = UsageEvent.objects.order_by().values("person").distinct()
    people, contacts = logins.count(), Contact.objects.count()
    header = "customer_external_id,email,external_id,name"
    rows = [f"{firm.external_id},{ADDRESS},u-77,{NAME}", f"{firm.external_id},ana@vale.example,u-1,Ana"]
    known = run_import(tmp_path, "contacts", csv_text(header, *rows))
    assert known.counts() == (1, 0, 0, 1)
    assert "this person was erased because they asked for it" in known.errors
    assert ADDRESS not in known.errors and NAME not in known.errors
    assert Contact.objects.count() == contacts + 1
    assert not Contact.objects.filter(email__iexact=ADDRESS).exists()
    login = f"{firm.external_id},{ADDRESS.upper()},2026-03-09T12:00:00Z,login"
    run_import(tmp_path, "usage", csv_text("customer_external_id,user,occurred_at,event", login))
    assert not UsageEvent.objects.filter(person__iexact=ADDRESS).exists()
    assert UsageEvent.objects.filter(person__startswith=f"erased-{person.pk}").count() == 4
    assert logins.count() == people
    talk = f"t1,{firm.external_id},{ADDRESS},2026-03-09T12:00:00Z,call,Talked to {NAME}"
    run_import(
        tmp_path,
        "touchpoints",
        csv_text("external_id,customer_external_id,contact_email,happened_at,kind,summary", talk),
    )
    kept = Touchpoint.objects.get(external_id="t1")
    assert (kept.contact_id, kept.summary) == (person.pk, "")


def test_an_upload_that_names_an_erased_person_is_not_kept(person):
    erase(person)
    batch = Batch.objects.create(kind="contacts", channel="upload", filename="c.csv", step="applying")
    rows = f"customer_external_id,email\n{person.customer.external_id},{ADDRESS}\n"
    batch.file.save("old.csv", ContentFile(rows.encode()))
    upload_apply(batch=batch)
    batch.refresh_from_db()
    assert (batch.rejected, bool(batch.file)) == (1, False)
    assert "erased" in note_sentence(batch.notes[0])
    assert ADDRESS not in str(list(Rejection.objects.filter(batch=batch).values()))


def test_who_comes_back_is_written_down_by_hand_and_stays(person, admin, tmp_path):
    erase(person)
    contact_create(actor=admin, customer=person.customer, email=ADDRESS, name=NAME)
    rows = csv_text("customer_external_id,email,name", f"{person.customer.external_id},{ADDRESS},Rui Melo")
    assert run_import(tmp_path, "contacts", rows).counts()[3] == 0


def test_the_marks_tell_nobody_without_the_secret_and_outlive_its_change(person, settings):
    erase(person)
    assert not ErasedMark.objects.filter(mark=address_hash(ADDRESS)).exists()
    assert ErasedPeople.load().find(0, ADDRESS.upper()) is not None
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert ErasedPeople.load().find(0, ADDRESS) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert ErasedPeople.load().find(0, ADDRESS) is None


def test_what_a_person_must_look_at_is_shown_before_the_erasure(person, admin, login):
    firm = person.customer
    Note.objects.create(customer=firm, author=admin, body="Rui prefers the telephone, says Ruiz")
    Note.objects.create(customer=firm, author=admin, body="The ruined import")
    Attachment.objects.create(customer=firm, file="attachments/a.pdf", name="minutes.pdf", size=1)
    asked = data_request_make(actor=admin, contact=person, kind="erase", requested_on=TODAY, today=TODAY)
    page = login(admin).get(f"/settings/privacy/{asked.pk}/").content.decode()
    assert "Look at these yourself" in page
    assert "Rui prefers the telephone" in page and "minutes.pdf" in page
    assert "ruined" not in page


def test_a_tracking_call_of_an_erased_person_is_counted_under_the_name_since(person):
    firm = person.customer
    erase(person)
    said = {"userId": ADDRESS, "timestamp": "2026-03-09T12:00:00Z", "context": {"groupId": firm.external_id}}
    take("web", [{**said, "type": "track", "event": "login", "messageId": "m1"}])
    take("web", [{**said, "type": "identify", "traits": {"email": ADDRESS}}])
    take("web", [{**said, "type": "identify", "userId": "u-9", "traits": {"email": ADDRESS}}])
    assert UsageEvent.objects.get(message_id="m1").person.startswith(f"erased-{person.pk}-")
    assert list(IntakePerson.objects.values_list("user_key", "email")) == [("u-9", "")]
