"""A customer answers in one press; a GET never does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import time
from surveys.models import SCALES, Invitation, LoopCase, Response, ResponseVersion, Survey, Visit
from tests import factories
from tests.surveys.people import Visitor, hidden, invited

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(clock):
    return Visitor(clock)


def test_a_press_records_and_leads_to_thanks(person):
    one, url = invited(customer=(customer := factories.customer()))
    answer = person.answer(url, 9, comment="Gosto muito", contact="1")
    assert (answer.status_code, answer["Location"]) == (303, f"{url}thanks/")
    response = Response.objects.get()
    assert (response.score, response.comment, response.may_contact) == (9, "Gosto muito", True)
    assert (response.survey, response.customer, response.invitation) == ("nps", customer, one)
    assert not response.held
    page = person.get(answer["Location"]).content.decode()
    assert "Your answer: 9." in page and "One more press" not in page


@pytest.mark.parametrize("kind", SCALES)
@pytest.mark.parametrize("language", ["pt-br", "en", "es"])
def test_every_kind_is_asked_in_every_language(person, kind, language, settings):
    settings.LANGUAGE_CODE = "en"
    _, url = invited(kind, language=language)
    page = person.get(url)
    html = page.content.decode()
    low, high = SCALES[kind]
    assert f'value="{low}"' in html and f'value="{high}"' in html
    assert page["Content-Language"] == language
    assert "{brand}" not in html and "{owner}" not in html
    assert person.answer(url, high)["Location"] == f"{url}thanks/"


def test_the_link_in_the_mail_only_chooses(person):
    _, url = invited()
    page = person.get(url, score=7).content.decode()
    assert 'value="7" class="middle" required checked' in page
    assert not Response.objects.exists()
    assert Visit.objects.get().chosen == 7


def test_a_first_press_takes_four_statements(person):
    _, url = invited()
    page = person.get(url)
    person.clock.wait(10)
    with CaptureQueriesContext(connection) as seen:
        assert person.post(url, {"score": 9, **hidden(page)}).status_code == 303
    kinds = [query["sql"].split()[0] for query in seen]
    assert [kind for kind in kinds if kind not in {"SAVEPOINT", "RELEASE"}] == ["SELECT"] * 2 + ["INSERT"] * 2


def test_a_score_outside_the_scale_chooses_nothing(person):
    _, url = invited("csat")
    for raw in ("9", "x", "", "-1", "0"):
        assert " checked" not in person.get(url, score=raw).content.decode()
    assert set(Visit.objects.values_list("chosen", flat=True)) == {None}


def test_the_answer_can_be_changed_and_all_versions_stay(person, clock):
    _, url = invited()
    person.answer(url, 9)
    clock.wait(3600)
    person.answer(url, 3, comment="It broke")
    response = Response.objects.get()
    assert (response.score, response.comment) == (3, "It broke")
    assert list(response.versions.values_list("number", "score")) == [(1, 9), (2, 3)]


def test_pressing_twice_is_one_version(person):
    _, url = invited()
    person.answer(url, 9)
    person.answer(url, 9)
    assert ResponseVersion.objects.count() == 1


def test_an_answer_is_changed_fifty_times_at_most(person):
    _, url = invited()
    for n in range(50):
        person.answer(url, n % 2)
    refused = person.answer(url, 8)
    assert refused.status_code == 409 and "Your last answer stands" in refused.content.decode()
    assert Response.objects.get().score == 1


def test_a_closed_survey_takes_no_answer_and_says_so(person, clock):
    _, url = invited()
    page = person.get(url)
    Survey.objects.update(closes_at=clock.at)
    clock.wait(10)
    closed = person.post(url, {"score": 9, **hidden(page)})
    assert closed.status_code == 410 and "This survey is closed" in closed.content.decode()
    assert person.get(url).status_code == 410
    Survey.objects.update(closes_at=None)
    Invitation.objects.update(expires_at=clock.at)
    assert person.get(url).status_code == 410
    assert not Response.objects.exists()


def test_a_revoked_invitation_is_like_no_link(person, clock):
    _, url = invited()
    Invitation.objects.update(state="revoked", revoked_at=time.now())
    gone, unknown = person.get(url), person.get("/s/nothing/")
    assert gone.status_code == unknown.status_code == 404
    assert gone.content == unknown.content


WRONG: dict[str, dict[str, str | list[str]]] = {
    "missing": {},
    "empty": {"score": ""},
    "outside": {"score": "11"},
    "negative": {"score": "-1"},
    "text": {"score": "nine"},
    "a fraction": {"score": "9.0"},
    "twice": {"score": ["9", "2"]},
    "twice the same": {"score": ["9", "9"]},
    "other digits": {"score": "\uff19"},
    "padded": {"score": "09"},
    "endless": {"score": "9" * 5000},
    "null": {"score": "9\x00"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_score_gets_a_friendly_page_and_nothing_is_recorded(person, clock, what):
    _, url = invited()
    page = person.get(url)
    clock.wait(10)
    answer = person.post(url, {**hidden(page), "comment": "Keep me", **WRONG[what]})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose one of the numbers from 0 to 10" in html and "Keep me" in html
    assert not Response.objects.exists()
    clock.wait(10)
    assert person.post(url, {**hidden(answer), "score": "8"}).status_code == 303
    assert not Response.objects.get().held


def test_a_long_comment_is_cut_with_a_word_about_it(person):
    _, url = invited()
    answer = person.answer(url, 9, comment="á" * 100_000)
    assert Response.objects.get().comment == "á" * 2000
    assert "longer than 2000 characters" in person.get(answer["Location"]).content.decode()


def test_markup_in_a_comment_is_text(person, analyst, login):
    _, url = invited()
    nasty = '<script>alert(1)</script> & "quoted" \x00 end'
    person.answer(url, 9, comment=nasty)
    assert Response.objects.get().comment == nasty.replace("\x00", "")
    again = person.get(url).content.decode()
    assert "<script" not in again and "&lt;script&gt;" in again


def test_a_page_asks_for_nothing_and_tells_nobody(person):
    _, url = invited()
    answer = person.answer(url, 9)
    for response in (person.get(url), answer, person.get(answer["Location"]), person.get("/s/unknown/")):
        policy = response["Content-Security-Policy"]
        assert "script-src 'none'" in policy and "default-src 'none'" in policy
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies and "<script" not in response.content.decode()
    assert not person.client.cookies


def test_a_cross_site_token_is_not_asked_for(clock):
    """Under `no-referrer` browsers send `Origin: null`, which Django's own check would refuse."""
    from django.test import Client

    person = Visitor(clock, client=Client(enforce_csrf_checks=True))
    _, url = invited()
    page = person.get(url)
    clock.wait(10)
    answer = person.client.post(
        url, {"score": 9, **hidden(page)}, headers={"User-Agent": person.agent, "Origin": "null"}
    )
    assert answer.status_code == 303


