"""The voice of the customer: the board and its numbers, the way from a comment to a team, who may do what."""

import csv
import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import WebhookMessage, Workspace
from accounts.services.webhooks import webhook_create
from accounts.webhooks import types
from config import pipeline
from core import mail, time
from core.models import OutgoingMail
from customers.models import Insight, InsightTeam, InsightTheme
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay, Night, ScorecardVersion
from surveys.models import Theme
from surveys.services.themes import read_some
from tests import factories
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(db):
    return Night.objects.create(day=time.today() - dt.timedelta(days=1), state="done")


@pytest.fixture
def card(db):
    return ScorecardVersion.objects.create(definition={})


def known(customer, night, card, *, mrr, score):
    band = Band.GREEN if score >= 70 else Band.RED
    CustomerDay.objects.create(customer=customer, day=night.day, mrr_cents=mrr, opening_mrr_cents=mrr)
    HealthDay.objects.create(
        customer=customer,
        day=night.day,
        version=card,
        own=score * 100,
        score=score * 100,
        low=0,
        high=10_000,
        band=band,
    )


def shown(client, name, *args, **query):
    page = client.get(reverse(name, args=args), query)
    assert page.status_code == 200
    return page.content.decode()


def test_the_board_tells_customers_money_risk_and_mentions(login, manager, night, card):
    theme, today = factories.insight_theme(name="Slow reports", team="product"), time.today()
    for mrr, score, times in ((100_000, 90, 3), (250_000, 20, 1)):
        customer = factories.customer()
        known(customer, night, card, mrr=mrr, score=score)
        for n in range(times):
            factories.insight(customer, theme=theme, said_on=today - dt.timedelta(days=7 * n))
    long_ago = factories.customer()
    known(long_ago, night, card, mrr=999_900, score=20)
    factories.insight(long_ago, theme=theme, said_on=today - dt.timedelta(days=200))
    page = login(manager).get(reverse("insights"))
    board = page.context["board"]
    line = board.lines[0].behind
    assert (line.mentions, line.customers, line.mrr, line.red, line.scored) == (4, 2, 350_000, 1, 2)
    assert line.weeks[-3:] == [1, 1, 2] and sum(line.weeks) == 4
    assert (board.kinds[0].themes, board.kinds[0].mrr) == (1, 350_000)
    year = login(manager).get(reverse("insights"), {"period": "365"}).context["board"].lines[0].behind
    assert (year.mentions, year.customers, year.mrr) == (5, 3, 1_349_900)


def test_repeats_and_removed_ones_do_not_count(login, manager, night):
    theme, customer = factories.insight_theme(), factories.customer()
    first = factories.insight(customer, theme=theme, said_on=time.today())
    factories.insight(customer, theme=theme, said_on=time.today(), duplicate_of=first)
    factories.insight(customer, theme=theme, said_on=time.today(), removed_at=time.now())
    page = login(manager).get(reverse("insights"))
    assert page.context["board"].lines[0].behind.mentions == 1
    assert "and said 2 times more" not in page.content.decode()
    assert "and said 1 time more" in page.content.decode()


def test_filters_and_the_board_by_state(login, viewer):
    factories.insight_theme(name="Faster", kind="wish", team="product", state="planned")
    factories.insight_theme(name="Cheaper", kind="concern")
    client = login(viewer)
    assert "Cheaper" not in shown(client, "insights", kind="wish")
    assert "Cheaper" not in shown(client, "insights", team="product")
    assert "Faster" not in shown(client, "insights", team="none")
    assert "Faster" not in shown(client, "insights", q="cheap")
    assert "No theme matches" in shown(client, "insights", q="nothing like it")
    lanes = client.get(reverse("insights"), {"as": "board"}).context["board"].by_state
    assert [len(lines) for _name, _tone, lines in lanes] == [1, 0, 1, 0, 0]
    assert "New insight" not in shown(client, "insights")


