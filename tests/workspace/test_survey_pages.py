"""The team's survey pages: what they show, to whom, and at what price."""

import datetime as dt

import pytest
from django.urls import reverse

from core import time
from customers.models import Customer
from surveys.models import Invitation, Link, LoopCase, Response, ResponseTheme, Survey, Theme, Visit
from surveys.reading.starting_themes import starting
from surveys.services import themes as reading
from surveys.services.links import survey_link_create
from surveys.services.loop import case_open
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
PAGES = ("surveys", "survey_responses", "survey_themes", "survey_cases", "survey_silence", "survey_held")


def answered(customer=None, score=9, **fields):
    customer = customer or factories.customer()
    contact = factories.contact(customer, role=fields.pop("role", "champion"))
    fields.setdefault("answered_at", time.now() - dt.timedelta(days=3))
    return factories.response(customer, contact=contact, score=score, **fields)


def html(client, name, *args, **query):
    page = client.get(reverse(name, args=args), query)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def client(login, manager):
    return login(manager)


def test_the_overview_shows_scores_with_their_limits(client):
    for score in (10, 9, 8, 2):
        answered(score=score)
    shown = html(client, "surveys")
    assert ">25<" in shown and "few answers" in shown and "4 answers" in shown


def test_a_kinds_page_tells_margin_parts_and_rates(client):
    customer = factories.customer(segment="mid", stage="ongoing", owner=factories.user(name="Marina Duarte"))
    for n, score in enumerate((10, 9, 9, 3)):
        person = factories.contact(customer, role="decision_maker" if n else "end_user")
        one = factories.survey_invitation(person, state="sent", sent_at=time.now())
        if score != 3:
            factories.response(customer, contact=person, invitation=one, score=score, answered_at=time.now())
    factories.survey_invitation(
        factories.contact(customer), state="bounced", sent_at=time.now(), bounced_at=time.now()
    )
    shown = html(client, "survey_kind", "nps")
    assert "Marina Duarte" in shown and "Decision maker" in shown and "Mid" in shown
    assert "3 of 4 asked by mail" in shown and "1 of 1 asked by mail" in shown


def test_held_answers_and_clicks_stand_apart(client):
    answered(score=10)
    answered(score=0, held=True, marks=["too_fast"])
    Visit.objects.create(invitation=factories.survey_invitation(), method="GET", agent="browser", chosen=3)
    shown = html(client, "survey_kind", "nps")
    assert "1 answer is held (50% of all; with them in, the score would be 0)" in shown
    assert "1 person clicked a number and never confirmed it." in shown


def test_a_manager_decides_without_seeing_the_score(client):
    answered(
        factories.customer(name="Vale Verde"), score=7, held=True, marks=["too_fast"], comment="Secret words"
    )
    shown = html(client, "survey_held")
    assert "Vale Verde" in shown and "pressed within three seconds" in shown
    assert "Secret words" not in shown and "Low" not in shown
    one = Response.objects.get()
    assert client.get(reverse("survey_response", args=[one.pk])).status_code == 404
    assert client.post(reverse("survey_held_decide", args=[one.pk]), {"do": "accept"}).status_code == 302
    one.refresh_from_db()
    assert (one.held, one.decision) == (False, "accepted")
    assert html(client, "survey_response", one.pk)


def test_an_answer_left_out_stays_out(client):
    one = answered(score=7, held=True)
    url = reverse("survey_held_decide", args=[one.pk])
    client.post(url, {"do": "refuse"})
    client.post(url, {"do": "accept"})
    one.refresh_from_db()
    assert (one.held, one.decision) == (True, "refused")


@pytest.mark.parametrize(("query", "found"), [
    ({"level": "low"}, {"Ruim"}), ({"level": "high"}, {"Ótimo"}), ({"kind": "csat"}, {"Médio"}),
    ({"q": "otimo"}, {"Ótimo"}), ({"segment": "mid"}, {"Ruim"}), ({"commented": "1", "role": "sponsor"}, {"Médio"}),
    ({"kind": "stars", "level": "x", "theme": "x", "survey": "9" * 40}, {"Ruim", "Ótimo", "Médio"}),
])  # fmt: skip
def test_answers_are_filtered_and_searched(client, query, found):
    answered(factories.customer(segment="mid"), score=1, comment="Ruim")
    answered(score=10, comment="Ótimo")
    answered(score=3, survey="csat", comment="Médio", role="sponsor")
    shown = html(client, "survey_responses", **query)
    assert {word for word in ("Ruim", "Ótimo", "Médio") if f">{word}<" in shown} == found


