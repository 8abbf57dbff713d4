"""Campaigns: whom they ask, when, how many a day, and that pausing and stopping hold."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from core.models import OutgoingMail
from customers.models import CustomerHistory, SavedView
from surveys import audience
from surveys.addresses import address_hash
from surveys.candidates import candidates, months_later, round_of
from surveys.models import Campaign, ContactMail, Invitation, Suppression
from surveys.services import campaigns, planning
from tests import factories

pytestmark = pytest.mark.django_db
TUESDAY = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def running(manager, **values) -> Campaign:
    kind = values.pop("kind", "nps")
    values = {"name": "Spring", "daily_share": 100, **values}
    one = campaigns.campaign_create(actor=manager, survey=factories.survey(kind=kind), values=values)
    campaigns.campaign_start(actor=manager, campaign=one, at=values.pop("at", TUESDAY))
    return one


def verdicts(campaign: Campaign, at: dt.datetime = TUESDAY) -> dict[int, str]:
    found = audience.read(campaign.audience, campaign.created_by)
    return dict(candidates(campaign, found.customers, at).values_list("person", "verdict"))


def invited(campaign: Campaign) -> list[int]:
    return sorted(campaign.invitations.values_list("contact_id", flat=True))


def test_everybody_who_may_be_asked_is_asked_once(manager, clock):
    people = [factories.contact() for _ in range(3)]
    one = running(manager)
    for _ in range(3):
        planning.plan(one, at=TUESDAY)
    assert invited(one) == sorted(person.pk for person in people)
    assert ContactMail.objects.count() == OutgoingMail.objects.count() == 3
    mail = OutgoingMail.objects.get(to=people[0].email)
    assert (mail.body_text, mail.body_html, mail.headers) == ("", "", {})


def test_the_preview_says_who_does_not_get_it_and_why(manager, clock):
    gets = factories.contact(role="champion")
    left = factories.contact(role="champion", active_until=dt.date(2026, 3, 10))
    out = factories.contact(role="champion", opted_out=True)
    other = factories.contact(role="billing")
    erased = factories.contact(role="champion", erased_at=TUESDAY)
    bounced = factories.contact(role="champion", email="Gone@Away.test")
    Suppression.objects.create(address_hash=address_hash("gone@away.test"), kind="all", why="bounced")
    recent = factories.contact(role="champion")
    factories.contact_mail(recent, counted_at=TUESDAY - 3 * DAY)
    archived = factories.contact(factories.customer(archived_at=TUESDAY), role="champion")
    one = running(manager, roles=["champion"])
    found = verdicts(one)
    assert archived.pk not in found, "an archived customer is in no audience"
    assert found == {
        gets.pk: "gets",
        left.pk: "gone",
        out.pk: "opted_out",
        other.pk: "role",
        erased.pk: "gone",
        bounced.pk: "suppressed",
        recent.pk: "held",
    }
    planning.plan(one, at=TUESDAY)
    assert invited(one) == sorted([gets.pk, recent.pk]), (
        "what the budget holds back is planned and goes later"
    )
    assert verdicts(one)[gets.pk] == "invited"


def test_a_share_of_the_base_is_asked_each_day(manager, clock):
    for _ in range(10):
        factories.contact()
    one = running(manager, daily_share=30)
    for day in range(5):
        planning.plan(one, at=TUESDAY + day * DAY)
        planning.plan(one, at=TUESDAY + day * DAY)
        assert len(invited(one)) == min(3 * (day + 1), 10)


def test_nothing_is_sent_before_the_first_day(manager, clock):
    factories.contact()
    one = running(manager, starts_on=dt.date(2026, 3, 11))
    planning.plan(one, at=TUESDAY)
    assert invited(one) == []
    planning.plan(one, at=TUESDAY + DAY)
    assert len(invited(one)) == 1


def test_every_few_months_the_same_people_are_asked_again(manager, clock):
    factories.contact()
    one = running(manager, when="every", every_months=3, starts_on=dt.date(2026, 1, 31))
    planning.plan(one, at=TUESDAY)
    planning.plan(one, at=TUESDAY + 30 * DAY)
    planning.plan(one, at=TUESDAY + 60 * DAY)
    assert sorted(Invitation.objects.values_list("round", flat=True)) == ["2026-01-31", "2026-04-30"]


def test_rounds_begin_every_so_many_months():
    one = Campaign(when="every", every_months=3, starts_on=dt.date(2026, 1, 31))
    expected = {
        dt.date(2026, 1, 31): "2026-01-31",
        dt.date(2026, 4, 29): "2026-01-31",
        dt.date(2026, 4, 30): "2026-04-30",
        dt.date(2026, 7, 30): "2026-04-30",
        dt.date(2027, 1, 31): "2027-01-31",
    }
    assert {day: round_of(one, day) for day in expected} == expected
    assert months_later(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)


def test_a_solved_ticket_asks_its_contact_once(manager, clock):
    person = factories.contact()
    one = running(manager, kind="csat", when="ticket", at=TUESDAY - 2 * DAY)
    factories.ticket(person.customer, contact=person, solved_at=TUESDAY - DAY, subject="Cannot log in")
    factories.ticket(person.customer, contact=person, solved_at=TUESDAY - 5 * DAY)
    factories.ticket(person.customer, solved_at=TUESDAY - DAY)
    for _ in range(2):
        planning.plan(one, at=TUESDAY)
    invitation = Invitation.objects.get()
    assert (invitation.contact, invitation.event_subject) == (person, "Cannot log in")
    assert ContactMail.objects.get().about_at == TUESDAY - DAY


def test_a_finished_onboarding_asks_the_roles(manager, clock):
    champion = factories.contact(role="champion")
    factories.contact(champion.customer, role="billing")
    for stage, day in (("onboarding", dt.date(2026, 1, 5)), ("ongoing", dt.date(2026, 3, 9))):
        CustomerHistory.objects.create(customer=champion.customer, field="stage", value=stage, valid_from=day)
    other = factories.contact(role="champion").customer
    CustomerHistory.objects.create(
        customer=other, field="stage", value="ongoing", valid_from=dt.date(2026, 3, 9)
    )
    one = running(manager, when="onboarded", roles=["champion"], at=TUESDAY - 5 * DAY)
    planning.plan(one, at=TUESDAY)
    assert invited(one) == [champion.pk]


def test_a_renewal_asks_so_many_days_before(manager, clock):
    person = factories.contact()
    factories.contract(person.customer, ends_on=dt.date(2026, 5, 9))  # 60 days ahead
    factories.contract(person.customer, ends_on=dt.date(2026, 5, 10), starts_on=dt.date(2025, 5, 10))
    factories.contract(person.customer, ends_on=dt.date(2026, 5, 9), cancelled_on=dt.date(2026, 2, 1))
    one = running(manager, when="renewal", days_before=60, at=TUESDAY - 5 * DAY)
    planning.plan(one, at=TUESDAY)
    assert len(invited(one)) == 1


def test_a_playbook_step_asks_whom_it_names(manager, clock):
    people = [factories.contact(locale="es-MX"), factories.contact()]
    one = running(manager, when="playbook")
    planning.plan(one, at=TUESDAY)
    for _ in range(2):
        campaigns.campaign_invite(campaign=one, contacts=people, round="run:7", at=TUESDAY)
    assert invited(one) == sorted(person.pk for person in people)
    assert Invitation.objects.get(contact=people[0]).language == "es"
    assert OutgoingMail.objects.count() == 2


def test_the_language_is_the_persons_then_the_customers_then_the_workspaces(manager, clock):
    mexican = factories.contact(locale="es-MX")
    of_english = factories.contact(factories.customer(locale="en-GB"))
    unknown = factories.contact(factories.customer(locale="fr"), locale="")
    planning.plan(running(manager), at=TUESDAY)
    told = dict(Invitation.objects.values_list("contact_id", "language"))
    assert told == {mexican.pk: "es", of_english.pk: "en", unknown.pk: "en"}


def test_pausing_empties_the_outbox_and_going_on_fills_it_again(manager, clock):
    factories.contact()
    one = running(manager)
    planning.plan(one, at=TUESDAY)
    campaigns.campaign_pause(actor=manager, campaign=one)
    assert OutgoingMail.objects.count() == 0
    assert planning.plan_due() == 0
    campaigns.campaign_start(actor=manager, campaign=one, at=TUESDAY)
    planning.plan(one, at=TUESDAY)
    assert OutgoingMail.objects.count() == ContactMail.objects.count() == 1
    told = AuditEntry.objects.filter(action__startswith="campaign.").order_by("pk")
    assert [entry.action for entry in told] == [
        "campaign.created",
        "campaign.started",
        "campaign.paused",
        "campaign.started",
    ]


def test_a_stopped_campaign_sends_nothing_more_for_good(manager, clock):
    factories.contact()
    one = running(manager)
    planning.plan(one, at=TUESDAY)
    campaigns.campaign_stop(actor=manager, campaign=one, at=TUESDAY)
    assert OutgoingMail.objects.count() == 0
    assert list(ContactMail.objects.values_list("state", "dropped_why")) == [("dropped", "stopped")]
    assert Invitation.objects.get().state == "dropped"
    with pytest.raises(ValidationError):
        campaigns.campaign_start(actor=manager, campaign=one, at=TUESDAY)


def test_the_audience_is_a_view_or_filters_of_the_portfolio(manager, clock):
    mid = factories.contact(factories.customer(segment="mid"))
    mine = factories.contact(factories.customer(owner=manager, segment="volume"))
    view = SavedView.objects.create(owner=manager, name="Mid", query={"segment": ["mid"]})
    by_view = running(manager, name="A", audience={"view": [f"v{view.pk}"]})
    assert list(verdicts(by_view)) == [mid.pk]
    assert list(verdicts(running(manager, name="B", audience={"owner": ["me"]}))) == [mine.pk]


def test_a_campaign_whose_view_is_gone_is_paused_with_the_reason(manager, clock):
    factories.contact()
    one = running(manager, audience={"view": ["v999"]})
    Campaign.objects.update(plan_at=TUESDAY)
    assert planning.plan_due() == 1
    one.refresh_from_db()
    assert one.state == "paused"
    assert "gone" in one.halted
    assert invited(one) == []


def test_planning_costs_the_same_for_few_and_for_many(manager, clock):
    def cost(name: str) -> int:
        one = running(manager, name=name)
        with CaptureQueriesContext(connection) as seen:
            planning.plan(one, at=TUESDAY)
        return len(seen)

    for _ in range(3):
        factories.contact()
    cost("the first of all")
    few = cost("few")
    for _ in range(27):
        factories.contact()
    assert cost("many") == few


def test_a_name_is_taken_once(manager):
    running(manager)
    with pytest.raises(ValidationError):
        running(manager)


def test_what_was_started_keeps_its_occasion(manager):
    one = running(manager)
    with pytest.raises(ValidationError):
        campaigns.campaign_update(actor=manager, campaign=one, values={"when": "ticket"})
    campaigns.campaign_update(actor=manager, campaign=one, values={"daily_share": 10, "name": "Autumn"})
    assert AuditEntry.objects.filter(action="campaign.updated").count() == 1
