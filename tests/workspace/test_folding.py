"""Text compared without accents and case means the same in Python and in the database."""

import pytest
from django.db.models import F

from core.text import Contains, Fold, digits, fold, tokens
from customers.models import Customer
from tests import factories

NAMES = (
    "ÀÉÎÕÜÇÑ Ltda",
    "plain [x] name",
    "100% *star*",
    "a_b?c",
    "back\\slash",
    "^caret]",
    "d'Água",
    "Ação-Já",
)


def test_accents_and_case_go_and_the_rest_stays():
    assert fold("ÓTICAS São João") == "oticas sao joao"
    assert fold("ßØå") == "ßoa"
    assert tokens("  Vale   VÉRDE ") == ["vale", "verde"]
    assert digits("12.345/0001-90") == "12345000190"


@pytest.mark.django_db
def test_the_database_folds_as_python_does():
    for name in NAMES:
        factories.customer(name=name)
    for name, folded, kept in Customer.objects.values_list("name", Fold(F("name")), "folded_name"):
        assert folded == kept == fold(name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "word", ["aeioucn", "[x]", "%", "*", "_", "?", "\\", "^", "]", "d'agua", "acao-ja", "-", "nothing"]
)
def test_a_word_is_found_where_python_finds_it(word):
    for name in NAMES:
        factories.customer(name=name)
    found = set(Customer.objects.filter(Contains(Fold(F("name")), word)).values_list("name", flat=True))
    assert found == {name for name in NAMES if word in fold(name)}