def test_who_sees_only_their_own_counts_only_their_own(login, analyst):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    theme = factories.insight_theme()
    factories.insight(factories.customer(owner=analyst), theme=theme, said_on=time.today(), quote="Mine")
    foreign = factories.insight(theme=theme, said_on=time.today(), quote="Foreign words")
    client = login(analyst)
    page = client.get(reverse("insight_theme", args=[theme.pk]))
    assert page.context["panel"].behind.mentions == 1 and "Foreign words" not in page.content.decode()
    assert "Foreign words" not in client.get(reverse("insights_export")).getvalue().decode()
    assert client.get(reverse("insight_edit", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("insight_remove", args=[foreign.pk])).status_code == 404


def test_a_comment_becomes_an_insight_with_the_theme_its_words_suggest(login, analyst):
    customer = factories.customer(owner=analyst)
    subject = Theme.objects.create(name="Speed", keywords={"en": ["slow*"]})
    theme = factories.insight_theme(name="Slow reports", subject_id=subject.pk)
    person = factories.contact(customer, name="Lia Moura")
    answer = factories.response(customer, contact=person, score=3, comment="It is so slowly", language="en")
    read_some()
    client = login(analyst)
    assert f"?comment={answer.pk}" in shown(client, "survey_response", answer.pk)
    assert f"?comment={answer.pk}" in shown(client, "survey_responses", period="all")
    address = f"{reverse('insight_new')}?comment={answer.pk}"
    page = client.get(address)
    form = page.context["form"]
    assert form.initial["theme"] == theme.pk and form.initial["kind"] == "problem"
    assert "Suggested by its words: Slow reports" in page.content.decode()
    sent = {"quote": "It is so slowly", "kind": "problem", "theme": theme.pk, "contact": person.pk}
    client.post(address, {**sent, "said_on": "2026-01-08"})
    row = Insight.objects.get()
    assert (row.comment_id, row.theme, row.contact, row.source) == (answer.pk, theme, person, "comment")
    assert "NPS 3" in shown(client, "insight_theme", theme.pk)


def test_a_new_theme_is_named_while_recording_and_named_once(login, analyst):
    customer, client = factories.customer(owner=analyst, name="Vale"), login(analyst)
    for _n in range(2):
        sent = {"customer": "Vale", "quote": "We pay twice", "kind": "concern", "new_theme": "Billing"}
        client.post(reverse("insight_new"), {**sent, "said_on": "2026-01-08"})
    assert InsightTheme.objects.get().name == "Billing" and customer.insights.count() == 2


def test_tickets_and_conversations_lead_to_the_form(login, analyst):
    customer, client = factories.customer(owner=analyst), login(analyst)
    ticket = factories.ticket(customer, subject="Export fails")
    talk = factories.touchpoint(customer, summary="They want an app")
    text = shown(client, "customer", customer.pk)
    assert f"?ticket={ticket.pk}" in text and f"?touchpoint={talk.pk}" in text
    assert "Export fails" in client.get(f"{reverse('insight_new')}?ticket={ticket.pk}").content.decode()
    assert "They want an app" in client.get(f"{reverse('insight_new')}?touchpoint={talk.pk}").content.decode()
    assert client.get(f"{reverse('insight_new')}?ticket=999999").status_code == 404
    foreign = factories.ticket()
    assert client.get(f"{reverse('insight_new')}?ticket={foreign.pk}").status_code == 403


def test_what_is_not_sorted_waits_in_a_list_and_is_sorted(login, analyst):
    theme, client = factories.insight_theme(), login(analyst)
    row = factories.insight(factories.customer(owner=analyst), quote="Where is the button?")
    assert "Where is the button?" in shown(client, "insights_loose")
    assert "1 insight is not sorted" in shown(client, "insights")
    sent = {"quote": row.quote, "kind": "problem", "theme": theme.pk, "said_on": "2026-01-08"}
    client.post(reverse("insight_edit", args=[row.pk]), sent)
    assert "All done" in shown(client, "insights_loose")
    wrong = client.post(reverse("insight_edit", args=[row.pk]), {**sent, "quote": ""})
    assert wrong.status_code == 422


def test_merging_on_the_page_offers_a_way_back(login, analyst):
    customer, client = factories.customer(owner=analyst), login(analyst)
    first, second = (factories.insight(customer, theme=factories.insight_theme()) for _n in range(2))
    page = client.post(reverse("insight_merge", args=[second.pk]), {"into": first.pk}, follow=True)
    assert reverse("insight_separate", args=[second.pk]) in page.content.decode()
    client.post(reverse("insight_separate", args=[second.pk]))
    assert Insight.objects.counted().count() == 2
    page = client.post(
        reverse("insight_theme_merge", args=[first.theme_id]), {"into": second.theme_id}, follow=True
    )
    assert "/portfolio/undo/" in page.content.decode()


def deliver():
    pipeline.finish(["events"])


def test_a_team_gets_a_mail_and_a_webhook_and_the_owner_too(login, analyst, admin):
    hook, _secret = webhook_create(actor=admin, url="https://1.1.1.1/x", types_wanted=["insighttheme.routed"])
    client = login(admin)
    client.post(reverse("insight_teams"), {"product": "product@zelo.test"})
    assert InsightTeam.objects.get().email == "product@zelo.test"
    theme = factories.insight_theme(name="Slow reports")
    factories.insight(factories.customer(name="Vale"), theme=theme, quote="So slow")
    sent = {"team": "product", "owner": analyst.pk, "due_on": "2026-12-04"}
    client.post(reverse("insight_theme_route", args=[theme.pk]), sent)
    deliver()
    mails = OutgoingMail.objects.filter(kind="insight.routed")
    assert set(mails.values_list("to", flat=True)) == {"product@zelo.test", analyst.email}
    body = mails[0].body_text
    assert (
        "Slow reports" in body and "“So slow”" in body and reverse("insight_theme", args=[theme.pk]) in body
    )
    assert WebhookMessage.objects.filter(webhook=hook, type="insighttheme.routed").count() == 1
    client.post(reverse("insight_theme_route", args=[theme.pk]), sent)
    deliver()
    assert mails.count() == 2 and "insighttheme.done" in types.known()
    assert mail.due()


def test_the_file_for_a_team_has_one_line_an_insight_and_no_formula(login, analyst):
    theme = factories.insight_theme(name="Slow", team="product")
    factories.insight(factories.customer(name="Vale"), theme=theme, quote="=1+1", said_on=time.today())
    factories.insight(theme=factories.insight_theme(team="sales"), said_on=time.today())
    text = login(analyst).get(reverse("insights_export"), {"team": "product"}).getvalue().decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["theme"], row["customer"], row["quote"]) for row in rows] == [("Slow", "Vale", "'=1+1")]


