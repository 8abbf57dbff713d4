"""The check of a file says its changes in words: fields, people, companies, money, dates."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import strip_tags

from customers.models import AttributeDefinition
from customers.services.customer import customer_update
from ingest.parsers.catalogue import KINDS
from ingest.words import COLUMNS
from tests import factories
from tests.ingest.files import csv_text
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


def checked(client, kind: str, content: str) -> str:
    """Upload a file, have it checked, and return where its page is."""
    header = content.splitlines()[0].split(",")
    sent = client.post("/imports/new/", {"kind": kind, "file": SimpleUploadedFile("f.csv", content.encode())})
    place = str(sent["Location"])
    data = {"name": header, **{f"column-{n}": name for n, name in enumerate(header)}}
    assert client.post(f"{place}read/", data).status_code == 302
    return place


def text(page: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(page))


def test_every_column_has_a_name_in_words():
    assert {column.name for kind in KINDS.values() for column in kind.columns} == set(COLUMNS)


def test_changes_of_customers_are_told_in_words(manager, login):
    ana = factories.user(name="Ana Lima", email="ana@zelo.test")
    AttributeDefinition.objects.create(key="size", label="Headcount", kind="number")
    factories.customer(external_id="c1", name="Acme", segment="volume", attributes={"size": "10"})
    page = text(
        login(manager)
        .get(
            checked(
                login(manager),
                "customers",
                csv_text(
                    "external_id,name,segment,owner_email,started_on,attr:size,tags",
                    f"c1,Acme,mid,{ana.email},2025-03-01,12,a|b",
                ),
            )
        )
        .content.decode()
    )
    for told in (
        "Segment: Volume →became Mid",
        "How the segment came about: By rule →became By import",
        "Owner: — →became Ana Lima",
        "Customer since: — →became 1 Mar 2025",
        "Headcount: 10 →became 12",
        "Tags: — →became a, b",
    ):
        assert told in page, page
    for raw in ("segment_by", "owner_id", "wanted_owner_email", "stage_since"):
        assert raw not in page


def test_changes_are_told_in_portuguese_too(manager, login):
    manager.language = "pt-br"
    manager.save()
    acme = factories.customer(external_id="c1", name="Acme")
    factories.payment(acme, external_id="p1", amount_cents=123_456)
    client = login(manager)
    page = text(
        client.get(
            checked(client, "payments", csv_text("external_id,customer_external_id,amount", "p1,c1,2000.00"))
        ).content.decode()
    )
    assert re.search(r"Valor: 1\.234,56 BRL →passou a ser 2\.000,00 BRL", page), page


def test_what_was_kept_is_named_in_words(manager, login):
    acme = factories.customer(external_id="c1", name="Acme", industry="Retail")
    customer_update(actor=manager, customer=acme, changes={"industry": "Health"})
    client = login(manager)
    page = text(
        client.get(
            checked(client, "customers", csv_text("external_id,name,industry", "c1,Acme,Food"))
        ).content.decode()
    )
    assert "line 2 Industry" in page


def test_the_number_of_queries_does_not_grow_with_the_rows(manager, login):
    client = login(manager)
    counted = []
    for many in (3, 30):
        rows = []
        for n in range(many):
            factories.customer(external_id=f"q{many}-{n}", name="Acme")
            owner = factories.user()
            rows.append(f"q{many}-{n},Acme,{owner.email}")
        place = checked(client, "customers", csv_text("external_id,name,owner_email", *rows))
        client.get(place)
        counted.append(queries_of(client, place))
    assert counted[0] == counted[1]
