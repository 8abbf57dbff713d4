"""Encodings × separators × decimals × dates of CONTRACT.md, each pair of which is taken or refused as it says."""

import datetime as dt
import itertools

import pytest

from customers.models import Payment
from tests import factories
from tests.ingest.files import run_import

ENCODINGS = {
    "utf-8": (),
    "utf-8-sig": (),
    "cp1252": ("--encoding", "cp1252"),
    "utf-16": ("--encoding", "utf-16"),
}
DECIMALS = {
    ",": {"1234.56": 123456, "-0.5": -50, "10": 1000},
    ";": {"1.234,56": 123456, "-0,5": -50, "1.234.567": 123456700},
}
DATES = {"2026-02-03": (), "03/02/2026": ("--dates", "dmy"), "02/03/2026": ("--dates", "mdy")}


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", DECIMALS)
def test_every_form_of_the_contract_is_understood(tmp_path, encoding, separator):
    factories.customer(external_id="ação")
    forms = itertools.product(DECIMALS[separator].items(), DATES.items())
    for n, ((amount, cents), (date, dates)) in enumerate(forms):
        rows = [
            ["amount", "paid_on", "customer_external_id", "external_id"],
            [amount, date, "ação", f"p{n}"],
        ]
        content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
        done = run_import(tmp_path, "payments", content, *ENCODINGS[encoding], *dates)
        assert done.code == 0, (amount, date, done.err)
        paid = Payment.objects.get(external_id=f"p{n}")
        assert (paid.amount_cents, paid.paid_on) == (cents, dt.date(2026, 2, 3))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("separator", "amount", "why"),
    [
        (";", "1.234", "may mean a thousand or a fraction"),
        (";", "1234.56", "is not a number"),
        (";", "12.34,5", "is not a number"),
        (",", '"1.234,56"', "is not a number"),
        (",", '"1,234.56"', "is not a number"),
        (",", "R$ 10", "has a currency sign"),
        (",", "US$ 10", "is not in BRL"),
        (",", "10 EUR", "is not in BRL"),
        (",", "abc", "is not a number"),
        (",", "1e3", "is not a number"),
        (",", "99999999999999999", "is too large"),
    ],
)
def test_an_amount_in_another_form_is_refused_with_the_reason(tmp_path, separator, amount, why):
    factories.customer(external_id="c1")
    content = separator.join(["external_id", "customer_external_id", "amount"])
    done = run_import(tmp_path, "payments", f"{content}\n{separator.join(['p1', 'c1', amount])}\n")
    assert done.code == 1 and why in done.err, done.err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "cells", "column"),
    [
        ("usage", {"occurred_at": "yesterday"}, "occurred_at"),
        ("usage", {"occurred_at": "2026-01-01T25:00"}, "occurred_at"),
        ("usage", {"occurred_at": "2026-01-01", "count": "0"}, "count"),
        ("tickets", {"opened_at": "2026-01-01"}, "opened_at"),
        ("tickets", {"opened_at": "2026-01-02T10:00Z", "solved_at": "2026-01-01T10:00Z"}, "solved_at"),
        ("responses", {"survey": "nps", "score": "11", "answered_at": "2026-01-01"}, "score"),
        ("responses", {"survey": "csat", "score": "0", "answered_at": "2026-01-01"}, "score"),
        ("contacts", {"email": "no-at-sign"}, "email"),
        ("contacts", {"email": "a@b.co", "time_zone": "Mars/Base"}, "time_zone"),
        ("contacts", {"email": "a@b.co", "role": "boss"}, "role"),
        ("contacts", {"email": "a@b.co", "opted_out": "maybe"}, "opted_out"),
        ("costs", {"month": "2199-01", "category": "sales", "amount": "1"}, "month"),
        ("costs", {"month": "2026-13", "category": "sales", "amount": "1"}, "month"),
        ("touchpoints", {"kind": "call", "happened_at": "2026-01-01", "sentiment": "3"}, "sentiment"),
        ("contracts", {"external_id": "k", "starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "ends_on"),
        ("history", {"field": "segment", "from": "2025-01-01", "value": "gold"}, "value"),
        ("targets", {"key": "mrr", "slice": "colour=red", "due_on": "2026-01-01", "value": "1"}, "slice"),
        (
            "objectives",
            {
                "name": "x",
                "baseline": "1",
                "target": "1.00",
                "starts_on": "2026-01-01",
                "due_on": "2026-02-01",
            },
            "target",
        ),
    ],
)
def test_a_bad_cell_names_its_line_and_column(tmp_path, kind, cells, column):
    from ingest.parsers.catalogue import KINDS

    factories.customer(external_id="c1")
    plausible = {"customer_external_id": "c1", "external_id": "x1", "event": "login"}
    row = {
        **{
            one.name: plausible[one.name]
            for one in KINDS[kind].columns
            if one.required and one.name in plausible
        },
        **cells,
    }
    done = run_import(tmp_path, kind, f"{','.join(row)}\n{','.join(row.values())}\n")
    assert done.code == 1 and done.err.startswith(f"line 2, {column}: "), (done.code, done.err, done.out)


@pytest.mark.django_db
def test_json_lines_take_the_same_keys(tmp_path):
    content = (
        '{"external_id": "c1", "name": "Açúcar", "tags": ["a", "b"]}\n\n'
        '{"name": "No key"}\nnot json\n[1]\n{"external_id": "c2", "name": "Beta", "colour": 1}\n'
    )
    done = run_import(tmp_path, "customers", content, name="file.jsonl")
    assert done.counts() == (2, 0, 0, 3)
    assert [line.split(":")[0] for line in done.err.splitlines()] == [
        "line 3, external_id",
        "line 4",
        "line 5",
    ]
    assert "colour" in done.out
