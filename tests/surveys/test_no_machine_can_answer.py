"""A survey that a customer answers in five seconds and no machine can forge.

A thousand invitations are visited in every way a scanner, a preview or a program visits a link: none is answered,
none used up, and every person who comes afterwards counts. Five kinds of machine press the button: all are marked.
"""

import datetime as dt
import re
import secrets

import pytest
from django.db import connection
from django.test import Client

from accounts.services.secrets import secret_hash
from core.mail import send_due
from core.models import OutgoingMail
from metrics.kpis import kpis
from metrics.models import CustomerDay
from surveys.machines import AGENT, FAST, FIELD, LINK, UNSEEN, agent_of
from surveys.models import Invitation, Link, Response, Visit
from surveys.services.loop import case_close, case_tell
from tests import factories
from tests.nights import run
from tests.surveys.people import PHONE, Visitor, address, all_fields, all_links, hidden, invited

pytestmark = pytest.mark.django_db
SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))"
HEADLESS = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36"
DAY = dt.date(2026, 3, 10)
SHARE = 40  # in CI one in so many of the sizes that the issue names


def many(count):
    """Return the addresses of so many invitations."""
    customer, survey = factories.customer(), factories.survey(name=f"Of {count}")
    return [
        address(factories.survey_invitation(factories.contact(customer), survey=survey)) for _ in range(count)
    ]


def scan(clock, url, agent):
    """Visit a link in every way that is not a press: HEAD, GET, all numbers within a second, all links, waiting."""
    client = Client()
    client.head(url, headers={"User-Agent": agent})
    page = client.get(url, headers={"User-Agent": agent})
    for score in range(11):
        client.get(url, {"score": score}, headers={"User-Agent": agent})
        clock.wait(0.08)
    for link in all_links(page):
        if link.startswith(url):
            client.get(link, headers={"User-Agent": agent})
    clock.wait(30)
    client.get(f"{url}thanks/", headers={"User-Agent": agent})


def scanned_and_answered(clock, count):
    urls = many(count)
    for n, url in enumerate(urls):
        scan(clock, url, (SCANNER, PHONE, HEADLESS, "")[n % 4])
    assert Response.objects.count() == 0
    assert Visit.objects.filter(method="HEAD").count() == count
    assert Invitation.objects.filter(revoked_at=None).count() == count
    person = Visitor(clock)
    for n, url in enumerate(urls):
        assert person.answer(url, n % 11, seconds=5).status_code == 303
    assert Response.objects.counted().count() == count


def test_scanned_invitations_stay_open_and_their_people_all_count(clock):
    scanned_and_answered(clock, 1000 // SHARE)


@pytest.mark.long
def test_a_thousand_scanned_invitations_stay_open_and_their_people_all_count(clock):
    scanned_and_answered(clock, 1000)


def posts_straight(visitor, url):
    """A program that knows the form's fields and never fetched the page."""
    return visitor.post(url, {"score": 10, "comment": ""})


def fetches_and_submits_at_once(visitor, url):
    """A script that loads the page and submits its form."""
    page = visitor.get(url)
    visitor.clock.wait(0.4)
    return visitor.post(url, {"score": 10, **hidden(page)})


def fills_in_every_field(visitor, url):
    """A form filler: patient, but it writes into what people do not see."""
    page = visitor.get(url)
    visitor.clock.wait(20)
    return visitor.post(url, {**dict.fromkeys(all_fields(page), "10"), **hidden(page), "score": 10})


def follows_every_link(visitor, url):
    """A crawler that opens all the page's links before it presses the button."""
    page = visitor.get(url)
    for link in all_links(page):
        if link.startswith("/s/"):
            visitor.get(link)
    visitor.clock.wait(20)
    return visitor.post(url, {"score": 10, **hidden(page)})


def says_what_it_is(visitor, url):
    """A sandbox that opens the page in a real browser, waits, and presses the one button there is."""
    visitor.agent = HEADLESS
    page = visitor.get(url)
    visitor.clock.wait(20)
    return visitor.post(url, {"score": 10, **hidden(page)})


MACHINES = {
    posts_straight: UNSEEN,
    fetches_and_submits_at_once: FAST,
    fills_in_every_field: FIELD,
    follows_every_link: LINK,
    says_what_it_is: AGENT,
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_a_machine_that_presses_is_marked_and_does_not_count(clock, machine):
    _, url = invited()
    answer = machine(Visitor(clock), url)
    response = Response.objects.get()
    assert response.held and response.marks == [MACHINES[machine]]
    assert not Response.objects.counted().exists()
    assert "One more press" in Visitor(clock).get(answer["Location"]).content.decode()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_a_person_counts_although_a_machine_pressed_before(clock, machine):
    _, url = invited()
    machine(Visitor(clock), url)
    Visitor(clock).answer(url, 4)
    response = Response.objects.get()
    assert (response.score, response.held) == (4, False)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_a_machine_that_presses_later_does_not_unmake_a_persons_answer(clock, machine):
    _, url = invited()
    Visitor(clock).answer(url, 4)
    machine(Visitor(clock), url)
    response = Response.objects.get()
    assert (response.score, response.held) == (4, False)
    assert response.versions.count() == 2


def test_a_person_who_was_quick_confirms_with_one_more_button(clock):
    _, url = invited()
    person = Visitor(clock)
    answer = person.answer(url, 9, seconds=1)
    assert Response.objects.get().held
    page = person.get(answer["Location"])
    assert "Your answer 9 counts as soon as you confirm it" in page.content.decode()
    assert person.confirm(page)["Location"] == answer["Location"]
    response = Response.objects.get()
    assert not response.held and response.confirmed_at is not None
    assert "Your answer: 9." in person.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(("seconds", "more"), [(0.2, {}), (20, {"fax_2": "1"}), (20, {"v": "made up"})])
def test_a_machine_does_not_confirm_either(clock, seconds, more):
    _, url = invited()
    machine = Visitor(clock)
    answer = machine.answer(url, 9, seconds=0.2)
    machine.confirm(machine.get(answer["Location"]), seconds=seconds, **more)
    assert Response.objects.get().held


def test_marks_belong_to_the_visit_that_posts(clock):
    """The scanner follows the hidden link on the page it was given; the person's page is another one."""
    _, url = invited()
    person = Visitor(clock)
    page = person.get(url)
    scan(clock, url, SCANNER)
    person.post(url, {"score": 8, **hidden(page)})
    assert not Response.objects.get().held


def test_a_stamp_of_another_invitation_is_no_stamp(clock):
    _, url = invited()
    _, other = invited()
    visitor = Visitor(clock)
    page = visitor.get(other)
    clock.wait(10)
    visitor.post(url, {"score": 8, **hidden(page)})
    assert Response.objects.get().marks == [UNSEEN]


@pytest.mark.parametrize(("agent", "kind"), [
    (PHONE, "browser"),
    ("Mozilla/5.0 (Linux; Android 9; CUBOT KING KONG 3) Chrome/90.0 Mobile Safari/537.36", "browser"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "browser"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) [FBAN/FBIOS;FBAV/465.0]", "browser"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0", "browser"),
    (SCANNER, "scanner"),
    ("WhatsApp/2.24.6.77 A", "scanner"),
    ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "scanner"),
    ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "scanner"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) SkypeUriPreview Preview/0.5", "scanner"),
    (HEADLESS, "tool"),
    ("curl/8.5.0", "tool"),
    ("python-requests/2.32.3", "tool"),
    ("Go-http-client/2.0", "tool"),
    ("", "none"),
])  # fmt: skip
def test_programs_are_told_by_what_they_say(agent, kind):
    assert agent_of(agent) == kind


