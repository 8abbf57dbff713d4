"""Spending the contact budget: what holds a mail back, what drops it, and that senders at once do not overtake."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.letters import Later, Never
from surveys.addresses import address_hash
from surveys.budget import Sent, quiet_time_broken
from surveys.hours import contact_calendar
from surveys.limits import limits_of
from surveys.models import ContactBudget, ContactMail, Suppression
from surveys.services.budget import budget_update, mail_spend
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 16, 14, tzinfo=dt.UTC)  # 11:00 in São Paulo
DAY = dt.timedelta(days=1)


def spend(mail: ContactMail, at: dt.datetime = MONDAY) -> ContactMail | Later | Never:
    return mail_spend(key=mail.key, at=at)


def test_a_mail_within_the_budget_is_counted():
    mail = factories.contact_mail()
    assert spend(mail) == mail
    mail.refresh_from_db()
    assert (mail.state, mail.counted_at) == ("counted", MONDAY)


def test_one_too_early_is_put_off_to_the_first_allowed_moment():
    person = factories.contact()
    factories.contact_mail(person, counted_at=MONDAY - 88 * DAY)
    late = spend(factories.contact_mail(person))
    assert late == Later(MONDAY + 2 * DAY, "nps")
    assert ContactMail.objects.get(state="planned").held_by == "nps"


def test_a_person_is_one_person_at_two_customers():
    factories.contact_mail(factories.contact(email="ana@office.test"), counted_at=MONDAY - DAY)
    elsewhere = factories.contact_mail(factories.contact(email="Ana@Office.test"))
    assert isinstance(spend(elsewhere), Later)


def test_a_mail_is_not_held_back_by_itself_when_its_server_was_not_reached():
    mail = factories.contact_mail()
    spend(mail)
    assert spend(mail, MONDAY + dt.timedelta(minutes=4)) == mail


def test_working_hours_are_those_where_the_contact_is():
    person = factories.contact(time_zone="Asia/Tokyo")
    assert spend(factories.contact_mail(person)) == Later(
        dt.datetime(2026, 11, 17, 0, tzinfo=dt.UTC), "hours"
    )


def test_a_survey_about_an_event_is_dropped_rather_than_sent_after_three_days():
    person = factories.contact()
    factories.contact_mail(person, kind="csat", counted_at=MONDAY - DAY)
    mail = factories.contact_mail(person, kind="csat", about_at=MONDAY)
    assert spend(mail) == Never("late")
    assert ContactMail.objects.filter(state="dropped", dropped_why="late").count() == 1
    assert spend(mail, MONDAY + 90 * DAY) == Never("late"), "and it stays dropped"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"opted_out": True}, "opted_out"),
        ({"active_until": dt.date(2026, 11, 16)}, "gone"),
        ({"archived_at": MONDAY}, "gone"),
        ({"erased_at": MONDAY}, "erased"),
    ],
)
def test_people_who_must_not_be_written_to_are_not(fields, why):
    assert spend(factories.contact_mail(factories.contact(**fields))) == Never(why)


@pytest.mark.parametrize(
    ("suppressed", "kind", "stopped"),
    [
        ("all", "nps", True),
        ("all", "playbook", True),
        ("surveys", "ces", True),
        ("surveys", "playbook", False),
        ("playbooks", "nps", False),
        ("playbooks", "playbook", True),
    ],
)
def test_each_kind_of_mail_can_be_stopped(suppressed, kind, stopped):
    mail = factories.contact_mail(kind=kind)
    Suppression.objects.create(address_hash=mail.address_hash, kind=suppressed, why="asked")
    assert (spend(mail) == Never("suppressed")) is stopped


def test_a_lifted_suppression_holds_nobody_back():
    mail = factories.contact_mail()
    Suppression.objects.create(address_hash=mail.address_hash, kind="all", why="asked", lifted_at=MONDAY)
    assert spend(mail) == mail


def test_the_budget_is_set_with_an_audit_row(admin):
    values = {name: getattr(ContactBudget.get(), name) for name in vars(ContactBudget()) if name in NUMBERS}
    budget_update(actor=admin, values={**values, "nps_days": 30, "customer_a_day": None})
    mail = factories.contact_mail()
    factories.contact_mail(mail.contact, counted_at=MONDAY - 31 * DAY)
    assert spend(mail) == mail
    from accounts.models import AuditEntry

    assert AuditEntry.objects.get(action="budget.updated").changed_fields == ["nps_days", "customer_a_day"]


NUMBERS = {field.name for field in ContactBudget._meta.fields}


def test_spending_costs_the_same_however_long_the_history():
    mail, other = factories.contact_mail(), factories.contact_mail()
    spend(mail)
    with CaptureQueriesContext(connection) as few:
        spend(other)
    crowded = factories.contact_mail()
    for n in range(30):
        factories.contact_mail(crowded.contact, kind="ces", counted_at=MONDAY - (n + 20) * DAY)
    with CaptureQueriesContext(connection) as many:
        spend(crowded)
    assert len(few) == len(many)


WANTED = st.lists(
    st.tuples(
        st.sampled_from(["nps", "csat", "ces", "success", "playbook"]),
        st.booleans(),
        st.integers(0, 60 * 24 * 20),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=12,
)


def _histories(wanted: list, senders: int = 4) -> None:
    """Plan mails at random moments and let four senders race for each moment's due ones."""
    ContactMail.objects.all().delete()
    people = [factories.contact(email=f"p{n}@law.test") for n in range(2)]
    waiting = {
        factories.contact_mail(people[who], kind=kind, reminder=reminder).key: MONDAY
        + dt.timedelta(minutes=after)
        for kind, reminder, after, who in wanted
    }
    while waiting:
        at = min(waiting.values())
        due = sorted(key for key, moment in waiting.items() if moment == at)
        results = _race(due, at, senders)
        for key, result in results:
            if isinstance(result, Later):
                assert result.at > at
                waiting[key] = result.at
            else:
                waiting.pop(key, None)
    limits = limits_of(ContactBudget.get())
    for person in people:
        rows = ContactMail.objects.filter(address_hash=address_hash(person.email), state="counted")
        sent = []
        for row in rows:
            assert row.counted_at is not None
            sent.append(Sent(row.counted_at, row.kind, row.reminder))
        assert quiet_time_broken(sent, [limit for limit in limits if limit.per == "person"]) == []
        calendar = contact_calendar(person.time_zone)
        assert all(calendar.is_open(mail.at) for mail in sent)


def _race(keys: list[str], at: dt.datetime, senders: int) -> list[tuple[str, object]]:
    """Let each sender try for its share of the keys at the same moment; alone where the database is in memory."""
    results: list[tuple[str, object]] = []
    if connection.vendor == "sqlite" or len(keys) == 1:
        return [(key, mail_spend(key=key, at=at)) for key in keys]

    def send(share: list[str]) -> None:
        try:
            results.extend((key, mail_spend(key=key, at=at)) for key in share)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(keys[n::senders],)) for n in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(keys)
    return results


BURST = st.lists(
    st.tuples(
        st.sampled_from(["nps", "csat", "playbook"]),
        st.booleans(),
        st.sampled_from([0, 1, 60 * 24, 60 * 24 * 14]),
        st.integers(0, 1),
    ),
    min_size=4,
    max_size=12,
)


@pytest.mark.django_db(transaction=True)
@given(st.one_of(WANTED, BURST))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_mail_leaves_inside_the_quiet_time(wanted):
    _histories(wanted)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@given(st.one_of(WANTED, BURST))
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_mail_leaves_inside_the_quiet_time_in_ten_thousand_histories(wanted):
    _histories(wanted)
