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
# the cells that are wrong, the column that is told, and the reason in English and in Portuguese
SLIPS = [
    (
        {"customer_external_id": "nobody"},
        "customer_external_id",
        "there is no customer “nobody”; import the customers first, or correct the key",
        "o cliente “nobody” não existe; importe os clientes antes ou corrija a chave",
    ),
    (
        {"starts_on": "2026-02-30"},
        "starts_on",
        "“2026-02-30” does not exist in the calendar; correct the day or the month",
        "“2026-02-30” não existe no calendário; corrija o dia ou o mês",
    ),
    (
        {"starts_on": "01/02/2026"},
        "starts_on",
        "“01/02/2026” is not a date; write it like 2026-01-31",
        "“01/02/2026” não é uma data; escreva como 2026-01-31",
    ),
    (
        {"ends_on": "2025-12-31"},
        "ends_on",
        "the end 2025-12-31 is before the start 2026-01-01; exchange or correct them",
        "o fim 2025-12-31 é antes do início 2026-01-01; troque ou corrija as datas",
    ),
    (
        {"mrr": "-5.00"},
        "mrr",
        "“-5.00” is below zero; only zero and more is possible here",
        "“-5.00” é menor que zero; aqui só vale zero ou mais",
    ),
    (
        {"mrr": '"1.234,56"'},
        "mrr",
        "“1.234,56” is not a number; write it like 1234.56",
        "“1.234,56” não é um número; escreva como 1234.56",
    ),
    (
        {"mrr": ""},
        "mrr",
        "this cell is empty and a new row needs it; fill it in",
        "esta célula está vazia e uma nova linha precisa dela; preencha",
    ),
    (
        {"seats": "2.5"},
        "seats",
        "“2.5” is not a whole number",
        "“2.5” não é um número inteiro",
    ),
    (
        {"cancelled_on": "1890-01-01"},
        "cancelled_on",
        "“1890-01-01” is outside the years 1970 to 2199; correct the year, or leave the cell empty for open",
        "“1890-01-01” está fora dos anos 1970 a 2199; corrija o ano ou deixe a célula vazia se não houver fim",
    ),
    (
        {"plan": "x" * 121},
        "plan",
        "longer than the 120 characters that fit here; shorten it",
        "passa dos 120 caracteres que cabem aqui; encurte",
    ),
    (
        {"currency": "USD"},
        "currency",
        "“USD” is not in BRL, the currency of this workspace; convert it and write only the number",
        "“USD” não está em BRL, a moeda deste ambiente; converta e escreva só o número",
    ),
    (
        {"external_id": ""},
        "external_id",
        "this cell is empty and the row cannot be told apart without it; fill it in",
        "esta célula está vazia e sem ela não dá para identificar a linha; preencha",
    ),
]


def _file() -> tuple[str, dict[int, int]]:
    """Return the file, and by its line which slip each bad row is."""
    names = HEADER.split(",")
    rows: list[list[str]] = []
    wrong: dict[int, int] = {}
    for n in range(ROWS):
        cells = {**GOOD, "external_id": f"s{n}", "customer_external_id": f"c{n % 10}"}
        if n % 36 == 7 and len(wrong) < BAD:
            kind = len(wrong) % len(SLIPS)
            cells |= SLIPS[kind][0]
            wrong[n + 2] = kind
        rows.append([cells.get(name, "") for name in names])
    assert len(wrong) == BAD
    return csv_text(HEADER, *rows), wrong


@pytest.mark.parametrize(("language", "line", "words"), [("en", "line", 2), ("pt-br", "linha", 3)])
def test_every_bad_row_is_told_in_the_readers_words_and_every_good_row_is_in(tmp_path, language, line, words):
    for n in range(10):
        factories.customer(external_id=f"c{n}")
    content, wrong = _file()
    with translation.override(language):
        first = run_import(tmp_path, "subscriptions", content)
    told = first.err.strip().splitlines()
    assert sorted(told) == sorted(
        f"{line} {number}, {SLIPS[kind][1]}: {SLIPS[kind][words]}" for number, kind in wrong.items()
    )
    assert (first.code, Subscription.objects.count()) == (1, ROWS - BAD)

    rows = list(csv.DictReader(io.StringIO(first.errors)))
    assert list(rows[0]) == [*HEADER.split(","), "reason"]
    reasons = [f"{SLIPS[kind][1]}: {SLIPS[kind][words]}" for kind in wrong.values()]
    assert sorted(row["reason"] for row in rows) == sorted(reasons)
    assert len(set(reasons)) == len(SLIPS) == 12

    before = list(Subscription.objects.order_by("pk").values())
    second = run_import(tmp_path, "subscriptions", content)
    assert (second.code, second.counts()) == (1, (0, 0, ROWS - BAD, BAD))
    assert list(Subscription.objects.order_by("pk").values()) == before


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
