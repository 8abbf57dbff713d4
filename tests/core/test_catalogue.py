"""Marked texts are found in code and templates; the catalogue is complete or it is said what is missing."""

import gettext

import pytest

from core import catalogue

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
plain = _("Save")
long = gettext_lazy("one " "two")
many = ngettext("%(n)s customer", "%(n)s customers", 3)
meant = pgettext("verb", "Book")
name = _(plain)
# Translators: on the button
hint = _("Go")
"""
TEMPLATE = """{% load i18n %}
<p title="{% trans "It's fine" %}">{% translate "Order" context "verb" %} {{ x|default:_("none") }}</p>
{% blocktrans count n=n trimmed %}
  {{ n }} day of
  {{ name }}
{% plural %}{{ n }} days of {{ name }}{% endblocktrans %}
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "views.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text('_("never shown")')
    return tmp_path


def _translated(root):
    """Return the catalogue with every text translated in the simplest way."""
    kept = catalogue.merge(catalogue.read(root / "none.po"), catalogue.extract(root))
    for message in kept:
        if message.id:
            message.string = message.id
    return kept


def test_texts_of_code_and_templates_are_found_and_those_of_tests_are_not(root):
    found = {(message.context, message.id) for message in catalogue.extract(root) if message.id}
    assert found == {
        (None, "Save"),
        (None, "one two"),
        (None, ("%(n)s customer", "%(n)s customers")),
        ("verb", "Book"),
        (None, "Go"),
        (None, "It's fine"),
        ("verb", "Order"),
        (None, "none"),
        (None, ("%(n)s day of %(name)s", "%(n)s days of %(name)s")),
    }


def test_a_complete_catalogue_has_no_problems(root):
    assert catalogue.problems(_translated(root), catalogue.extract(root)) == []


def test_what_is_missing_empty_fuzzy_or_has_other_placeholders_is_named(root):
    kept = _translated(root)
    kept.delete("Save")
    kept["Go"].string = ""
    kept["one two"].flags.add("fuzzy")
    kept["%(n)s customer"].string = ("%(n)s cliente", "%(m)s clientes")
    assert sorted(catalogue.problems(kept, catalogue.extract(root))) == [
        "marked fuzzy: “one two” (app/views.py)",
        "not in the catalogue: “Save” (app/views.py)",
        "not translated: “Go” (app/views.py)",
        "other placeholders than the original: “%(n)s customer” (app/views.py)",
    ]


def test_translations_survive_a_new_extraction_byte_for_byte(root, tmp_path):
    file, again = tmp_path / "django.po", tmp_path / "again.po"
    kept = _translated(root)
    kept["Save"].string = "Salvar"
    catalogue.write(kept, file)
    catalogue.write(catalogue.merge(catalogue.read(file), catalogue.extract(root)), again)
    assert again.read_bytes() == file.read_bytes()
    assert catalogue.read(again)["Save"].string == "Salvar"


def test_a_text_that_is_gone_keeps_its_translation_as_obsolete(root, tmp_path):
    kept = _translated(root)
    kept["Save"].string = "Salvar"
    (root / "app" / "views.py").write_text("")
    catalogue.write(catalogue.merge(kept, catalogue.extract(root)), tmp_path / "django.po")
    assert '#~ msgid "Save"\n#~ msgstr "Salvar"' in (tmp_path / "django.po").read_text()


def test_what_is_compiled_speaks(root, tmp_path):
    kept = _translated(root)
    kept["%(n)s customer"].string = ("%(n)s cliente", "%(n)s clientes")
    catalogue.compile_to(kept, tmp_path / "django.mo")
    with (tmp_path / "django.mo").open("rb") as compiled:
        spoken = gettext.GNUTranslations(compiled)
    assert spoken.ngettext("%(n)s customer", "%(n)s customers", 0) == "%(n)s cliente"
    assert spoken.ngettext("%(n)s customer", "%(n)s customers", 2) == "%(n)s clientes"
