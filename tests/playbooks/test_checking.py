"""What keeps a playbook from being published is said in words: where, what, and how to mend it."""

import pytest

from playbooks.models import Playbook
from playbooks.plays.checking import Around, Start, problems
from playbooks.plays.machine import Plan
from playbooks.plays.shipped import shipped
from playbooks.services.playbooks import NotReadyError, playbook_publish, version_problems
from tests.playbooks.plays import published, step, written

pytestmark = pytest.mark.django_db


def refused(actor, *steps, **start):
    with pytest.raises(NotReadyError) as wrong:
        playbook_publish(actor=actor, playbook=written(actor, *steps, **start))
    return wrong.value.messages


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([step(params={"owner": ""})], "Step 1: nobody is to do it"),
        ([step(params={"owner": "person:99"})], "cannot do tasks any more"),
        ([step("email", params={"subject": "Hi {{ nickname }}"})], "a field that does not exist: “nickname”"),
        ([step("email", params={"body": "Hi {{ name"})], "a field that does not exist: “{{”"),
        ([step("email", params={"roles": []})], "it goes to nobody"),
        ([step("email", params={"links": [{"url": "example"}]})], "the link “example” is no web address"),
        ([step("meeting", params={"at": ""})], "no time of day"),
        ([step("offer", params={"amount_cents": None})], "the offer has no amount"),
        ([step("survey")], "choose a survey that is open"),
        ([step("stage", params={"stage": "heaven"})], "choose the stage"),
        ([step("wait", params={"until": {}, "at_most": 0})], "say what it waits for"),
        ([step("field", params={"change": "attribute", "name": "size"})], "there is no field called “size”"),
        ([step("webhook", params={"url": "ftp://hook.example"})], "has to begin with https://"),
        ([step("webhook", params={"url": "https://me:secret@hook.example"})], "user name and password"),
        ([step(after=5), step(after=2)], "Step 2: it is due on day 2, before the step ahead of it on day 5"),
        ([step(branch={"kind": "red"}, branch_to=1)], "would go in circles"),
        ([step(), step(branch={"kind": "red"}, branch_to=1)], "Step 2: its branch leads back"),
        ([step(branch={"kind": "red"}, branch_to=9)], "a step that does not exist any more"),
        ([step(branch={"kind": "red"})], "needs both a condition and a step"),
        ([step(condition={"kind": "done", "step": 1})], "a step that does not come before it"),
        ([step("field"), step(condition={"kind": "done", "step": 1})], "such a step never tells"),
        ([step(condition={"kind": "score_below", "value": "low"})], "a number from 0 to 100"),
        ([step(condition={"kind": "attribute", "value": "size"})], "field=value"),
        ([step(condition={"kind": "weather"})], "a kind that does not exist"),
        ([], "There is no step yet"),
    ],
)
def test_a_step_that_cannot_work_is_named_with_what_is_missing(manager, steps, said):
    messages = refused(manager, *steps)
    assert any(said in message for message in messages), messages


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ({"starts": "alert"}, "at least one kind of alert"),
        ({"starts": "alert", "start_values": ["full_moon"]}, "“full_moon” cannot start a playbook"),
        ({"starts": "stage"}, "at least one stage"),
        ({"starts": "segment"}, "at least one segment"),
        ({"starts": "renewal"}, "how many days before the renewal"),
    ],
)
def test_a_start_that_never_comes_is_told(manager, start, said):
    assert any(said in message for message in refused(manager, step(), **start))


def test_a_playbook_that_starts_itself_again_for_ever_is_refused(manager):
    to_support = step("stage", params={"stage": "support"})
    start = {"starts": "stage", "start_values": ["support"], "again_days": 0}
    assert any("start itself in circles" in message for message in refused(manager, to_support, **start))
    published(
        manager, to_support, starts="stage", start_values=["support"]
    )  # once for a customer is no circle


def test_two_playbooks_that_start_each_other_for_ever_are_refused(manager):
    start = {"starts": "stage", "start_values": ["support"], "again_days": 0}
    published(manager, step("stage", params={"stage": "ongoing"}), on=True, **start)
    start["start_values"] = ["ongoing"]
    messages = refused(manager, step("stage", params={"stage": "support"}), **start)
    assert any("start itself in circles" in message for message in messages)


def test_every_problem_is_told_at_once(manager):
    messages = refused(manager, step(params={"owner": ""}), step("email", params={"roles": [], "body": ""}))
    assert len(messages) == 3


def test_a_step_of_an_unknown_kind_is_told():
    told = problems(Start(), [Plan(1, "dance", "Dance")], Around())
    assert [one.text for one in told] == ["Step 1: there is no kind of step called “dance”."]


NAMED = {
    "volume-onboarding",
    "mid-ongoing",
    "high-value-support",
    "red-rescue",
    "detractor-follow-up",
    "renewal-120",
    "win-back",
    "appreciation-day",
    "reference-request",
}


def test_the_shipped_playbooks_are_there_published_and_right(db):
    books = Playbook.objects.exclude(key="").select_related("published")
    assert {book.key for book in books} == NAMED
    for book in books:
        assert book.published is not None and not book.active
        assert version_problems(book.published) == [], book.name


@pytest.mark.parametrize("language", ["pt-br", "en"])
def test_the_shipped_playbooks_are_whole_in_both_languages(manager, language):
    Playbook.objects.update(published=None)
    for book in shipped(language):
        start = {name: book[name] for name in ("starts", "start_values", "days_before") if name in book}
        fields = ("kind", "title", "after", "unit", "condition", "branch", "branch_to", "params")
        steps = [{name: one[name] for name in fields if name in one} for one in book["steps"]]
        assert book["purpose"] and published(manager, *steps, name=book["name"], **start).published


def test_the_languages_of_the_shipped_playbooks_differ_in_nothing_but_words():
    portuguese, english = shipped("pt-br"), shipped("en")
    for one, other in zip(portuguese, english, strict=True):
        assert one["name"] != other["name"]
        shapes = [
            [(step["kind"], step["after"], step.get("unit"), step.get("condition")) for step in book["steps"]]
            for book in (one, other)
        ]
        assert shapes[0] == shapes[1]
