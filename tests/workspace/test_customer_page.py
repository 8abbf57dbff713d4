"""The customer page: what it shows to whom, now and as of a past day."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Workspace
from core import time
from customers.models import Contact, Product, Touchpoint
from metrics.models import UsageDay
from tests import factories
from tests.queries import assert_constant_queries
from tests.workspace.customer_facts import DAY, at, everything, history, night, response

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return time.today()


def url(customer, **query):
    return reverse("customer", args=[customer.pk], query=query)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_page_shows_the_figures_of_the_last_finished_night(login, analyst, today):
    customer = factories.customer(name="Vale Verde", owner=analyst, segment="high_value", city="Contagem")
    yesterday = today - DAY
    night(yesterday - 30 * DAY, customer, opening=0, mrr=20_000_00)
    night(
        yesterday,
        customer,
        opening=20_000_00,
        mrr=18_000_00,
        renewal_on=today + 41 * DAY,
        renewal_value_cents=220_800_00,
        seats=48,
        active_people_30=31,
    )
    factories.payment(customer, paid_on=yesterday, amount_cents=500_00)
    page = login(analyst).get(url(customer))
    figures = page.context["figures"]
    assert (figures.mrr, figures.mrr_change_points) == (18_000_00, pytest.approx(-10))
    assert (figures.renewal_days, figures.seats, figures.active_people) == (41, 48, 31)
    assert page.context["paid"].total == 500_00
    body = text(page)
    for part in (
        "Vale Verde",
        "R$\u00a018,000",
        "41 <small>days",
        "R$\u00a0220,800",
        "Contagem",
        "High value",
    ):
        assert part in body, part


def test_a_customer_before_its_first_night_shows_unknown_figures_not_zeros(login, analyst):
    page = login(analyst).get(url(factories.customer()))
    assert page.context["figures"].mrr is None
    assert "known after the next night" in text(page)


def test_a_stranger_gets_not_found_and_an_onlooker_no_controls(login, analyst, viewer):
    customer = factories.customer(owner=analyst)
    everything(customer, 2, until=time.today())
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    stranger = factories.user(role="analyst")
    for name in ("customer", "customer_timeline"):
        assert login(stranger).get(reverse(name, args=[customer.pk])).status_code == 404
    assert login(stranger).post(reverse("customer_log", args=[customer.pk])).status_code == 404
    Workspace.objects.update(restrict_visibility=False)
    assert 'data-key="e"' in text(login(analyst).get(url(customer)))
    for person in (viewer, stranger):
        body = text(login(person).get(url(customer)))
        for control in ("Log it", "/edit/", "/new/", "/pin/", "/archive/", "/merge/"):
            assert control not in body, control


def test_only_who_manages_customers_may_archive_and_merge(login, analyst, manager):
    customer = factories.customer(owner=analyst)
    assert reverse("customer_archive", args=[customer.pk]) not in text(login(analyst).get(url(customer)))
    body = text(login(manager).get(url(customer)))
    assert reverse("customer_archive", args=[customer.pk]) in body
    assert reverse("customer_merge", args=[customer.pk]) in body


def test_the_number_of_queries_does_not_grow_with_the_facts(login, manager, today):
    customer = factories.customer(owner=manager)
    night(today - DAY, customer, mrr=100)
    client = login(manager)
    assert_constant_queries(client, url(customer), lambda n: everything(customer, n, until=today))


def test_the_past_page_takes_no_more_queries_with_more_facts(login, manager, today):
    customer = factories.customer(owner=manager)
    night(today - DAY, customer, mrr=100, owner_id=manager.pk)
    client = login(manager)
    past = url(customer, as_of=(today - DAY).isoformat())
    assert_constant_queries(client, past, lambda n: everything(customer, n, until=today - DAY))


def test_an_archived_customer_offers_only_to_be_restored(login, manager, analyst):
    customer = factories.customer(owner=analyst, archived_at=time.now())
    restore = reverse("customer_restore", args=[customer.pk])
    body = text(login(manager).get(url(customer)))
    assert restore in body
    assert "Log it" not in body
    assert restore not in text(login(analyst).get(url(customer)))


def test_a_merged_customer_leads_to_the_one_it_went_into(login, analyst):
    kept = factories.customer()
    gone = factories.customer(archived_at=time.now(), merged_into=kept)
    page = login(analyst).get(url(gone))
    assert page.status_code == 302
    assert page["Location"] == url(kept)


def test_as_of_a_past_day_everything_is_as_it_was_then(login, analyst, today):
    then = today - 40 * DAY
    customer = factories.customer(owner=analyst, segment="high_value", stage="ongoing")
    before = factories.user(name="Earlier Owner")
    night(then, customer, mrr=700_00, segment="mid", stage="onboarding", owner_id=before.pk)
    night(today - DAY, customer, opening=700_00, mrr=900_00, segment="high_value", stage="ongoing")
    history(customer, "stage", "onboarding", then - 10 * DAY)
    history(customer, "stage", "ongoing", then + 5 * DAY)
    history(customer, "tag", "alpha", then - DAY)
    history(customer, "tag", "beta", then + DAY)
    factories.contact(customer, name="Stayed Then", active_until=then + DAY)
    factories.contact(customer, name="Came Later", active_from=then + DAY)
    factories.ticket(customer, opened_at=at(then), solved_at=at(then + DAY))
    factories.touchpoint(customer, happened_at=at(then - DAY))
    factories.touchpoint(customer, happened_at=at(then + DAY), summary="Not yet said")
    response(customer, then + DAY, comment="Ainda não dito")
    page = login(analyst).get(url(customer, as_of=then.isoformat()))
    context, body = page.context, text(page)
    who = context["who"]
    assert (who.segment, who.stage, who.owner, who.tags) == ("mid", "onboarding", before, ["alpha"])
    assert context["figures"].mrr == 700_00
    assert context["support"].open == 1
    assert time.local_day(context["last_touch"]) == then - DAY
    assert [str(person.contact) for person in context["people"]] == ["Stayed Then"]
    assert "You are looking at the end of" in body
    for later in ("Not yet said", "Ainda não dito", "Came Later", "beta", "Log it", "/edit/"):
        assert later not in body, later


def test_a_day_that_is_not_past_means_now(login, analyst, today):
    client = login(analyst)
    customer = factories.customer(owner=analyst)
    for raw in ("", "nonsense", today.isoformat(), (today + DAY).isoformat()):
        assert client.get(url(customer, as_of=raw)).context["seen"].live


def test_stages_say_how_long_each_took(login, analyst, today):
    customer = factories.customer(stage="ongoing")
    history(customer, "stage", "onboarding", today - 100 * DAY)
    history(customer, "stage", "ongoing", today - 30 * DAY)
    steps = login(analyst).get(url(customer)).context["steps"]
    assert [(step.state, step.days) for step in steps] == [("done", 70), ("now", 30), ("next", None)]


def test_coverage_goes_by_the_best_covered_person_of_each_role(login, analyst, today):
    customer = factories.customer()
    fresh = factories.contact(customer, role=Contact.Role.CHAMPION)
    fading = factories.contact(customer, role=Contact.Role.SPONSOR)
    factories.contact(customer, role=Contact.Role.SPONSOR)
    factories.contact(customer, role=Contact.Role.BILLING, active_until=today)
    factories.contact(customer, role=Contact.Role.END_USER)
    factories.touchpoint(customer, contact=fresh, happened_at=at(today - 45 * DAY))
    factories.touchpoint(customer, contact=fading, happened_at=at(today - 46 * DAY))
    context = login(analyst).get(url(customer)).context
    states = {str(role.label): role.state for role in context["roles"]}
    assert states == {
        "Champion": "covered",
        "Decision maker": "missing",
        "Sponsor": "fading",
        "End user": "missing",
        "Billing": "left",
    }
    assert context["roles_covered"] == 1


def test_children_count_into_the_groups_mrr(login, analyst, today):
    parent = factories.customer()
    child = factories.customer(parent=parent)
    factories.customer(parent=parent, archived_at=time.now())
    night(today - DAY, parent, mrr=300)
    night(today - DAY, child, mrr=200, renewal_on=today + DAY)
    family = login(analyst).get(url(parent)).context["family"]
    assert [one.pk for one in family.children] == [child.pk]
    assert (family.mrr, family.next_renewal) == (500, today + DAY)


def test_relatives_outside_a_restricted_view_stay_unseen(login, analyst):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    hidden = factories.customer(name="Hidden Holding")
    customer = factories.customer(owner=analyst, parent=hidden, referred_by=hidden)
    assert "Hidden Holding" not in text(login(analyst).get(url(customer)))


def test_the_timeline_can_be_filtered_and_paged_without_javascript(login, analyst, today):
    customer = factories.customer()
    for n in range(30):
        factories.touchpoint(customer, happened_at=at(today - n * DAY, 0), summary=f"talk {n}.")
    factories.ticket(customer, subject="Broken import", opened_at=at(today, 0))
    client = login(analyst)
    page = client.get(url(customer, kind="touch"))
    assert "talk 24." in text(page)
    assert "talk 25." not in text(page)
    older = client.get(url(customer, kind="touch", before=page.context["older"]))
    assert "talk 25." in text(older)
    assert "talk 24." not in text(older)
    plain = client.get(reverse("customer_timeline", args=[customer.pk], query={"kind": "touch"}))
    assert plain["Location"] == f"{url(customer, kind='touch')}#timeline"


def test_htmx_gets_only_the_timeline(login, analyst, today):
    customer = factories.customer()
    factories.touchpoint(customer, happened_at=at(today, 0), summary="We talked")
    fragment = login(analyst).get(
        reverse("customer_timeline", args=[customer.pk], query={"kind": "touch"}),
        headers={"HX-Request": "true"},
    )
    body = text(fragment)
    assert "We talked" in body
    assert body.lstrip().startswith("<section")


def log(**fields):
    return {
        f"log-{name}": value
        for name, value in {"kind": "call", "summary": "They want a date", **fields}.items()
    }


def test_a_logged_call_stands_on_the_timeline_and_refreshes_who_was_talked_to(login, analyst):
    customer = factories.customer(owner=analyst)
    person = factories.contact(customer)
    answer = login(analyst).post(
        reverse("customer_log", args=[customer.pk]),
        log(contact=person.pk, sentiment="-1"),
        headers={"HX-Request": "true"},
    )
    touch = Touchpoint.objects.get(customer=customer)
    assert (touch.kind, touch.contact, touch.sentiment, touch.author) == ("call", person, -1, analyst)
    assert abs(time.now() - touch.happened_at) < dt.timedelta(minutes=1)
    body = text(answer)
    for part in ("They want a date", 'id="timeline" hx-swap-oob', 'id="people" hx-swap-oob', "Covered"):
        assert part in body, part


def test_without_javascript_logging_leads_back_to_the_timeline(login, analyst):
    customer = factories.customer(owner=analyst)
    answer = login(analyst).post(reverse("customer_log", args=[customer.pk]), log())
    assert answer["Location"] == f"{url(customer)}#timeline"
    assert Touchpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"summary": ""}, "what was said"),
        ({"happened_at": "2199-01-01T10:00"}, "future"),
        ({"sentiment": "3"}, "valid choice"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_wrong_entry_is_explained_and_what_was_typed_is_kept(login, analyst, wrong, says, headers):
    customer = factories.customer(owner=analyst)
    typed = log(**{"summary": "Kept words", **wrong})
    answer = login(analyst).post(reverse("customer_log", args=[customer.pk]), typed, headers=headers)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert says in body
    assert wrong.get("summary") == "" or "Kept words" in body
    assert not Touchpoint.objects.exists()


def test_somebody_elses_contact_cannot_be_logged_with(login, analyst):
    customer = factories.customer(owner=analyst)
    stranger = factories.contact()
    answer = login(analyst).post(reverse("customer_log", args=[customer.pk]), log(contact=stranger.pk))
    assert answer.status_code == 422


def test_a_viewer_and_a_colleague_cannot_log(login, viewer):
    customer = factories.customer()
    address = reverse("customer_log", args=[customer.pk])
    assert login(viewer).post(address, log()).status_code == 403
    assert login(factories.user(role="analyst")).post(address, log()).status_code == 403
    assert not Touchpoint.objects.exists()


def test_nothing_can_be_logged_on_an_archived_customer(login, manager):
    customer = factories.customer(archived_at=time.now())
    assert login(manager).post(reverse("customer_log", args=[customer.pk]), log()).status_code == 403


def test_the_page_stays_within_its_query_budget(login, manager, today):
    customer = factories.customer(owner=manager)
    everything(customer, 3, until=today)
    client = login(manager)
    client.get(url(customer))
    with CaptureQueriesContext(connection) as seen:
        client.get(url(customer))
    assert len(seen) <= 45, len(seen)


def test_weekly_use_counts_people_once_a_week_and_names_what_was_bought(login, analyst, today):
    customer = factories.customer()
    factories.subscription(customer, starts_on=today - 90 * DAY, product="Core")
    Product.objects.create(product="Core", feature="Reports", event="report_opened")
    Product.objects.create(product="Core", feature="Exports", event="exported")
    Product.objects.create(product="Extra", feature="Approvals", event="approved", price_cents=100_00)
    until = today - DAY
    night(until, customer, mrr=100)
    for day in (until, until - DAY, until - 6 * DAY, until - 7 * DAY):
        for person in ("ana", "bia"):
            UsageDay.objects.create(
                customer=customer, day=day, person=person, feature="report_opened", events=2
            )
    UsageDay.objects.create(customer=customer, day=until, person="", feature="synced", events=9)
    UsageDay.objects.create(
        customer=customer, day=until - 84 * DAY, person="old", feature="report_opened", events=1
    )
    context = login(analyst).get(url(customer)).context
    weeks = {use.name: use.weeks[-3:] for use in context["usage"].features}
    assert weeks == {"Reports": [0, 2, 2], "Exports": [0, 0, 0], "synced": [0, 0, 9]}
    assert [use.people for use in context["usage"].features] == [True, True, False]
    assert [module.feature for module in context["modules"].missing] == ["Approvals"]


def test_open_tickets_stand_first_and_overdue_ones_are_named(login, analyst, today):
    customer = factories.customer()
    factories.ticket(customer, subject="Old but open", opened_at=at(today - 20 * DAY), due_at=at(today - DAY))
    factories.ticket(customer, subject="Solved", opened_at=at(today - 3 * DAY), solved_at=at(today - 2 * DAY))
    support = login(analyst).get(url(customer)).context["support"]
    assert [(str(line.ticket), line.is_open, line.is_overdue) for line in support.lines] == [
        ("Old but open", True, True),
        ("Solved", False, False),
    ]
    assert (support.open, support.overdue, support.total, support.lines[1].age) == (1, 1, 2, 1)


def test_the_latest_answer_stands_beside_the_one_before_it(login, analyst, today):
    customer = factories.customer()
    response(customer, today - 90 * DAY, score=7)
    response(customer, today - 2 * DAY, score=5, comment="Voltamos à planilha.", language="pt-br")
    for n in range(15):
        response(customer, today - n * DAY, survey="csat", score=4)
    page = login(analyst).get(url(customer))
    nps = page.context["voice"].latest[0]
    assert (nps.answer.score, nps.before.score) == (5, 7)
    assert '<q lang="pt-BR">Voltamos à planilha.</q>' in text(page)


def test_the_mrr_is_drawn_as_steps_from_its_movements(login, analyst, today):
    customer = factories.customer()
    night(today - 11 * DAY, customer, mrr=100)
    night(today - 6 * DAY, customer, opening=100, mrr=200)
    night(today - DAY, customer, opening=200, mrr=0)
    context = login(analyst).get(url(customer)).context
    assert [(str(move.name), move.change) for move in context["moves"]] == [
        ("Churn", -200),
        ("Expansion", 100),
        ("New", 100),
    ]
    chart = context["mrr_chart"]
    assert (chart.top, chart.first, chart.last) == (200, today - 12 * DAY, today - DAY)
    assert chart.path.count("V") == 3
