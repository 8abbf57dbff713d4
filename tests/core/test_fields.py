"""How fields are drawn: sized and classed as the rest of the page, whatever widget they have."""

from django import forms
from django.template import Context, Template


class Sample(forms.Form):
    words = forms.CharField(widget=forms.Textarea)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}))
    choices = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)


def drawn(name: str) -> str:
    return Template("{% field form." + name + " %}").render(Context({"form": Sample()}))


def test_a_text_area_that_nobody_sized_is_four_rows_high():
    assert 'rows="4"' in drawn("words")
    assert 'rows="6"' in drawn("long")


def test_each_box_of_a_group_looks_like_a_box_of_its_own():
    assert drawn("choices").count('class="form-check-input cs-check"') == 2
