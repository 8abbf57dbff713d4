"""5 000 rows with 137 bad ones of 12 kinds: each is told with line, column and reason; the rest goes in."""

import csv
import io

import pytest
from django.utils import translation

from customers.models import Subscription
from tests import factories
from tests.ingest.files import csv_text, run_import

pytestmark = pytest.mark.django_db
ROWS, BAD = 5_000, 137
HEADER = "external_id,customer_external_id,starts_on,ends_on,product,plan,mrr,seats,cancelled_on,cancel_reason,currency"
GOOD = {"starts_on": "2026-01-01", "ends_on": "", "product": "Core", "mrr": "10.00"}
# the cells that are wrong, and the column that is told
SLIPS = [
    ({"customer_external_id": "nobody"}, "customer_external_id"),
    ({"starts_on": "2026-02-30"}, "starts_on"),
    ({"starts_on": "01/02/2026"}, "starts_on"),
    ({"ends_on": "2025-12-31"}, "ends_on"),
    ({"mrr": "-5.00"}, "mrr"),
    ({"mrr": '"1.234,56"'}, "mrr"),
    ({"mrr": ""}, "mrr"),
    ({"seats": "2.5"}, "seats"),
    ({"product": ""}, "product"),
    ({"plan": "x" * 121}, "plan"),
    ({"currency": "USD"}, "currency"),
    ({"external_id": ""}, "external_id"),
]


def _file() -> tuple[str, dict[int, str]]:
    names = HEADER.split(",")
    rows: list[list[str]] = []
    wrong: dict[int, str] = {}
    for n in range(ROWS):
        cells = {**GOOD, "external_id": f"s{n}", "customer_external_id": f"c{n % 10}"}
        if n % 36 == 7 and len(wrong) < BAD:
            slip, column = SLIPS[len(wrong) % len(SLIPS)]
            cells |= slip
            wrong[n + 2] = column
        rows.append([cells.get(name, "") for name in names])
    assert len(wrong) == BAD
    return csv_text(HEADER, *rows), wrong


def test_every_bad_row_is_told_and_every_good_row_is_in(tmp_path):
    for n in range(10):
        factories.customer(external_id=f"c{n}")
    content, wrong = _file()
    first = run_import(tmp_path, "subscriptions", content)
    assert (first.code, first.counts()) == (1, (ROWS - BAD, 0, 0, BAD))
    told = first.err.strip().splitlines()
    assert len(told) == BAD
    assert {_place(line) for line in told} == set(wrong.items())
    assert Subscription.objects.count() == ROWS - BAD

    rows = list(csv.DictReader(io.StringIO(first.errors)))
    assert len(rows) == BAD and list(rows[0]) == [*HEADER.split(","), "reason"]
    assert len({row["reason"].split(":")[1][-20:] for row in rows}) >= len(SLIPS) - 2

    before = list(Subscription.objects.order_by("pk").values())
    second = run_import(tmp_path, "subscriptions", content)
    assert (second.code, second.counts()) == (1, (0, 0, ROWS - BAD, BAD))
    assert list(Subscription.objects.order_by("pk").values()) == before


def _place(line: str) -> tuple[int, str]:
    where = line.split(":", maxsplit=1)[0].removeprefix("line ")
    number, _, column = where.partition(", ")
    return int(number), column


def test_the_reason_is_told_in_the_readers_language(tmp_path):
    factories.customer(external_id="c1")
    content = csv_text(HEADER, "s1,c1,2026-01-01,,Core,,-1,,,,")
    english = run_import(tmp_path, "subscriptions", content).err
    with translation.override("pt-br"):
        portuguese = run_import(tmp_path, "subscriptions", content).err
    assert "below zero" in english
    assert portuguese.startswith("linha 2, mrr: ") and "zero" in portuguese and "below" not in portuguese


def test_a_mended_file_of_rejected_rows_goes_in(tmp_path):
    factories.customer(external_id="c1")
    content = "external_id;customer_external_id;starts_on;product;mrr\ns1;c1;2026-01-01;Core;1.234\n"
    bad = run_import(tmp_path, "subscriptions", content)
    assert bad.code == 1
    mended = run_import(tmp_path, "subscriptions", bad.errors.replace("1.234;", "1.234,00;"))
    assert (mended.code, mended.counts()) == (0, (1, 0, 0, 0))
    assert Subscription.objects.get().mrr_cents == 123400
    assert "reason" not in mended.out


def test_lines_are_those_of_the_file_even_behind_cells_of_several_lines(tmp_path):
    content = 'external_id,name\n\nc1,"Ac\nme\n"\nc2,\n"c3","x\ny"\n'
    done = run_import(tmp_path, "customers", content)
    assert done.counts() == (2, 0, 0, 1)
    assert done.err.startswith("line 6, name: ")