def test_a_page_with_everything_is_under_fifteen_kilobytes(person, settings):
    from pathlib import Path

    sheet = Path(settings.BASE_DIR, "static/build/survey.css").stat().st_size
    for kind in SCALES:
        for language in ("pt-br", "en", "es"):
            _, url = invited(kind, language=language)
            html = len(person.get(url).content)
            colour = len(person.get(reverse("survey_colour", args=["3355d6"])).content)
            assert html + sheet + colour < 15_000, (kind, language, html, sheet, colour)


def test_a_low_answer_opens_a_case_once(person, clock):
    customer = factories.customer(owner=factories.user())
    _, url = invited(customer=customer)
    person.answer(url, 2)
    clock.wait(60)
    person.answer(url, 4)
    case = LoopCase.objects.get()
    assert (case.owner, case.customer) == (customer.owner, customer)
    assert (case.due_at - case.opened_at).total_seconds() == 48 * 3600


@pytest.mark.parametrize(
    ("kind", "score", "opens"),
    [
        ("nps", 6, True),
        ("nps", 7, False),
        ("csat", 2, True),
        ("csat", 3, False),
        ("ces", 3, True),
        ("ces", 4, False),
        ("success", 0, False),
    ],
)
def test_what_counts_as_low(person, kind, score, opens):
    _, url = invited(kind)
    person.answer(url, score)
    assert LoopCase.objects.exists() is opens


def test_a_page_costs_the_same_few_queries(person, django_assert_max_num_queries):
    _, url = invited()
    person.get(url)
    with django_assert_max_num_queries(5):
        person.get(url)


def test_the_question_is_about_its_event(person):
    import datetime as dt

    _, url = invited("csat", event_subject="Ticket 4903: PIX batches", event_on=dt.date(2026, 3, 5))
    assert "Ticket 4903: PIX batches, March 5, 2026" in person.get(url).content.decode()