def test_comments_are_read_by_rule_and_corrected_by_hand(client):
    Theme.objects.all().delete()
    for name, keywords in starting("en"):
        Theme.objects.create(name=name, keywords=keywords)
    one = answered(score=2, comment="O suporte demora muito e o sistema está lento. Não é fácil!")
    assert reading.due()
    assert reading.read_some() == 1 and not reading.due()
    names = set(one.themes.values_list("theme__name", flat=True))
    assert {"Support", "Speed and stability"} <= names
    one.refresh_from_db()
    assert one.sentiment == -1
    price = Theme.objects.get(name="Price and billing")
    client.post(reverse("survey_response_read", args=[one.pk]), {"theme": [price.pk], "sentiment": "0"})
    Response.objects.update(read_at=None)
    reading.read_some()
    shown = one.themes.filter(removed=False)
    assert [row.theme for row in shown] == [price]
    one.refresh_from_db()
    assert one.sentiment == 0
    assert "1" in html(client, "survey_themes")


def test_a_changed_theme_reads_all_comments_again(login, admin):
    one = answered(comment="A nota fiscal não saiu")
    reading.read_some()
    client = login(admin)
    client.post(
        reverse("survey_theme_new"),
        {"name": "Fiscal", "words_pt_br": "nota fiscal\nNF*"},
    )
    reading.read_some()
    assert one.themes.filter(theme__name="Fiscal").exists()
    theme = Theme.objects.get(name="Fiscal")
    assert client.post(reverse("survey_theme_edit", args=[theme.pk]), {"name": "Fiscal"}).status_code == 422
    client.post(reverse("survey_theme_archive", args=[theme.pk]))
    assert "Fiscal" not in html(client, "survey_themes")
    assert (
        ResponseTheme.objects.filter(theme=theme).count() == 0 or Theme.objects.get(pk=theme.pk).archived_at
    )


def low(customer, **fields):
    one = answered(customer, score=2, **fields)
    return case_open(response=one)


def test_a_low_answer_is_closed_told_and_asked_about(client, manager, mailoutbox):
    case = low(factories.customer(owner=manager), comment="It broke")
    assert "It broke" in html(client, "survey_cases")
    url = reverse("survey_case", args=[case.pk])
    assert client.post(url, {"done": " "}).status_code == 422
    assert client.post(url, {"done": "We mended the import."}).status_code == 302
    tell = reverse("survey_case_tell", args=[case.pk])
    told = client.post(tell, {"how": "link", "done": "We mended the import. Sorry."}).content.decode()
    link = told.split('value="')[1:]
    address = next(part.split('"')[0] for part in link if "/s/done/" in part)
    path = "/s/" + address.split("/s/")[1]
    page = client.get(path)
    assert "We mended the import. Sorry." in page.content.decode() and "Did it help?" in page.content.decode()
    assert client.get(path).status_code == 200 and LoopCase.objects.get().helped is None
    assert client.post(path, {"helped": "yes"}).status_code == 303
    assert LoopCase.objects.get().helped is True
    assert "The contact says it helped" in html(client, "survey_case", case.pk)
    assert Link.objects.filter(purpose="closing").count() == 1


def test_nobody_who_wants_no_mail_is_told_by_mail(client, manager):
    case = low(factories.customer(owner=manager))
    case.response.contact.opted_out = True
    case.response.contact.save()
    client.post(reverse("survey_case", args=[case.pk]), {"done": "Done"})
    client.post(reverse("survey_case_tell", args=[case.pk]), {"how": "mail"})
    assert LoopCase.objects.get().told_at is None


def test_the_share_closed_in_time_is_told_on_both_clocks(client, manager):
    customer = factories.customer(owner=manager)
    now = time.now()
    for closed_after, due_after in ((10, 48), (60, 48), (None, -1)):
        case = low(customer)
        opened = now - dt.timedelta(days=20)
        LoopCase.objects.filter(pk=case.pk).update(
            opened_at=opened,
            due_at=opened + dt.timedelta(hours=due_after) if due_after > 0 else now - dt.timedelta(hours=1),
            due_working_at=opened + dt.timedelta(hours=72),
            closed_at=opened + dt.timedelta(hours=closed_after) if closed_after else None,
            done="x" if closed_after else "",
        )
    shown = html(client, "survey_cases")
    assert "1 of 3, 90 days" in shown and "2 of 3, 90 days" in shown


def test_the_silence_map_shows_who_never_answered(client):
    customer = factories.customer(name="Vale Verde")
    answered(customer, score=10, role="champion")
    factories.contact(customer, role="decision_maker")
    shown = html(client, "survey_silence")
    assert "Vale Verde" in shown and "3 days" in shown and "never" in shown and "1 / 2" in shown


