"""Alerts: what opens them, what closes them, and that there is never a second open one for the same thing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEntry
from core import time
from core.models import Event
from customers.models import Attained, Ticket
from metrics.models import ActivationCriteria, ActivationItem, HealthDay, ScorecardVersion
from metrics.scope import cell, cell_of
from playbooks.alerts import night
from playbooks.alerts.kinds import KINDS, STARTING
from playbooks.alerts.words import alert_sentence, rule_sentence
from playbooks.models import Alert, AlertRule
from playbooks.services.alerts import alert_dismiss, alert_snooze, alert_wake, rule_create, rule_update
from surveys.addresses import address_hash
from surveys.models import Suppression
from tests import factories, nights
from tests.workspace.portfolio_data import figures

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
D = dt.date(2026, 6, 30)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), time.workspace_zone())


def only(kind: str, **values) -> AlertRule:
    """Leave this one rule."""
    AlertRule.objects.all().delete()
    return AlertRule.objects.create(kind=kind, **values)


def look(day: dt.date = D, base: dt.date | None = None, low: int = 1) -> None:
    night.evaluate(day, base or day, cell(low))


@pytest.fixture
def acme():
    made = factories.customer(name="Acme", started_on=D - 100 * DAY, stage="onboarding")
    figures(made, D, mrr=50_000, seats=10, active=4)
    return made


def scores(of, **by_day: int) -> None:
    version = ScorecardVersion.objects.first() or ScorecardVersion.objects.create(definition={})
    for back, score in by_day.items():
        band = 3 if score >= 7000 else 2 if score >= 4000 else 1
        HealthDay.objects.create(
            day=D - int(back[1:]) * DAY, customer=of, version=version, score=score, band=band, coverage=9000
        )


def band(of):
    scores(of, d10=8000, d0=3000)


def score_drop(of):
    scores(of, d14=8000, d0=6500)


def usage_fell(of):
    figures(of, D - 30 * DAY, mrr=50_000, active=10)


def champion_silent(of):
    factories.contact(of, role="champion", active_from=D - 80 * DAY)


def champion_left(of):
    factories.contact(of, role="sponsor", active_until=D - 5 * DAY)


def mail_bounced(of):
    who = factories.contact(of, role="champion", active_from=D)
    Suppression.objects.create(
        address_hash=address_hash(who.email), contact=who, kind="all", why="bounced", made_at=noon(D)
    )


def answered(survey: str, score: int):
    def cause(of):
        factories.response(of, survey=survey, score=score, answered_at=noon(D - 3 * DAY))

    return cause


def ticket_overdue(of):
    factories.ticket(of, opened_at=noon(D - 9 * DAY), due_at=noon(D - 4 * DAY))


def ticket_reopened(of):
    factories.ticket(of, opened_at=noon(D - 9 * DAY), reopens=2)


def renewal(of):
    factories.contract(of, starts_on=D - 300 * DAY, ends_on=D + 20 * DAY)


def payment_late(of):
    factories.payment(of, paid_on=None, due_on=D - 20 * DAY)


def activation_overdue(of):
    asked = ActivationCriteria.objects.create(version=1)
    ActivationItem.objects.create(
        criteria=asked, kind="milestone", name="live", times=1, within_days=30, position=1
    )


def no_touch(of):
    factories.touchpoint(of, happened_at=noon(D - 60 * DAY))


def objective_behind(of):
    factories.objective(of, starts_on=D - 50 * DAY)


def said(of, value, side="customer"):
    goal = of.objectives.first() or factories.objective(of, starts_on=D - 50 * DAY)
    source = "link" if side == "customer" else "assessment"
    Attained.objects.create(objective=goal, side=side, value=value, stated_on=D, source=source)


def value_gap(of):
    said(of, 10)


def perception_gap(of):
    said(of, 7)
    said(of, 4, side="ours")


def plan_unconfirmed(of):
    factories.objective(of, starts_on=D - 150 * DAY, due_on=D + 50 * DAY)


def seats_full(of):
    of.days.update(active_people_30=9)


def promoter(of):
    of.days.update(nps_score=10)
    goal = factories.objective(of, starts_on=D - 50 * DAY)
    Attained.objects.create(objective=goal, side="customer", value=4, stated_on=D, source="link")


CAUSES = {
    "band": band,
    "score_drop": score_drop,
    "usage_fell": usage_fell,
    "champion_silent": champion_silent,
    "champion_left": champion_left,
    "mail_bounced": mail_bounced,
    "detractor": answered("nps", 3),
    "low_csat": answered("csat", 2),
    "low_ces": answered("ces", 2),
    "ticket_overdue": ticket_overdue,
    "ticket_reopened": ticket_reopened,
    "renewal": renewal,
    "payment_late": payment_late,
    "activation_overdue": activation_overdue,
    "no_touch": no_touch,
    "objective_behind": objective_behind,
    "value_gap": value_gap,
    "perception_gap": perception_gap,
    "plan_unconfirmed": plan_unconfirmed,
    "seats_full": seats_full,
    "promoter": promoter,
}
SHIPPED = {kind: (days, amount) for kind, days, amount in STARTING}


def test_every_kind_is_shipped_and_has_a_cause_here():
    assert set(CAUSES) == set(KINDS) == set(SHIPPED)
    assert sorted(AlertRule.objects.values_list("kind", "days", "amount"), key=str) == sorted(
        STARTING, key=str
    )


@pytest.mark.parametrize("kind", CAUSES)
def test_a_cause_opens_one_alert_and_its_absence_ends_it(acme, kind):
    days, amount = SHIPPED[kind]
    rule = only(kind, days=days, amount=amount)
    other = factories.customer()
    figures(other, D, mrr=10_000)
    if kind in ("no_touch", "champion_silent"):
        factories.touchpoint(other, happened_at=noon(D))
    low = cell_of(acme.pk)
    CAUSES[kind](acme)
    look(low=low)
    look(low=low)
    (alert,) = Alert.objects.all()
    assert (alert.customer, alert.rule, alert.mrr_cents, alert.seen_on) == (acme, rule, 50_000, D)
    assert alert.since <= D
    said = alert_sentence(Alert.objects.select_related("rule").get())
    assert said.endswith(".")
    assert "%" not in said.replace(" %", "")
    (event,) = Event.objects.filter(kind="alert.opened")
    assert event.customer_id == acme.pk
    assert event.payload == {"alert": alert.pk, "rule": rule.pk, "kind": kind}

    AlertRule.objects.update(active=False)
    look(low=low)
    alert.refresh_from_db()
    assert (alert.ended_on, alert.ended_at is not None) == (D, True)


def test_a_plan_is_behind_by_its_total_and_only_once_half_of_it_is_confirmed(acme):
    only("value_gap", amount=25)
    value_gap(acme)
    silent = factories.objective(acme, starts_on=D - 50 * DAY, weight=2)
    look(low=cell_of(acme.pk))
    assert not Alert.objects.exists()
    Attained.objects.create(objective=silent, side="customer", value=7, stated_on=D, source="link")
    look(low=cell_of(acme.pk))
    assert not Alert.objects.exists()
    Attained.objects.create(objective=silent, side="customer", value=9, stated_on=D, source="link")
    look(low=cell_of(acme.pk))
    assert [alert.value for alert in Alert.objects.all()] == [39]


def test_the_cause_ends_by_itself_and_may_come_back(acme):
    only("ticket_overdue", days=0)
    ticket_overdue(acme)
    low = cell_of(acme.pk)
    look(low=low)
    Ticket.objects.update(solved_at=noon(D))
    look(low=low)
    assert not Alert.objects.standing().exists()
    Ticket.objects.update(solved_at=None)
    look(low=low)
    assert (Alert.objects.count(), Alert.objects.standing().count()) == (2, 1)


def test_an_older_day_neither_ends_nor_reopens_what_a_later_day_saw(acme):
    only("ticket_overdue", days=0)
    low = cell_of(acme.pk)
    factories.ticket(acme, opened_at=noon(D), due_at=noon(D + DAY))
    look(D + DAY, D, low)
    assert Alert.objects.standing().count() == 1
    look(D, D, low)
    assert Alert.objects.standing().count() == 1
    Ticket.objects.update(due_at=noon(D - DAY), solved_at=noon(D + DAY))
    look(D + DAY, D, low)
    assert not Alert.objects.standing().exists()
    look(D, D, low)
    assert not Alert.objects.standing().exists()


def test_a_second_contract_is_its_own_alert_and_a_signed_next_one_ends_it(acme):
    only("renewal", days=30, amount=0)
    low = cell_of(acme.pk)
    one = factories.contract(acme, starts_on=D - 300 * DAY, ends_on=D + 20 * DAY)
    factories.contract(acme, starts_on=D - 300 * DAY, ends_on=D + 25 * DAY)
    look(low=low)
    assert Alert.objects.standing().count() == 2
    factories.contract(
        acme, starts_on=D + 20 * DAY, ends_on=D + 385 * DAY, signed_on=D, renews_external_id=one.external_id
    )
    look(low=low)
    assert [alert.subject_id for alert in Alert.objects.standing()] != [one.pk]
    assert Alert.objects.standing().count() == 1


def test_a_rule_holds_for_its_segment_and_stage_and_not_for_customers_that_left(acme):
    only("ticket_overdue", days=0, segment="mid")
    low = cell_of(acme.pk)
    ticket_overdue(acme)
    look(low=low)
    assert not Alert.objects.exists()
    AlertRule.objects.update(segment="", stage="onboarding")
    factories.subscription(acme, starts_on=D - 90 * DAY, mrr_cents=100)
    acme.days.update(mrr_cents=0, opening_mrr_cents=0)
    look(low=low)
    assert not Alert.objects.exists()
    acme.days.update(mrr_cents=100, opening_mrr_cents=100)
    look(low=low)
    assert Alert.objects.count() == 1


def test_the_database_refuses_a_second_open_alert_and_half_ended_ones(acme):
    rule = AlertRule.objects.order_by("pk")[0]
    values = {
        "rule": rule,
        "customer": acme,
        "scope": "customer",
        "subject_id": acme.pk,
        "since": D,
        "seen_on": D,
    }
    Alert.objects.create(**values)
    Alert.objects.create(**values, ended_on=D, ended_at=time.now())
    for broken in (
        {},
        {"ended_on": D},
        {"subject_id": 0, "dismissed_why": "no"},
        {"subject_id": 0, "snoozed_until": D, "snoozed_badness": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.create(**{**values, **broken})
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertRule.objects.create(kind=rule.kind, days=rule.days, amount=rule.amount)


def test_a_snooze_ends_on_its_day_or_when_it_gets_worse(acme, analyst):
    only("ticket_overdue", days=0)
    low = cell_of(acme.pk)
    ticket_overdue(acme)
    look(low=low)
    alert = Alert.objects.get()
    today = time.today()
    alert_snooze(actor=analyst, alert=alert, until=today + DAY)
    assert not Alert.objects.awake(today).exists()
    assert Alert.objects.asleep(today).get() == alert
    assert Alert.objects.awake(today + DAY).exists()
    alert_snooze(actor=analyst, alert=alert)
    assert not Alert.objects.awake(today + 9 * DAY).exists()
    look(D + DAY, D, low)  # a day later it is a day more overdue
    assert Alert.objects.awake(today).get() == alert
    alert_wake(actor=analyst, alert=alert)
    alert.refresh_from_db()
    assert (alert.snoozed_until, alert.snoozed_badness) == (None, None)
    with pytest.raises(ValidationError):
        alert_snooze(actor=analyst, alert=alert, until=today)


def test_a_dismissal_asks_why_and_holds_until_the_cause_is_gone(acme, analyst):
    rule = only("ticket_overdue", days=0)
    low = cell_of(acme.pk)
    ticket_overdue(acme)
    look(low=low)
    alert = Alert.objects.get()
    with pytest.raises(ValidationError):
        alert_dismiss(actor=analyst, alert=alert, why=" ")
    alert_dismiss(actor=analyst, alert=alert, why="They asked us to wait")
    look(low=low)
    assert Alert.objects.count() == 1
    assert not Alert.objects.standing().exists()
    assert AuditEntry.objects.filter(action="alert.dismissed", customer_id=acme.pk).exists()
    counted = AlertRule.objects.with_counts().get(pk=rule.pk)
    assert (counted.lately, counted.dismissed, counted.open_alerts) == (1, 1, 0)
    Ticket.objects.update(solved_at=noon(D))
    look(low=low)
    with pytest.raises(ValidationError):
        alert_wake(actor=analyst, alert=alert)


def test_rules_are_checked(admin):
    made = rule_create(actor=admin, kind="no_touch", days=20, segment="mid")
    assert "20" in rule_sentence(made)
    rule_update(actor=admin, rule=made, changes={"days": 21})
    for kind, values in (
        ("nothing", {}),
        ("no_touch", {}),
        ("no_touch", {"days": 5, "amount": 1}),
        ("renewal", {"days": 30, "amount": 30}),
        ("no_touch", {"days": 45}),
        ("no_touch", {"days": 2000}),
    ):
        with pytest.raises(ValidationError):
            rule_create(actor=admin, kind=kind, **values)
    assert AuditEntry.objects.filter(action="alert_rule.updated").exists()


def test_the_night_and_a_fact_open_and_end_alerts(acme):
    yesterday = time.today() - DAY
    only("ticket_overdue", days=0)
    ticket = factories.ticket(acme, opened_at=noon(yesterday - 5 * DAY), due_at=noon(yesterday - 3 * DAY))
    nights.run(yesterday - DAY)
    assert not Alert.objects.exists()
    nights.run(yesterday)
    assert Alert.objects.standing().get().seen_on == yesterday
    Ticket.objects.filter(pk=ticket.pk).update(solved_at=time.now())
    night.hear_facts_changed([Event(kind="fact.changed", customer_id=acme.pk)])
    assert Alert.objects.get().ended_on == time.today()


class Histories(TestCase):
    """Whatever happens, in whatever order days are looked at."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["late", "solved", "again", "look", "fact", "dismiss", "snooze"]),
                st.integers(0, 4),
                st.integers(0, 1),
            ),
            max_size=12,
        )
    )
    def test_never_two_open_alerts_for_one_thing(self, happenings):
        AlertRule.objects.all().delete()
        AlertRule.objects.create(kind="ticket_overdue", days=0)
        AlertRule.objects.create(kind="ticket_reopened", amount=1)
        who = factories.customer()
        figures(who, D, mrr=100)
        low = cell_of(who.pk)
        tickets = [factories.ticket(who, opened_at=noon(D - 9 * DAY)) for _ in range(2)]
        for what, ahead, which in happenings:
            row = Ticket.objects.filter(pk=tickets[which].pk)
            if what == "late":
                row.update(due_at=noon(D - 2 * DAY + ahead * DAY))
            elif what in ("solved", "again"):
                row.update(solved_at=noon(D + ahead * DAY) if what == "solved" else None, reopens=ahead)
            elif what in ("look", "fact"):
                look(D + ahead * DAY, D, low)
            else:
                for alert in Alert.objects.standing().order_by("pk")[:1]:
                    if what == "dismiss":
                        alert_dismiss(actor=None, alert=alert, why="no")
                    else:
                        alert_snooze(actor=None, alert=alert)
            open_ones = list(Alert.objects.filter(ended_at=None).values_list("rule", "scope", "subject_id"))
            assert len(open_ones) == len(set(open_ones))
        look(D + 9 * DAY, D, low)
        overdue = {t.pk for t in Ticket.objects.all() if t.due_at is not None and t.solved_at is None}
        found = set(
            Alert.objects.filter(ended_at=None, rule__kind="ticket_overdue").values_list(
                "subject_id", flat=True
            )
        )
        assert found == overdue