def tokens_that_open_nothing(count):
    _, url = invited()
    token = url.split("/")[2]
    body = None
    for n in range(count):
        if n % 2:
            at = n // 2 % len(token)
            other = "A" if token[at] != "A" else "B"
            guess = token[:at] + other + token[at + 1 :]
        else:
            guess = secrets.token_urlsafe(24)
        answer = Client().generic(("GET", "POST", "HEAD")[n % 3], f"/s/{guess}/", b"score=9")
        assert answer.status_code == 404
        body = body or answer.content
        assert answer.content in (body, b"")
    assert not Response.objects.exists() and not Visit.objects.exists()


def test_random_and_altered_tokens_get_the_same_404():
    tokens_that_open_nothing(300)


@pytest.mark.long
def test_a_hundred_thousand_random_and_altered_tokens_get_the_same_404():
    tokens_that_open_nothing(100_000)


def dumped() -> set[str]:
    """Return every value of every table, as text."""
    words = set()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                words |= {str(value) for value in row}
    return words


def assert_opens_nothing(words: set[str]) -> None:
    """Nothing that stands there opens a page: no word, no part of a longer text, the hashes neither."""
    parts = {part for word in words for part in re.findall(r"[A-Za-z0-9_-]{32,}", word)}
    assert not Link.objects.filter(token_hash__in=[secret_hash(part) for part in parts]).exists()


def test_a_dump_of_the_database_holds_no_usable_link(clock):
    urls = many(20)
    for url in urls:
        Visitor(clock).answer(url, 9)
    words = dumped()
    for url in urls:
        assert not any(url.split("/")[2] in word for word in words)
    assert_opens_nothing(words)


def test_nor_does_it_when_somebody_is_told_what_was_done(clock, mailoutbox):
    manager = factories.user(role="manager")
    one, url = invited()
    Visitor(clock).answer(url, 2)
    case = one.response.case
    case_close(actor=manager, case=case, done="We fixed it", at=clock.now())
    case_tell(actor=manager, case=case, by_mail=True, at=clock.now())
    assert_opens_nothing(dumped())  # while it waits
    OutgoingMail.objects.update(due_at=clock.now())
    assert send_due() == 1
    assert_opens_nothing(dumped())  # and once it left
    body = mailoutbox[0].body
    helped = re.search(r"/s/done/[\w-]{32}/", body)
    assert "We fixed it" in body and helped is not None
    Visitor(clock).post(helped[0], {"helped": "yes"})
    case.refresh_from_db()
    assert case.helped is True and case.told_at is not None


def test_a_held_answer_is_in_no_figure(clock):
    customer = factories.customer(started_on=DAY)
    for score in (10, 10):
        _, url = invited(customer=customer)
        Visitor(clock).answer(url, score)
    _, url = invited(customer=customer)
    posts_straight(Visitor(clock), url)
    _, low = invited(customer=customer)
    Visitor(clock).post(low, {"score": 0})
    clock.wait(2 * 86_400)
    run(DAY, DAY)
    told = kpis(first=DAY, end=DAY + dt.timedelta(days=1), keys=["nps"])["rows"][0]
    assert (told["values"]["nps"], told["counts"]["nps"]["denominator"]) == (100.0, 2)
    assert CustomerDay.objects.get(day=DAY).nps_score == 10
