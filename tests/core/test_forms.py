"""Money as the reader writes it; focus on the first error."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.forms import FocusedForm, MoneyField


@pytest.mark.parametrize(
    ("language", "typed", "cents"),
    [
        ("pt-br", "1.234,56", 123_456),
        ("pt-br", "1234,56", 123_456),
        ("pt-br", "R$ 1.234,5", 123_450),
        ("pt-br", "R$\u00a01.234", 123_400),
        ("pt-br", "1.234.567", 123_456_700),
        ("pt-br", "12", 1_200),
        ("en", "1,234.56", 123_456),
        ("en", "1234.56", 123_456),
        ("en", "1,234", 123_400),
        ("en", "0.5", 50),
    ],
)
def test_money_is_read_as_the_reader_writes_it(language, typed, cents):
    with translation.override(language):
        assert MoneyField().clean(typed) == cents


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("pt-br", "1,234.56"),
        ("pt-br", "1234.56"),
        ("pt-br", "1.23"),
        ("pt-br", "1,234"),
        ("pt-br", "12.34,5"),
        ("en", "1.234,56"),
        ("en", "1234,56"),
        ("en", "1.234"),
        ("en", "1,23,456"),
        ("en", "abc"),
        ("en", "1e5"),
        ("en", "..."),
        ("en", "1.2.3"),
    ],
)
def test_money_that_can_be_read_in_two_ways_is_refused_with_an_example(language, typed):
    with translation.override(language), pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)
    example = "1.234,56" if language == "pt-br" else "1,234.56"
    assert example in refused.value.messages[0]


def test_money_below_zero_only_where_it_means_something():
    with translation.override("en"):
        assert MoneyField(allow_negative=True).clean("-5") == -500
        assert MoneyField(allow_negative=True).clean("−R$ 5.00") == -500
        with pytest.raises(ValidationError):
            MoneyField().clean("-5")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["en", "pt-br"]))
def test_what_the_field_shows_it_reads_back(cents, language):
    field = MoneyField(allow_negative=True)
    with translation.override(language):
        assert field.clean(field.prepare_value(cents)) == cents


class _Form(FocusedForm):
    first = forms.CharField()
    second = forms.IntegerField()


def test_the_focus_goes_to_the_first_wrong_field_or_the_first_of_a_new_form():
    new = _Form()
    new.focus()
    assert [name for name in new.fields if "autofocus" in new.fields[name].widget.attrs] == ["first"]
    wrong = _Form({"first": "x", "second": "y"})
    wrong.focus()
    assert [name for name in wrong.fields if "autofocus" in wrong.fields[name].widget.attrs] == ["second"]


def test_a_refusal_is_shown_at_its_field_or_above_the_form():
    form = _Form({"first": "x", "second": "1"})
    assert form.is_valid()
    form.take(ValidationError({"first": "Not this.", "elsewhere": "Hidden."}))
    assert [list(form.errors["first"]), list(form.non_field_errors())] == [["Not this."], ["Hidden."]]
