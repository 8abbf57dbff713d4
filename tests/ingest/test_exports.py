"""What is exported can be imported, and no cell of it runs in a spreadsheet."""

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import AttributeDefinition, Customer, Touchpoint
from ingest.exports import export_columns, export_lines, export_rows
from tests import factories
from tests.ingest.files import FILES, run_import

pytestmark = pytest.mark.django_db


def test_every_kind_comes_back_as_it_went_out(tmp_path):
    AttributeDefinition.objects.create(key="size", label="Size", kind="number")
    factories.user(email="ana@zelo.test")
    for kind, content in FILES.items():
        run_import(tmp_path, kind, content)
    for kind, content in FILES.items():
        text = "".join(export_lines(kind))
        done = run_import(tmp_path, kind, text)
        rows = len(list(csv.reader(text.splitlines()))) - 1
        assert done.code == 0 and done.counts() == (0, 0, rows, 0), (kind, done.err, done.out)
        assert rows >= content.count("\n") - 1


def test_an_empty_workspace_takes_the_export_of_another(tmp_path):
    factories.user(email="ana@zelo.test")
    for kind in ("customers", "subscriptions", "usage"):
        run_import(tmp_path, kind, FILES[kind])
    texts = {kind: "".join(export_lines(kind)) for kind in ("customers", "subscriptions", "usage")}
    Customer.objects.all().delete()
    for kind, text in texts.items():
        assert run_import(tmp_path, kind, text).code == 0
        assert "".join(export_lines(kind)) == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x00"), min_size=1, max_size=60
    ).filter(lambda text: text.strip() not in {"", "-"} and not text.strip().startswith("'"))
)
def test_any_name_comes_back_and_never_begins_as_a_formula(name, tmp_path):
    name = name.strip()
    Customer.objects.update_or_create(external_id="h1", defaults={"name": name})
    (cells,) = export_rows("customers", Customer.objects.filter(external_id="h1"))
    cell = cells[export_columns("customers").index("name")]
    assert cell[0] not in "=@\t\r" and (
        cell[0] not in "+-" or cell[1:].replace(".", "").replace(",", "").isdigit()
    )
    Customer.objects.filter(external_id="h1").update(name="other")
    text = "".join(export_lines("customers", Customer.objects.filter(external_id="h1"))).replace("other", "x")
    lines = list(csv.reader(text.splitlines(keepends=True)))
    lines[1][export_columns("customers").index("name")] = cell
    path = tmp_path / "round.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    assert run_import(tmp_path, "customers", path.read_bytes()).code == 0
    assert Customer.objects.get(external_id="h1").name == name


def test_a_summary_that_looks_like_a_formula_is_exported_harmless(tmp_path):
    factories.touchpoint(summary='=HYPERLINK("http://x")')
    (cells,) = export_rows("touchpoints")
    assert cells[export_columns("touchpoints").index("summary")] == '\'=HYPERLINK("http://x")'
    run_import(tmp_path, "touchpoints", "".join(export_lines("touchpoints")))
    assert Touchpoint.objects.get().summary == '=HYPERLINK("http://x")'