def test_a_state_is_set_with_its_reason_and_a_wrong_one_says_why(login, analyst):
    theme, client = factories.insight_theme(), login(analyst)
    page = client.post(reverse("insight_theme_move", args=[theme.pk]), {"state": "declined"}, follow=True)
    assert "Say why not" in page.content.decode()
    client.post(reverse("insight_theme_move", args=[theme.pk]), {"state": "declined", "why": "Too rare"})
    assert "Too rare" in shown(client, "insight_theme", theme.pk)


def test_a_theme_is_split_on_the_page_and_a_merged_one_leads_on(login, manager):
    theme, client = factories.insight_theme(), login(manager)
    rows = [factories.insight(theme=theme) for _n in range(2)]
    sent = {"insight": [rows[0].pk], "name": "On phones"}
    page = client.post(reverse("insight_theme_split", args=[theme.pk]), sent, follow=True)
    made = InsightTheme.objects.get(name="On phones")
    assert made.insights.get() == rows[0] and page.redirect_chain[-1][0].endswith(f"/{made.pk}/")
    client.post(reverse("insight_theme_merge", args=[made.pk]), {"into": theme.pk})
    assert client.get(reverse("insight_theme", args=[made.pk])).url == reverse(
        "insight_theme", args=[theme.pk]
    )


def test_insights_stand_on_the_timeline_and_in_the_menu(login, analyst):
    customer = factories.customer(owner=analyst)
    theme = factories.insight_theme(name="Slow reports")
    factories.insight(customer, theme=theme, quote="So slow at noon", said_on=time.today())
    text = shown(login(analyst), "customer", customer.pk)
    assert "Problem: Slow reports" in text and "So slow at noon" in text and "1 new" in text


