"""Truth in constraints: each is broken here once."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from core import time
from surveys.models import (
    Campaign,
    ContactBudget,
    ContactMail,
    Link,
    LoopCase,
    LoopSettings,
    ResponseTheme,
    ResponseVersion,
    Suppression,
    SurveyText,
    Theme,
    Visit,
)
from tests import factories

pytestmark = pytest.mark.django_db


def _name_twice():
    for _n in range(2):
        factories.survey(name="Same")


def _text(language="en"):
    return SurveyText.objects.create(survey=factories.survey(), language=language)


def _text_twice():
    SurveyText.objects.create(survey=_text().survey, language="en")


def _campaign(**fields):
    fields.setdefault("survey", factories.survey())
    fields.setdefault("name", "Campaign")
    return Campaign.objects.create(**fields)


def _campaign_twice():
    for _n in range(2):
        _campaign()


def _invited_twice():
    one, person = _campaign(), factories.contact()
    for _n in range(2):
        factories.survey_invitation(person, survey=one.survey, campaign=one, round="2026-01-01")


def _visit(**fields):
    return Visit.objects.create(invitation=factories.survey_invitation(), agent="browser", **fields)


def _version(**fields):
    fields.setdefault("response", factories.response())
    return ResponseVersion.objects.create(**{"number": 1, "score": 9, **fields})


def _version_twice():
    _version(response=_version().response)


def _suppressed(**fields):
    return Suppression.objects.create(**{"address_hash": "a", "kind": "all", "why": "asked", **fields})


def _suppressed_twice():
    for _n in range(2):
        _suppressed()


def _mail(**fields):
    fields = {"key": "a", "kind": "nps", "address_hash": "a", **fields}
    return ContactMail.objects.create(customer=factories.customer(), **fields)


def _case(**fields):
    response = factories.response()
    return LoopCase.objects.create(response=response, customer=response.customer, due_at=time.now(), **fields)


def _theme_twice():
    for _n in range(2):
        Theme.objects.create(name="Broken twice")


def _themed(**fields):
    return ResponseTheme.objects.create(
        **{
            "response": factories.response(),
            "theme": Theme.objects.get_or_create(name="Broken twice")[0],
            **fields,
        }
    )


def _themed_twice():
    one = _themed()
    _themed(response=one.response, theme=one.theme)


BREAKS = {
    "surveys_one_loop_settings": lambda: LoopSettings.objects.create(pk=2),
    "surveys_loop_hours": lambda: LoopSettings.objects.create(pk=1, hours=0),
    "surveys_case_closed_with_words": lambda: _case(closed_at=time.now()),
    "surveys_case_told_when_closed": lambda: _case(told_at=time.now()),
    "surveys_case_helped_when_told": lambda: _case(helped=True, helped_at=time.now()),
    "surveys_theme_once": _theme_twice,
    "surveys_themed_once": _themed_twice,
    "surveys_theme_removed_by_hand": lambda: _themed(removed=True),
    "surveys_sentiment": lambda: factories.response(sentiment=2),
    "surveys_name_once": _name_twice,
    "surveys_kind_known": lambda: factories.survey(kind="stars"),
    "surveys_colour": lambda: factories.survey(brand_colour="red"),
    "surveys_link_days": lambda: factories.survey(link_days=0),
    "surveys_text_once": _text_twice,
    "surveys_text_language_known": lambda: _text("fr"),
    "surveys_campaign_name_once": _campaign_twice,
    "surveys_campaign_state_known": lambda: _campaign(state="lost"),
    "surveys_campaign_when_known": lambda: _campaign(when="never"),
    "surveys_campaign_share": lambda: _campaign(daily_share=0),
    "surveys_campaign_months": lambda: _campaign(every_months=0),
    "surveys_campaign_days_before": lambda: _campaign(days_before=0),
    "surveys_campaign_reminders": lambda: _campaign(reminders=3),
    "surveys_campaign_reminder_days": lambda: _campaign(reminder_days=0),
    "surveys_one_budget": lambda: ContactBudget.objects.create(pk=2),
    "surveys_budget_event_days": lambda: ContactBudget.objects.create(pk=1, event_days=0),
    "surveys_mail_kind": lambda: _mail(kind="fax"),
    "surveys_mail_state_fits": lambda: _mail(state="counted"),
    "surveys_invited_once_a_round": _invited_twice,
    "surveys_invitation_channel_known": lambda: factories.survey_invitation(channel="fax"),
    "surveys_invitation_state_known": lambda: factories.survey_invitation(state="lost"),
    "surveys_invitation_revoked_when": lambda: factories.survey_invitation(state="revoked"),
    "surveys_link_purpose_known": lambda: Link.objects.create(purpose="door", token_hash="a"),
    "surveys_answer_link_has_invitation": lambda: Link.objects.create(purpose="answer", token_hash="a"),
    "surveys_visit_method": lambda: _visit(method="PUT"),
    "surveys_score_in_scale": lambda: factories.response(survey="csat", score=6),
    "surveys_decided_when": lambda: factories.response(decision="accepted"),
    "surveys_version_once": _version_twice,
    "surveys_version_from_one": lambda: _version(number=0),
    "surveys_confirmed_not_held": lambda: _version(held=True, confirmed_at=time.now()),
    "surveys_suppressed_once": _suppressed_twice,
    "surveys_suppressed_kind": lambda: _suppressed(kind="letters"),
    "surveys_suppressed_why": lambda: _suppressed(why="tired"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_what_breaks_the_constraint(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name]()
    told = str(refused.value)  # SQLite names the columns of a unique constraint, not the constraint
    assert name in told or "UNIQUE" in told


def test_every_constraint_of_the_app_is_broken_here():
    declared = {
        constraint.name
        for model in apps.get_app_config("surveys").get_models()
        for constraint in model._meta.constraints
    }
    assert declared == set(BREAKS)


def test_an_invitation_is_answered_once():
    one = factories.survey_invitation()
    factories.response(invitation=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.response(invitation=one)
