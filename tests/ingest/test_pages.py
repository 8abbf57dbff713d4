"""The import pages: a file is read, shown, confirmed, applied by a worker, and taken back."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Customer, Payment
from ingest import jobs
from ingest.models import Batch, Source
from tests import factories
from tests.ingest.files import csv_text
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(manager, login):
    return login(manager)


def _upload(client, kind: str, content: bytes, name: str = "file.csv", source: str = "") -> Batch:
    file = SimpleUploadedFile(name, content)
    response = client.post("/imports/new/", {"kind": kind, "file": file, "source": source})
    assert response.status_code == 302, response.content
    return Batch.objects.get(pk=int(response["Location"].split("/")[2]))


def _read(client, batch: Batch, targets: list[str], names: list[str], **more: str):
    data = {"name": names, **{f"column-{i}": target for i, target in enumerate(targets)}, **more}
    return client.post(f"/imports/{batch.pk}/read/", data)


def _work() -> None:
    while jobs.work():
        pass


def test_a_file_is_shown_before_anything_is_written_then_applied_by_a_worker(client):
    names = ["external_id", "name", "segment"]
    batch = _upload(client, "customers", csv_text(",".join(names), "c1,Acme,mid", "c2,,x").encode())
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "Acme" in page and "is not known here" in page
    assert _read(client, batch, names, names).status_code == 302
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "What it would do" in page and "line" in page.lower()
    assert not Customer.objects.exists()
    client.post(f"/imports/{batch.pk}/confirm/")
    assert "hx-trigger" in client.get(f"/imports/{batch.pk}/").content.decode()
    _work()
    batch.refresh_from_db()
    assert (batch.step, batch.new, batch.rejected, batch.created_by is not None) == ("applied", 1, 1, True)
    assert Customer.objects.get().segment == "mid"
    rejected = client.get(f"/imports/{batch.pk}/rejected.csv")
    text = b"".join(rejected.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "external_id,name,segment,reason" and text.splitlines()[1].startswith(
        "c2,,x,"
    )


def test_an_import_is_taken_back_from_the_page_or_says_what_blocks(client):
    names = ["external_id", "name"]
    batch = _upload(client, "customers", csv_text("external_id,name", "c1,Acme").encode())
    _read(client, batch, names, names)
    client.post(f"/imports/{batch.pk}/confirm/")
    _work()
    payment = factories.payment(Customer.objects.get())
    blocked = client.post(f"/imports/{batch.pk}/undo/")
    assert blocked.status_code == 409 and "other rows belong to it now" in blocked.content.decode()
    payment.delete()
    assert client.post(f"/imports/{batch.pk}/undo/").status_code == 302
    _work()
    assert not Customer.objects.exists()
    assert Batch.objects.get().step == "undone"


def test_foreign_names_are_proposed_and_remembered_for_the_source(client):
    content = "Código;Nome;Vazio\nc1;Ação Ltda;\n".encode("cp1252")
    batch = _upload(client, "customers", content, source="ERP")
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "Ação Ltda" in page
    assert 'value="external_id" selected' in page and 'value="name" selected' in page
    _read(client, batch, ["external_id", "name", ""], ["Código", "Nome", "Vazio"])
    assert Source.objects.get().columns == {"Código": "external_id", "Nome": "name", "Vazio": ""}
    again = _upload(client, "customers", "Código;Nome;Vazio\nc2;Beta;\n".encode("cp1252"), source="ERP")
    assert again.options["columns"]["Nome"] == "name"
    batch.refresh_from_db()
    assert (batch.step, batch.new) == ("previewed", 1)


def test_missing_columns_and_columns_named_twice_are_asked_for(client):
    batch = _upload(client, "customers", b"id,label\nc1,Acme\n")
    answer = _read(client, batch, ["external_id", ""], ["id", "label"])
    assert answer.status_code == 422 and "Say which columns of the file are: Name." in answer.content.decode()
    answer = _read(client, batch, ["name", "name"], ["id", "label"])
    assert answer.status_code == 422


@pytest.mark.parametrize(("dates", "expected"), [("dmy", "2026-02-03"), ("mdy", "2026-03-02")])
def test_ambiguous_dates_are_asked_for(client, dates, expected):
    factories.customer(external_id="c1")
    names = ["external_id", "customer_external_id", "paid_on", "amount"]
    content = csv_text(";".join(names), "p1;c1;03/02/2026;1.234,56").encode()
    batch = _upload(client, "payments", content)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "Both readings are possible in every row" in page and "1,234.56" in page
    assert _read(client, batch, names, names).status_code == 422
    assert _read(client, batch, names, names, dates=dates).status_code == 302
    client.post(f"/imports/{batch.pk}/confirm/")
    _work()
    assert str(Payment.objects.get().paid_on) == expected


def test_a_workbook_of_excel_is_read(client):
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    book.active = sheet
    sheet.append(["external_id", "name", "started_on"])
    sheet.append(
        [17, "Acme", dt.datetime(2026, 1, 31)]  # noqa: DTZ001
    )
    packed = io.BytesIO()
    book.save(packed)
    batch = _upload(client, "customers", packed.getvalue(), name="customers.xlsx")
    names = ["external_id", "name", "started_on"]
    _read(client, batch, names, names)
    client.post(f"/imports/{batch.pk}/confirm/")
    _work()
    assert Customer.objects.values_list("external_id", "started_on").get() == ("17", dt.date(2026, 1, 31))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.xlsx", b"PK\x03\x04 cut"),
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 20),
        ("wide.csv", b",".join([b"c"] * 1_000_000) + b"\n"),
    ],
)
def test_what_cannot_be_read_says_so_on_the_page(client, name, content):
    if not content:
        page = client.post("/imports/new/", {"kind": "customers", "file": SimpleUploadedFile(name, content)})
        assert page.status_code == 422
        return
    batch = _upload(client, "customers", content, name=name)
    page = client.get(f"/imports/{batch.pk}/")
    assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    assert client.post(f"/imports/{batch.pk}/discard/").status_code == 302
    assert not Batch.objects.exists()


def test_every_example_file_can_be_imported(client, tmp_path):
    from ingest.parsers.catalogue import KINDS
    from tests.ingest.files import run_import

    for kind in KINDS:
        response = client.get(f"/imports/example/{kind}.csv")
        content = b"".join(response.streaming_content)
        done = run_import(tmp_path, kind, content)
        assert done.code == 0 and done.counts()[0] == 1, (kind, done.err)


def test_the_lists_queries_do_not_grow_with_its_rows(client, manager):
    def add(n):
        for _ in range(n):
            Batch.objects.create(kind="customers", created_by=manager, step="applied", state="done")

    assert_constant_queries(client, "/imports/", add)


def test_an_analyst_may_not_import(analyst, login):
    assert login(analyst).get("/imports/").status_code == 403