def test_words_are_edited_in_each_language_and_can_go_back_to_the_standard(login, admin):
    client, survey = login(admin), Survey.objects.filter(kind="nps").first() or factories.survey()
    url = reverse("survey_edit", args=[survey.pk])
    assert (
        client.post(f"{url}?language=es", {"part": "words", "question": "¿Recomendaría {brand}?"}).status_code
        == 302
    )
    assert "¿Recomendaría" in client.get(f"{url}?language=es").content.decode()
    assert "¿Recomendaría" not in client.get(f"{url}?language=en").content.decode()
    client.post(f"{url}?language=es", {"part": "words", "question": ""})
    assert "¿Qué probabilidad" in client.get(f"{url}?language=es").content.decode()


def test_a_logo_is_small_and_a_picture(login, admin):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, survey = login(admin), factories.survey()
    url = reverse("survey_edit", args=[survey.pk])
    look = {"part": "look", "name": survey.name, "brand_colour": "#0b6e6e", "link_days": 30}
    for wrong in (b"GIF8" + b"x" * 6000, b"<svg></svg>"):
        page = client.post(url, {**look, "logo": SimpleUploadedFile("logo.png", wrong)})
        assert page.status_code == 422
    good = SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    assert client.post(url, {**look, "logo": good}).status_code == 302
    picture = client.get(reverse("survey_logo", args=[survey.pk]))
    assert picture["Content-Type"] == "image/png" and "sandbox" in picture["Content-Security-Policy"]


def test_a_personal_link_is_shown_once_with_its_code(client, manager):
    customer = factories.customer(owner=manager)
    person, survey = factories.contact(customer), factories.survey()
    url = reverse("contact_survey_link", args=[customer.pk, person.pk])
    made = client.post(url, {"survey": survey.pk}).content.decode()
    assert "<svg" in made and "wa.me" in made and "/s/" in made
    one = Invitation.objects.get()
    assert (one.channel, one.contact) == ("link", person)
    assert "/s/" not in client.get(url).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_the_same_with_three_rows_and_with_thirty(client, name):
    def fill(count):
        for n in range(count):
            customer = factories.customer(owner=factories.user())
            one = answered(customer, score=2, comment="Suporte lento")
            LoopCase.objects.create(response=one, customer=customer, due_at=time.now())
            answered(customer, score=0, held=True)
            if n % 5 == 0:
                factories.survey()

        reading.read_some()

    assert_constant_queries(client, reverse(name), fill)


def test_only_visible_customers_are_counted(login, analyst):
    from accounts.models import Workspace

    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    own, other = factories.customer(owner=analyst, name="Own"), factories.customer(name="Other")
    answered(own, score=10, comment="Seen")
    hidden = answered(other, score=0, comment="Unseen")
    client = login(analyst)
    assert "Unseen" not in html(client, "survey_responses")
    assert client.get(reverse("survey_response", args=[hidden.pk])).status_code == 404
    assert Customer.objects.count() == 2


def test_a_sheet_for_an_event_has_a_code_of_their_own_for_everybody_chosen(client, manager):
    customer = factories.customer(owner=manager)
    people = [factories.contact(customer, name=name) for name in ("Ana Lima", "Rui Melo", "Zoe Reis")]
    survey = factories.survey(name="At the fair")
    url = reverse("survey_sheet", args=[customer.pk])
    assert "Zoe Reis" in client.get(url).content.decode()
    sent = {"survey": survey.pk, "person": [one.pk for one in people[:2]]}
    page = client.post(url, sent).content.decode()
    assert page.count("cs-qr") == 3 and "Ana Lima" in page and "Zoe Reis" not in page
    assert set(Invitation.objects.values_list("contact_id", flat=True)) == {one.pk for one in people[:2]}
    assert client.post(url, {"survey": survey.pk}).status_code == 422
    assert Invitation.objects.count() == 2


def test_the_portfolio_leads_to_a_campaign_for_what_it_shows(client, manager):
    factories.customer(owner=manager, segment="mid")
    page = client.get(reverse("portfolio"), {"segment": "mid"}).content.decode()
    assert f"{reverse('campaign_new')}?audience=" in page and "segment%3Dmid" in page


def test_a_personal_link_is_revoked_where_it_was_made(client, manager):
    customer = factories.customer(owner=manager)
    person = factories.contact(customer, name="Ana Lima")
    survey = factories.survey(name="Quick look")
    one, token = survey_link_create(actor=manager, survey=survey, contact=person, at=time.now())
    url = reverse("contact_survey_link", args=[customer.pk, person.pk])
    assert "Links that can still be answered" in client.get(url).content.decode()
    assert client.get(reverse("survey_answer", args=[token])).status_code == 200
    assert client.post(url, {"revoke": one.pk}).status_code == 302
    assert client.get(reverse("survey_answer", args=[token])).status_code == 404
    assert "Links that can still be answered" not in client.get(url).content.decode()
    assert client.post(url, {"revoke": "x"}).status_code == 404