def test_the_pages_need_no_more_queries_with_more_themes(login, manager, night):
    def add(n):
        for _n in range(n):
            theme = factories.insight_theme()
            for _m in range(2):
                row = factories.insight(theme=theme, said_on=time.today())
                answer = factories.response(row.customer, comment="So")
                factories.insight(
                    row.customer, theme=theme, comment_id=answer.pk, source="comment", said_on=time.today()
                )

    client = login(manager)
    assert_constant_queries(client, reverse("insights"), add)
    theme = InsightTheme.objects.all()[0]

    def more(n):
        for _n in range(n):
            factories.insight(factories.customer(), theme=theme, contact=None)

    assert_constant_queries(client, reverse("insight_theme", args=[theme.pk]), more)
    assert_constant_queries(client, "/api/v1/insight-themes/", add)


def test_the_api_records_sorts_and_counts(login, analyst, night):
    customer, client = factories.customer(owner=analyst), login(analyst)
    made = client.post(
        "/api/v1/insight-themes/", {"name": "Slow", "kind": "problem"}, content_type="application/json"
    ).json()
    answer = factories.response(customer, comment="Slow")
    sent = {"customer": customer.pk, "kind": "problem", "quote": "Slow", "theme": made["id"]}
    first = client.post("/api/v1/insights/", {**sent, "comment": answer.pk}, content_type="application/json")
    assert first.status_code == 201 and first.json()["source"] == "comment"
    foreign = factories.response(comment="Not theirs")
    wrong = client.post("/api/v1/insights/", {**sent, "comment": foreign.pk}, content_type="application/json")
    assert wrong.status_code == 400
    second = client.post("/api/v1/insights/", sent, content_type="application/json").json()
    merged = client.post(
        f"/api/v1/insights/{second['id']}/merge/",
        {"into": first.json()["id"]},
        content_type="application/json",
    )
    assert merged.json()["duplicate_of"] == first.json()["id"]
    theme = client.get(f"/api/v1/insight-themes/{made['id']}/").json()
    assert (theme["mentions"], theme["customers"], theme["mrr"]) == (1, 1, "0.00")
    declined = client.post(
        f"/api/v1/insight-themes/{made['id']}/move/", {"state": "declined"}, content_type="application/json"
    )
    assert declined.status_code == 400
    assert len(client.get("/api/v1/insights/?kind=problem&unsorted=false").json()["results"]) == 2


def test_figures_stand_beside_the_words_that_explain_them(login, manager, night, card):
    large, small = (
        factories.customer(segment="mid", name="Large"),
        factories.customer(segment="mid", name="Small"),
    )
    known(large, night, card, mrr=900_000, score=20)
    known(small, night, card, mrr=10_000, score=90)
    today = time.today()
    theme = factories.insight_theme(name="Slow reports")
    factories.insight(small, theme=theme, quote="Slow at our small firm", said_on=today)
    factories.insight(large, theme=theme, quote="Slow at our large firm", said_on=today)
    other = factories.customer(segment="volume", name="Elsewhere")
    factories.insight(other, theme=factories.insight_theme(name="Too dear"), quote="Dear", said_on=today)
    factories.response(small, score=2, comment="Nobody calls", answered_at=time.now())
    client = login(manager)
    text = shown(client, "insights_report", segment="mid")
    assert "2 customers" in text and "Slow at our large firm" in text and "Nobody calls" in text
    assert "Slow at our small firm" not in text and "Too dear" not in text and "1 of 2" in text
    assert "Dear" in shown(client, "insights_report") and "Dear" not in shown(
        client, "insights_report", stage="ongoing"
    )


def test_the_report_needs_no_more_queries_with_more_words(login, manager, night):
    def add(n):
        for _n in range(n):
            customer = factories.customer()
            for theme in (factories.insight_theme(), factories.insight_theme()):
                factories.insight(customer, theme=theme, said_on=time.today())

    add(3)
    assert_constant_queries(login(manager), reverse("insights_report"), add)


def test_an_empty_report_says_so(login, viewer):
    text = shown(login(viewer), "insights_report", owner="x", segment="gold")
    assert "Known after the first night" in text and "Nothing was said" in text
