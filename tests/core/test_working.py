"""Opening hours: by example, and laws that hold for every calendar, moment and change of clocks."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.days_off import countries, days_off, holidays_between, optional_holidays, subdivisions
from core.working import NeverOpenError, WorkingCalendar, office_week

SAO_PAULO, BERLIN = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Europe/Berlin")
NINE, SIX, NOON, ONE = dt.time(9), dt.time(18), dt.time(12), dt.time(13)
OFFICE = WorkingCalendar(SAO_PAULO, office_week(NINE, SIX))
ZONES = [
    "America/Sao_Paulo",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
]


def at(text: str, zone: ZoneInfo = SAO_PAULO) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def later(moment: dt.datetime, length: dt.timedelta) -> dt.datetime:
    return (moment.astimezone(dt.UTC) + length).astimezone(moment.tzinfo)


@st.composite
def calendars(draw):
    def day():
        marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
        marks = marks[: len(marks) // 2 * 2]
        return tuple(
            (dt.time(a // 4, a % 4 * 15), dt.time(b // 4 % 24, b % 4 * 15))
            for a, b in zip(marks[::2], marks[1::2], strict=True)
        )

    worked = draw(st.sets(st.integers(0, 6), min_size=1))
    first = dt.date(2016, 1, 1)
    off = draw(st.sets(st.integers(0, 5000).map(lambda n: first + dt.timedelta(n)), max_size=20))
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return WorkingCalendar(zone, tuple(day() if n in worked else () for n in range(7)), off)


moments = st.builds(
    dt.datetime.fromtimestamp, st.integers(1_460_000_000, 1_880_000_000), st.sampled_from(ZONES).map(ZoneInfo)
)
lengths = st.integers(0, 200 * 3600).map(lambda s: dt.timedelta(seconds=s))


def test_hours_of_a_working_day_and_over_a_weekend():
    assert OFFICE.business_hours(at("2026-11-20T17:00"), at("2026-11-23T10:30")) == Decimal("2.5")
    assert OFFICE.business_hours(at("2026-11-21T10:00"), at("2026-11-22T10:00")) == 0
    assert OFFICE.add_business_hours(at("2026-11-20T17:00"), Decimal("1.5")) == at("2026-11-23T09:30")
    assert OFFICE.next_open(at("2026-11-21T10:00")) == at("2026-11-23T09:00")
    assert OFFICE.is_open(at("2026-11-20T09:00")) and not OFFICE.is_open(at("2026-11-20T18:00"))


def test_a_lunch_break_and_a_day_off_are_closed():
    calendar = WorkingCalendar(
        SAO_PAULO, [[(ONE, SIX), (NINE, NOON)]] * 5 + [[], []], {dt.date(2026, 11, 20)}
    )
    assert calendar.business_hours(at("2026-11-19T11:00"), at("2026-11-23T09:30")) == Decimal("6.5")
    assert not calendar.is_working_day(dt.date(2026, 11, 20))
    assert calendar.add_working_days(dt.date(2026, 11, 19), 1) == dt.date(2026, 11, 23)


def test_working_days_forward_backward_and_none():
    friday, saturday = dt.date(2026, 11, 20), dt.date(2026, 11, 21)
    assert OFFICE.add_working_days(friday, 1) == dt.date(2026, 11, 23)
    assert OFFICE.add_working_days(saturday, 1) == dt.date(2026, 11, 23)
    assert OFFICE.add_working_days(saturday, 0) == dt.date(2026, 11, 23)
    assert OFFICE.add_working_days(friday, 0) == friday
    assert OFFICE.add_working_days(dt.date(2026, 11, 23), -2) == dt.date(2026, 11, 19)


def test_a_night_shift_is_an_hour_shorter_when_clocks_go_forward_and_longer_when_they_go_back():
    always = WorkingCalendar(BERLIN, [[(dt.time(0), dt.time(0))]] * 7)
    assert always.business_hours(at("2026-03-29T00:00", BERLIN), at("2026-03-30T00:00", BERLIN)) == 23
    assert always.business_hours(at("2026-10-25T00:00", BERLIN), at("2026-10-26T00:00", BERLIN)) == 25


def test_an_hour_that_comes_twice_is_counted_twice_in_local_time_too():
    always = WorkingCalendar(BERLIN, [[(dt.time(0), dt.time(0))]] * 7)
    first = at("2026-10-25T02:30", BERLIN)
    assert always.business_hours(first, first.replace(fold=1)) == 1
    assert always.is_open(first) and always.is_open(first.replace(fold=1))
    assert always.add_business_hours(first, 1).fold == 1


def test_hours_that_clocks_jump_over_begin_when_they_have_jumped():
    early = WorkingCalendar(BERLIN, [[(dt.time(2, 15), dt.time(4))]] * 7)
    opens, closes = early.spans_of(dt.date(2026, 3, 29))[0]
    assert opens.astimezone(BERLIN).time() == dt.time(3) and closes - opens == dt.timedelta(hours=1)
    inside = WorkingCalendar(BERLIN, [[(dt.time(2, 15), dt.time(2, 45))]] * 7)
    assert inside.spans_of(dt.date(2026, 3, 29)) == ()


def test_the_same_hours_hold_in_a_contacts_own_zone():
    there = OFFICE.in_zone(BERLIN)
    assert there.is_open(at("2026-11-20T09:00", BERLIN))
    assert not there.is_open(at("2026-11-20T17:00"))  # 21:00 in Berlin


@pytest.mark.parametrize(
    "hours",
    [[(NINE, NINE)], [(SIX, NINE)], [(NINE, ONE), (NOON, SIX)], [(NINE, dt.time(0)), (SIX, dt.time(19))]],
)
def test_hours_that_make_no_sense_are_refused_in_words(hours):
    with pytest.raises(ValueError, match=r"\d\d:\d\d"):
        WorkingCalendar(SAO_PAULO, [hours] * 7)


def test_a_calendar_that_never_opens_says_so():
    never = WorkingCalendar(SAO_PAULO, [()] * 7)
    assert not never.is_open(at("2026-11-20T09:00"))
    assert never.business_hours(at("2026-11-20T09:00"), at("2027-11-20T09:00")) == 0
    for count in (
        lambda: never.next_open(at("2026-11-20T09:00")),
        lambda: never.add_business_hours(at("2026-11-20T09:00"), 1),
        lambda: never.add_working_days(dt.date(2026, 11, 20), 1),
    ):
        with pytest.raises(NeverOpenError):
            count()


def test_naive_moments_and_negative_lengths_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.is_open(dt.datetime(2026, 11, 20, 9))  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="forward"):
        OFFICE.add_business_hours(at("2026-11-20T09:00"), -1)


@settings(max_examples=150, deadline=None)
@given(calendars(), moments, lengths, lengths)
def test_open_time_adds_up_and_grows(calendar, moment, first, second):
    a, b, c = moment, later(moment, first), later(moment, first + second)
    assert calendar.open_time(a, b) + calendar.open_time(b, c) == calendar.open_time(a, c)
    assert dt.timedelta() <= calendar.open_time(a, b) <= calendar.open_time(a, c) <= first + second
    assert calendar.open_time(b, a) == -calendar.open_time(a, b)


@settings(max_examples=150, deadline=None)
@given(calendars(), moments, lengths)
def test_adding_open_time_is_the_inverse_of_measuring_it(calendar, moment, length):
    assume(length)
    end = calendar.add_open_time(moment, length)
    assert calendar.open_time(moment, end) == length
    assert calendar.open_time(moment, later(end, -dt.timedelta(microseconds=1))) < length


@settings(max_examples=150, deadline=None)
@given(calendars(), moments, lengths, lengths)
def test_open_time_can_be_added_in_parts(calendar, moment, first, second):
    in_parts = calendar.add_open_time(calendar.add_open_time(moment, first), second)
    assert in_parts == calendar.add_open_time(moment, first + second)


@settings(max_examples=150, deadline=None)
@given(calendars(), moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar, moment):
    opens = calendar.next_open(moment)
    assert opens >= moment and calendar.is_open(opens)
    assert calendar.open_time(moment, opens) == dt.timedelta()
    assert calendar.is_open(moment) == (opens.astimezone(dt.UTC) == moment.astimezone(dt.UTC))


@settings(max_examples=100, deadline=None)
@given(calendars(), moments.map(dt.datetime.date), st.integers(1, 30), st.integers(1, 30))
def test_working_days_add_up_and_there_and_back_is_a_round_trip(calendar, day, n, m):
    there = calendar.add_working_days(day, n)
    assert calendar.is_working_day(there) and there > day
    assert calendar.add_working_days(there, m) == calendar.add_working_days(day, n + m)
    assert calendar.add_working_days(calendar.add_working_days(there, m), -m) == there


@settings(max_examples=40, deadline=None)
@given(calendars(), moments.map(dt.datetime.date))
def test_spans_follow_each_other(calendar, day):
    start = dt.datetime.combine(day, dt.time(), tzinfo=calendar.zone)
    spans = list(calendar.spans(start, start + dt.timedelta(days=40)))
    assert all(opens < closes for opens, closes in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_brazil_knows_its_states_and_its_optional_holidays():
    assert ("SP", "São Paulo") in subdivisions("BR")
    assert ("Carnival", "Carnaval") in optional_holidays_in("pt-br")
    assert "BR" in dict(countries()) and len(countries()) > 100
    chosen = days_off("BR", "SP", ["Carnival", "Corpus Christi"], [dt.date(2026, 1, 2)], 2025, 2027)
    assert {dt.date(2026, 2, 17), dt.date(2026, 6, 4), dt.date(2026, 7, 9), dt.date(2026, 1, 2)} <= chosen
    assert dt.date(2026, 12, 24) not in chosen
    assert dt.date(2026, 7, 9) not in days_off("BR", "RJ", [], [], 2026, 2026)
    assert holidays_between("BR", "", ("Carnival",), 2026, 2026, "pt_BR")[dt.date(2026, 2, 17)] == "Carnaval"


def optional_holidays_in(language: str) -> list[tuple[str, str]]:
    from django.utils import translation

    with translation.override(language):
        return optional_holidays("BR", "", 2026)


def test_a_country_or_state_that_is_not_known_is_an_error_and_none_means_own_days_only():
    own = [dt.date(2026, 1, 2)]
    assert days_off("", "", [], own, 2026, 2026) == frozenset(own)
    for country, state in (("QQ", ""), ("BR", "XX")):
        with pytest.raises(LookupError):
            days_off(country, state, [], [], 2026, 2026)


def test_every_country_on_the_list_can_be_used():
    for country, _name in countries():
        assert isinstance(days_off(country, "", [], [], 2026, 2026), frozenset)
        optional_holidays(country, "", 2026)
        subdivisions(country)
