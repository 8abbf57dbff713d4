"""The contact budget as a calculation: what is held back until when, and the law that nothing breaks it."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.working import WorkingCalendar, office_week
from surveys.budget import KINDS, Sent, first_moment, quiet_time_broken
from surveys.limits import limits_of

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY = dt.datetime(2026, 3, 2, 10, tzinfo=SAO_PAULO)
OFFICE = WorkingCalendar(SAO_PAULO, office_week(dt.time(9), dt.time(18)), {dt.date(2026, 3, 4)})
ALWAYS = WorkingCalendar(ZoneInfo("UTC"), (((dt.time.min, dt.time.min),),) * 7)
DEFAULTS = SimpleNamespace(
    nps_days=90,
    csat_days=14,
    ces_days=14,
    success_days=30,
    playbook_a_day=1,
    playbook_in_14=5,
    person_in_14=8,
    customer_a_day=50,
    reminder_days=2,
)
LIMITS = limits_of(DEFAULTS)


def ago(**span: int) -> dt.datetime:
    return MONDAY - dt.timedelta(**span)


def first(kind: str, *sent: Sent, reminder: bool = False, calendar: WorkingCalendar = ALWAYS, at=MONDAY):
    return first_moment(kind=kind, reminder=reminder, at=at, sent=sent, limits=LIMITS, calendar=calendar)


def test_nobody_is_asked_nps_twice_in_90_days():
    moment = first("nps", Sent(ago(days=89), "nps"))
    assert (moment.at, moment.held_by) == (MONDAY + dt.timedelta(days=1), "nps")
    assert first("nps", Sent(ago(days=90), "nps")).at == MONDAY


@pytest.mark.parametrize("kind", ["csat", "ces"])
def test_csat_and_ces_have_14_days_of_their_own_and_are_not_blocked_by_nps(kind):
    assert first(kind, Sent(ago(hours=1), "nps")).at == MONDAY
    assert first(kind, Sent(ago(days=13), kind)).at == MONDAY + dt.timedelta(days=1)


def test_playbook_mail_goes_once_a_day_and_five_times_in_14():
    assert first("playbook", Sent(ago(hours=23), "playbook")).at == MONDAY + dt.timedelta(hours=1)
    five = [Sent(ago(days=n), "playbook") for n in (2, 4, 6, 8, 13)]
    moment = first("playbook", *five)
    assert (moment.at, moment.held_by) == (MONDAY + dt.timedelta(days=1), "playbook_14")


def test_surveys_and_playbook_mail_share_one_budget_per_person():
    eight = [Sent(ago(days=n), "playbook" if n % 2 else "csat") for n in range(2, 10)]
    assert first("nps", *eight).held_by == "person"


def test_what_others_at_the_customer_got_counts_for_the_customer_only():
    others = [Sent(ago(minutes=n), "nps", to_person=False) for n in range(50)]
    assert first("nps", *others).held_by == "customer"
    assert first("nps", *others[1:]).at == MONDAY


def test_reminders_are_counted_apart():
    assert first("nps", Sent(ago(days=4), "nps"), reminder=True).at == MONDAY
    assert first("nps", Sent(ago(days=1), "nps", reminder=True)).at == MONDAY
    again = first("csat", Sent(ago(days=1), "nps", reminder=True), reminder=True)
    assert (again.at, again.held_by) == (MONDAY + dt.timedelta(days=1), "reminder")


def test_what_is_free_waits_for_the_working_hours_where_the_contact_is():
    evening = MONDAY.replace(hour=19)
    moment = first("nps", calendar=OFFICE, at=evening)
    assert (moment.at, moment.held_by) == (evening.replace(day=3, hour=9), "hours")
    holiday = first("nps", calendar=OFFICE, at=evening.replace(day=3))
    assert holiday.at == evening.replace(day=5, hour=9)
    lisbon = OFFICE.in_zone(ZoneInfo("Europe/Lisbon"))
    late_there = MONDAY.replace(hour=16)  # 19:00 in Lisbon
    assert first("nps", calendar=lisbon, at=late_there).at.astimezone(lisbon.zone).hour == 9


def test_no_limit_set_holds_nothing_back():
    none = SimpleNamespace(**dict.fromkeys(vars(DEFAULTS)))
    assert limits_of(none) == ()


ASKED = st.tuples(st.sampled_from(KINDS), st.booleans(), st.integers(0, 60 * 24 * 40), st.integers(0, 2))


@given(st.lists(ASKED, max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_for_the_quiet_time_holds(asked):
    """Mails wanted at random moments to three people of one customer, each sent when the budget says."""
    people: dict[int, list[Sent]] = {0: [], 1: [], 2: []}
    waiting = sorted((ago(days=0) + dt.timedelta(minutes=after), n) for n, (*_, after, _) in enumerate(asked))
    while waiting:
        at, n = waiting.pop(0)
        kind, reminder, _, person = asked[n]
        sent = [
            Sent(mail.at, mail.kind, mail.reminder, owner == person)
            for owner, mails in people.items()
            for mail in mails
        ]
        moment = first(kind, *sent, reminder=reminder, calendar=OFFICE, at=at)
        if moment.at > at:
            waiting = sorted([*waiting, (moment.at, n)])
            continue
        assert OFFICE.is_open(at)
        people[person].append(Sent(at, kind, reminder))
    for mails in people.values():
        assert quiet_time_broken(mails, [limit for limit in LIMITS if limit.per == "person"]) == []
    everything = [mail for mails in people.values() for mail in mails]
    assert quiet_time_broken(everything, [limit for limit in LIMITS if limit.per == "customer"]) == []
    assert len(everything) == len(asked)
