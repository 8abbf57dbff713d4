"""Identifiers, attributes, mentions, kinds of files: calculations without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.attributes import AttributeType, AttributeValueError, parse_attribute, parse_attributes
from customers.filetypes import FileKindError, content_type_of
from customers.identifiers import TaxIdError, clean_domain, clean_tax_id, is_cnpj
from customers.mentions import Mentionable, mentioned


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("11222333000181", "", "11.222.333/0001-81"),
        ("11.222.333/0001-81", "Brasil", "11.222.333/0001-81"),
        ("12ABC34501DE35", "BR", "12.ABC.345/01DE-35"),
        ("12abc34501de35", "", "12.ABC.345/01DE-35"),
        ("DE 123 456 789", "", "DE 123 456 789"),
        ("12345678901234", "", "12345678901234"),
        ("B-12345674", "Portugal", "B-12345674"),
        ("11222333000182", "Germany", "11222333000182"),
        ("  ", "Brasil", ""),
    ],
)
def test_tax_ids_in_their_usual_form(typed, country, kept):
    assert clean_tax_id(typed, country) == kept


@pytest.mark.parametrize("typed", ["11222333000182", "11111111111111", "123", "11.222.333/0001-8X"])
def test_a_brazilian_tax_id_with_wrong_check_digits_is_refused(typed):
    with pytest.raises(TaxIdError):
        clean_tax_id(typed, "Brasil")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_cnpj_with_one_digit_changed_is_never_valid(base, place, shift):
    valid = next((f"{base}{n:02d}" for n in range(100) if is_cnpj(f"{base}{n:02d}")), None)
    if valid is None:
        assert len(set(base)) == 1
        return
    changed = str((int(base[place]) + shift) % 10)
    other = base[:place] + changed + base[place + 1 :] + valid[12:]
    # A single wrong digit is found unless both check digits are 0 or 1 by the rule's own fold of remainders.
    if valid[12] != "0" and valid[13] != "0":
        assert not is_cnpj(other) or other == valid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.Acme.com.br/about?x=1", "acme.com.br"),
        ("ana@acme.com", "acme.com"),
        (" ACME.com. ", "acme.com"),
        ("", ""),
    ],
)
def test_domains_are_kept_bare(typed, kept):
    assert clean_domain(typed) == kept


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("text", " Olá ", "Olá"),
        ("number", "1234.50", "1234.50"),
        ("number", "1e3", "1000"),
        ("date", "2026-02-28", "2026-02-28"),
        ("bool", "sim", True),
        ("bool", "No", False),
        ("choice", "SAP", "SAP"),
        ("number", "", None),
        ("text", None, None),
    ],
)
def test_attribute_values_by_type(kind, raw, stored):
    assert parse_attribute(AttributeType("k", kind, ("SAP",)), raw) == stored


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("number", "12,5", "number"),
        ("number", "NaN", "number"),
        ("date", "2026-02-30", "date"),
        ("bool", "maybe", "bool"),
        ("choice", "Oracle", "choice"),
        ("text", "x" * 501, "long"),
    ],
)
def test_attribute_values_that_do_not_fit_are_refused(kind, raw, code):
    with pytest.raises(AttributeValueError) as refused:
        parse_attribute(AttributeType("k", kind, ("SAP",)), raw)
    assert (refused.value.key, refused.value.code) == ("k", code)


def test_an_attribute_nobody_defined_is_refused():
    with pytest.raises(AttributeValueError) as refused:
        parse_attributes([AttributeType("erp", "text")], {"other": "x"})
    assert refused.value.code == "unknown"


PEOPLE = [
    Mentionable(1, "João Silva", "joao@zelo.test"),
    Mentionable(2, "João Souza", "souza@zelo.test"),
    Mentionable(3, "Ana", "ana@zelo.test"),
    Mentionable(4, "Ana Clara Dias", "clara@zelo.test"),
    Mentionable(5, "Bia Reis", "bia@zelo.test"),
]


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("@João Silva please call", {1}),
        ("@joao souza, see this", {2}),
        ("@João is two people", set()),
        ("@Ana Clara Dias and @Bia", {4, 5}),
        ("(@ana)", {3}),
        ("@Anabela", set()),
        ("mail bia@bia.com", set()),
        ("@bia@zelo.test", {5}),
        ("nobody", set()),
    ],
)
def test_who_is_mentioned(body, keys):
    assert mentioned(body, PEOPLE) == keys


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.PDF", b"%PDF-1.7", "application/pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("a.csv", "ação;1".encode(), "text/csv"),
    ],
)
def test_kinds_of_files_that_are_kept(name, head, kind):
    assert content_type_of(name, head) == kind


@pytest.mark.parametrize(
    ("name", "head", "code"),
    [
        ("a.html", b"<script>", "kind"),
        ("a.svg", b"<svg", "kind"),
        ("a.exe", b"MZ", "kind"),
        ("noname", b"x", "kind"),
        ("a.pdf", b"<html>", "content"),
        ("a.png", b"%PDF-", "content"),
        ("a.csv", b"a\x00b", "content"),
    ],
)
def test_files_that_are_not_kept(name, head, code):
    with pytest.raises(FileKindError) as refused:
        content_type_of(name, head)
    assert refused.value.code == code
