"""Telling customers what came of what they said: once, under the contact budget, asked later, answered by a person."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import mail, time
from core.models import OutgoingMail
from customers.models import InsightTold
from surveys.models import ContactMail, Link, Suppression
from surveys.services.suppressions import suppression_add
from surveys.services.telling import asks_due, asks_queue, theme_tell
from surveys.tokens import link_new
from tests import factories
from tests.surveys.altered import altered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WORDS = "The reports open in seconds now."


@pytest.fixture
def theme():
    return factories.insight_theme(name="Slow", state="done", done_at=time.now(), done_note=WORDS)


@pytest.fixture
def lia(analyst):
    customer = factories.customer(name="Vale", owner=analyst)
    return factories.contact(customer, name="Lia Moura", locale="en")


def sent():
    """Let every mail leave that may; return those that did."""
    before = len(django_mail.outbox)
    OutgoingMail.objects.filter(state="waiting").update(due_at=time.now())
    while mail.send_due():
        pass
    return django_mail.outbox[before:]


def test_a_person_is_told_once_and_the_mail_counts(analyst, theme, lia):
    assert theme_tell(actor=analyst, theme=theme, contacts=[lia], text=WORDS) == 1
    assert theme_tell(actor=analyst, theme=theme, contacts=[lia], text=WORDS) == 0
    (letter,) = sent()
    assert WORDS in letter.body and "/s/helped/" in letter.body and letter.to == [lia.email]
    assert letter.extra_headers["List-Unsubscribe-Post"] and "kind=playbooks" in letter.body
    told = InsightTold.objects.get()
    assert told.told_at is not None and told.ask_on == time.today() + dt.timedelta(days=14)
    assert ContactMail.objects.get().state == ContactMail.State.COUNTED
    assert OutgoingMail.objects.get().body_text == ""


def test_nobody_is_told_before_it_is_done_nor_without_words(analyst, theme, lia):
    with pytest.raises(ValidationError):
        theme_tell(actor=analyst, theme=theme, contacts=[lia], text=" ")
    with pytest.raises(ValidationError):
        theme_tell(actor=analyst, theme=factories.insight_theme(), contacts=[lia], text=WORDS)
    assert not OutgoingMail.objects.exists()


def test_the_budget_and_a_stop_hold_it_back(analyst, theme, lia):
    other = factories.contact(lia.customer)
    factories.contact_mail(lia, key="playbook:1", kind="playbook", counted_at=time.now(), state="counted")
    suppression_add(actor=None, contact=other, kind=Suppression.Kind.PLAYBOOKS, why="asked", at=time.now())
    theme_tell(actor=analyst, theme=theme, contacts=[lia, other], text=WORDS)
    assert sent() == []
    assert not InsightTold.objects.filter(told_at__isnull=False).exists()
    states = dict(ContactMail.objects.filter(key__startswith="insight:").values_list("contact", "state"))
    assert states == {lia.pk: "planned", other.pk: "dropped"}


def test_two_weeks_later_they_are_asked_once_unless_they_said(theme, lia):
    long_ago = time.today() - dt.timedelta(days=1)
    waits = factories.insight_told(lia, theme=theme, told_at=time.now(), ask_on=long_ago)
    other = factories.contact(lia.customer)
    factories.insight_told(other, theme=theme, ask_on=long_ago, helped=True, helped_at=time.now())
    assert asks_due() and asks_queue() == 1 and asks_queue() == 0 and not asks_due()
    (letter,) = sent()
    assert letter.to == [lia.email] and "Did it help?" in letter.subject
    waits.refresh_from_db()
    assert waits.asked_at is not None


def test_only_a_press_says_that_it_helped_and_no_other_link_does(client, theme, lia):
    told = factories.insight_told(lia, theme=theme, told_at=time.now())
    address = reverse(
        "insight_helped", args=[link_new(Link.Purpose.INSIGHT, contact=lia, subject_id=told.pk)]
    )
    page = client.get(address)
    assert page.status_code == 200 and told.text in page.content.decode()
    assert InsightTold.objects.get().helped is None
    assert client.post(address, {"helped": "yes"}).status_code == 303
    assert InsightTold.objects.get().helped is True
    client.post(address, {"helped": "no"})
    assert InsightTold.objects.get().helped is False
    stranger = factories.contact()
    foreign = link_new(Link.Purpose.INSIGHT, contact=stranger, subject_id=told.pk)
    assert client.get(reverse("insight_helped", args=[foreign])).status_code == 404
    plan = link_new(Link.Purpose.PLAN, contact=lia)
    assert client.get(reverse("insight_helped", args=[plan])).status_code == 404


def test_the_page_lists_who_asked_and_tells_those_ticked(login, analyst, theme, lia):
    factories.insight(lia.customer, theme=theme, contact=lia)
    silent = factories.customer(owner=analyst, name="Ótica")
    speaker = factories.contact(silent, name="Rui Melo", role="champion")
    factories.contact(silent, name="Somebody", role="end_user")
    factories.insight(silent, theme=theme)
    factories.insight(factories.customer(name="Foreign"), theme=theme)
    client, address = login(analyst), reverse("insight_theme_tell", args=[theme.pk])
    text = client.get(address).content.decode()
    assert "Lia Moura" in text and "Rui Melo" in text and WORDS in text
    assert "Somebody" not in text and "Foreign" not in text
    assert client.post(address, {"text": WORDS}).status_code == 422
    client.post(address, {"text": WORDS, "contact": [lia.pk]})
    assert InsightTold.objects.get().contact == lia
    assert "mail waits" in client.get(address).content.decode()
    client.post(address, {"text": WORDS, "contact": [speaker.pk, lia.pk]})
    assert InsightTold.objects.count() == 2


@pytest.mark.parametrize("count", [60, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_altered_token_shows_a_theme(client, lia, count):
    told = factories.insight_told(lia, told_at=time.now())
    token = link_new("insight", contact=lia, subject_id=told.pk)
    assert client.get(f"/s/helped/{token}/").status_code == 200
    seen = set()
    for n, other in enumerate(altered(token, count)):
        response = client.post(f"/s/helped/{other}/", {"helped": "yes"}) if n % 10 == 9 else None
        response = response or client.get(f"/s/helped/{other}/")
        seen.add((response.status_code, response.content))
    assert len(seen) == 1 and next(iter(seen))[0] == 404
    told.refresh_from_db()
    assert told.helped is None
