"""Three languages, each complete."""

import re
from dataclasses import asdict

import pytest
from django.db.models import Field

from surveys.languages import language_of
from surveys.models import SurveyText
from surveys.public.words import WORDS
from surveys.standard import STANDARD
from surveys.texts import words_of
from tests import factories


def test_every_language_says_everything_with_the_same_placeholders():
    def told(words):
        return {key: sorted(re.findall(r"{\w+}", text)) for key, text in words.items()}

    assert told(WORDS["en"]) == told(WORDS["pt-br"]) == told(WORDS["es"])
    assert set(STANDARD) == {"en", "pt-br", "es"}
    for kinds in STANDARD.values():
        assert set(kinds) == {"nps", "csat", "ces", "success"}
        for words in kinds.values():
            assert all(asdict(words).values())


def test_standard_texts_fit_the_fields_they_can_be_edited_in():
    for kinds in STANDARD.values():
        for words in kinds.values():
            for key, text in asdict(words).items():
                field = SurveyText._meta.get_field(key)
                assert isinstance(field, Field)
                assert field.max_length is not None
                assert len(text) <= field.max_length


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("pt-BR", "pt-br"),
        ("pt", "pt-br"),
        ("pt_PT", "pt-br"),
        ("es-MX", "es"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_a_contacts_language_is_the_nearest(locale, language, settings):
    settings.LANGUAGE_CODE = "en"
    assert language_of(locale) == language


@pytest.mark.django_db
def test_own_words_stand_before_the_standard_ones():
    survey = factories.survey()
    SurveyText.objects.create(survey=survey, language="en", question="Would you, {name}? {other}")
    said = words_of(survey, "en", brand="Caixa Clara", owner="Marina", name="Sérgio")
    assert said.question == "Would you, Sérgio? {other}"
    assert said.thanks == "Marina reads every answer."
    assert words_of(survey, "pt-br", brand="Caixa Clara").thanks == "Caixa Clara lê todas as respostas."
    assert words_of(survey, "en", brand="X").mail_intro.startswith("Hello. Tap")
