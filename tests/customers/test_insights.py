"""What customers tell us: recorded, sorted to themes, repeats counted once, themes routed, merged and split."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry, AuditValue
from core.models import Event
from customers.models import Insight, InsightTheme
from customers.services.insight_themes import theme_create, theme_merge, theme_move, theme_split, theme_update
from customers.services.insights import (
    insight_bring_back,
    insight_create,
    insight_merge,
    insight_remove,
    insight_separate,
    insight_update,
)
from customers.services.reversal import reversal_use
from tests import factories

pytestmark = pytest.mark.django_db
SAID = {"kind": "problem", "quote": "  The month does not close.  "}


@pytest.fixture
def customer(analyst):
    return factories.customer(owner=analyst)


@pytest.fixture
def theme():
    return factories.insight_theme(name="Slow reports")


def test_an_insight_knows_where_it_comes_from(analyst, customer):
    ticket, talk = factories.ticket(customer), factories.touchpoint(customer)
    made = [
        insight_create(actor=analyst, customer=customer, **SAID, **fields)
        for fields in ({}, {"comment_id": 7}, {"ticket": ticket}, {"touchpoint": talk})
    ]
    assert [row.source for row in made] == ["hand", "comment", "ticket", "touchpoint"]
    assert made[0].quote == "The month does not close." and made[0].author == analyst
    assert AuditEntry.objects.filter(action="insight.created", customer_id=customer.pk).count() == 4
    assert not AuditValue.objects.filter(field="quote").exclude(after=None).exists()


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"quote": " "}, "quote"),
        ({"said_on": dt.date(2999, 1, 1)}, "said_on"),
        ({"ticket": "foreign"}, "ticket"),
        ({"touchpoint": "foreign"}, "touchpoint"),
        ({"contact": "foreign"}, "contact"),
    ],
)
def test_what_cannot_be_an_insight_is_refused_at_its_field(analyst, customer, fields, where):
    foreign = {"ticket": factories.ticket, "touchpoint": factories.touchpoint, "contact": factories.contact}
    asked = {name: foreign[name]() if value == "foreign" else value for name, value in fields.items()}
    with pytest.raises(ValidationError) as refused:
        insight_create(actor=analyst, customer=customer, **{**SAID, **asked})
    assert where in refused.value.message_dict
    assert not Insight.objects.exists()


def test_it_comes_from_one_place(analyst, customer):
    with pytest.raises(ValidationError):
        insight_create(
            actor=analyst, customer=customer, **SAID, comment_id=1, ticket=factories.ticket(customer)
        )


def test_a_repeat_counts_once_and_can_be_taken_apart(analyst, customer, theme):
    first, second = (factories.insight(customer, theme=theme) for _n in range(2))
    third = factories.insight(customer, theme=theme)
    insight_merge(actor=analyst, insight=second, into=first)
    insight_merge(actor=analyst, insight=third, into=second)
    assert list(Insight.objects.counted()) == [first]
    assert Insight.objects.get(pk=third.pk).duplicate_of == first
    insight_separate(actor=analyst, insight=second)
    assert set(Insight.objects.counted()) == {first, second}


def test_repeats_never_go_in_a_circle_nor_across_customers(analyst, customer, theme):
    first, second = (factories.insight(customer, theme=theme) for _n in range(2))
    insight_merge(actor=analyst, insight=second, into=first)
    for row, into in ((first, first), (first, second), (first, factories.insight(theme=theme))):
        with pytest.raises(ValidationError):
            insight_merge(actor=analyst, insight=row, into=into)
    assert Insight.objects.get(pk=first.pk).duplicate_of is None


def test_an_insight_is_taken_away_and_brought_back(analyst, customer):
    row = factories.insight(customer)
    insight_remove(actor=analyst, insight=row)
    assert not Insight.objects.counted().exists()
    insight_bring_back(actor=analyst, insight=row)
    assert Insight.objects.counted().exists()


def test_themes_are_merged_with_a_way_back(manager, customer, theme):
    other = factories.insight_theme(name="Slow month end")
    rows = [factories.insight(customer, theme=theme) for _n in range(2)]
    reversal = theme_merge(actor=manager, theme=theme, into=other)
    assert InsightTheme.objects.live().count() == 1 and other.insights.count() == 2
    late = insight_update(
        actor=manager, insight=rows[0], changes={"theme": InsightTheme.objects.get(pk=theme.pk)}
    )
    assert late.theme == other
    reversal_use(actor=manager, reversal=reversal)
    assert InsightTheme.objects.live().count() == 2 and theme.insights.count() == 2


def test_a_theme_is_split_with_a_way_back(manager, customer, theme):
    rows = [factories.insight(customer, theme=theme) for _n in range(3)]
    made, reversal = theme_split(actor=manager, theme=theme, name="On the phone", insights=[rows[0].pk])
    assert made.kind == theme.kind and made.insights.count() == 1 and theme.insights.count() == 2
    reversal_use(actor=manager, reversal=reversal)
    assert theme.insights.count() == 3 and list(InsightTheme.objects.live()) == [theme]
    for keys in ([], [row.pk for row in rows]):
        with pytest.raises(ValidationError):
            theme_split(actor=manager, theme=theme, name="All", insights=keys)


def test_a_theme_has_one_name_and_a_merged_one_is_not_changed(analyst, theme):
    with pytest.raises(ValidationError) as refused:
        theme_create(actor=analyst, name=" slow  REPORTS ", kind="wish")
    assert "name" in refused.value.message_dict
    gone = factories.insight_theme(merged_into=theme)
    with pytest.raises(ValidationError):
        theme_update(actor=analyst, theme=gone, changes={"team": "sales"})


def test_declining_needs_a_reason_and_done_keeps_its_moment(analyst, theme):
    with pytest.raises(ValidationError) as refused:
        theme_move(actor=analyst, theme=theme, state="declined")
    assert "why" in refused.value.message_dict
    assert theme_move(actor=analyst, theme=theme, state="declined", why="Too few").declined_why == "Too few"
    done = theme_move(actor=analyst, theme=theme, state="done", note="It is fast now.")
    again = theme_move(actor=analyst, theme=theme, state="done", note="Really.")
    assert done.done_at == again.done_at and again.declined_why == "" and again.done_note == "Really."
    assert theme_move(actor=analyst, theme=theme, state="planned").done_at is None


def test_routing_is_heard_once_for_each_team(analyst, theme):
    theme_update(actor=analyst, theme=theme, changes={"team": "product", "due_on": dt.date(2026, 5, 1)})
    theme_update(actor=analyst, theme=theme, changes={"team": "product", "owner": analyst})
    theme_update(actor=analyst, theme=theme, changes={"team": ""})
    assert Event.objects.filter(kind="insighttheme.routed").count() == 1
    assert AuditEntry.objects.filter(action="insighttheme.routed").count() == 1
