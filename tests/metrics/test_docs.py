"""The page of every figure follows the registry."""

from metrics.docs import page
from metrics.management.commands.metrics_docs import FILE, written
from metrics.registry import FIGURES


def test_the_page_is_up_to_date():
    assert FILE.read_text(encoding="utf-8") == written(), "run `python manage.py metrics_docs`"


def test_every_figure_is_told_with_its_names_formula_and_cuts():
    told = page({"Monthly recurring revenue": "Receita recorrente mensal"})
    for figure in FIGURES.values():
        assert f"### `{figure.key}`: " in told
    mrr = told.split("### `mrr`: ")[1].split("###")[0]
    assert "Monthly recurring revenue" in mrr
    assert "- In Portuguese: Receita recorrente mensal" in mrr
    assert "Sum of the monthly amounts of the subscriptions in force at the end of the day." in mrr
    assert "- Cut by: segment, stage, owner, tag, product" in mrr
    cac = told.split("### `cac`: ")[1].split("###")[0]
    assert "- In Portuguese: —" in cac
    assert "- Better: lower" in cac
    assert "- Cut by: nothing, for all customers only" in cac
